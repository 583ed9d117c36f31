import Templates

/// Whether an etcd cluster is there, and who of the inventory's members still has to join it.
///
/// A member without data may found a cluster only where nobody has any: a second cluster beside the first one is how
/// everything is lost.
package struct EtcdSituation: Sendable, Equatable {
    /// What one host says of its member.
    package enum Holding: Sendable, Hashable {
        case data
        /// The same, and etcd does not run.
        case stopped
        /// Data of a founder that was never seen standing, whether it runs or not: the first apply was cut off.
        case founding
        /// No data; whether its files say that it had some, or was to join.
        case none(hadSome: Bool)
        /// etcd runs there, but not on the data directory of the inventory.
        case elsewhere
        /// It was not asked or did not answer.
        case unknown

        /// Reads the answer of `EtcdBootstrapResource`'s probe.
        package init(answer: ProbeAnswer) {
            let isFounder = answer.words.last == EtcdBootstrap.ClusterState.new.rawValue
            switch answer.words.first {
            case "data" where isFounder, "stopped" where isFounder: self = .founding
            case "data": self = .data
            case "stopped": self = .stopped
            case "elsewhere": self = .elsewhere
            case "none": self = .none(hadSome: answer.words.last == EtcdBootstrapResource.existing)
            default: self = .unknown
            }
        }
    }

    /// Hosts that join what the others are.
    package private(set) var joining: Set<String> = []
    /// Why nobody may begin, and what to do.
    package private(set) var refusal: Refusal?
    /// Addresses of members that are no longer in the inventory and may be the only ones with data.
    package var formerAddresses: [String] = []

    package struct Refusal: Sendable, Equatable {
        package var why: String
        package var remedy: String
    }

    /// Everybody founds: what a plan assumes that knows no host.
    package static let founding = EtcdSituation()

    private init() {}

    /// Judges what the inventory's members say.
    ///
    /// - Parameters:
    ///   - holdings: By host, for every host with the etcd role.
    ///   - wasApplied: Whether this machine remembers a cluster with members of etcd.
    ///   - former: Addresses of members that left the inventory.
    package init(_ holdings: [String: Holding], wasApplied: Bool, former: [String] = []) {
        formerAddresses = former
        let empty = holdings.filter { if case .none = $0.value { true } else { false } }
        guard !empty.isEmpty else { return }
        let all = holdings.values
        if all.contains(where: { [.data, .stopped, .elsewhere].contains($0) }) || !former.isEmpty {
            joining = Set(empty.keys)
        } else if all.contains(.founding) {
            // Founders wait for each other, and no API server has written anything yet: the founding goes on.
            if all.contains(.unknown) || all.contains(.none(hadSome: true)) { joining = Set(empty.keys) }
        } else if holdings.values.contains(.unknown) {
            // Who does not answer may hold the data: the others join it or do nothing.
            if wasApplied { joining = Set(empty.keys) }
        } else if empty.values.contains(.none(hadSome: true)) {
            let names = empty.keys.sorted().joined(separator: ", ")
            refusal = Refusal(
                why: "no member of etcd has its data any more (\(names)), and the cluster existed",
                remedy: "restore it from a back-up; where nothing of it is wanted: provision teardown, then apply"
            )
        }
    }
}
