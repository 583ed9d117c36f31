import ProvisionArtifacts
import ProvisionCore
import SystemPackage
import Templates

/// Where etcd's state comes from.
enum RestoreSource: Sendable {
    /// A snapshot on this machine.
    case file(path: String, content: EtcdSnapshot, taken: String?)
    /// What a member's database file holds, whether the member runs or not.
    case member(HostSpec)

    var words: String {
        switch self {
        case .file(let path, let content, let taken):
            let time = taken.map { ", taken \($0)" } ?? ""
            let name = taken == nil ? path : "the back-up"
            return "\(name): revision \(content.revision)\(time), hash \(String(content.hash, radix: 16))"
        case .member(let host): return "the database file of \(host.name), as it lies there when its etcd has stopped"
        }
    }

    var isMember: Bool {
        if case .member = self { true } else { false }
    }

    /// What will be lost.
    func loss(_ overview: EtcdOverview) -> RestoreLoss? {
        switch self {
        case .file(_, let content, let taken):
            RestoreLoss(revision: content.revision, taken: taken, overview: overview)
        case .member(let host):
            overview.members.first { $0.host == host.name }?.revision.map {
                RestoreLoss(revision: $0, taken: nil, overview: overview, isFromMember: true)
            }
        }
    }
}
