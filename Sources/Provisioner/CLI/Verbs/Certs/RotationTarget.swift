import PKI
import ProvisionCore

/// What can be rotated, by the names of the command line.
enum RotationTarget: String, CaseIterable {
    case serviceAccount = "service-account"
    case encryptionKey = "encryption-key"
    case frontProxyCA = "front-proxy-ca"
    case ca
    case etcdCA = "etcd-ca"
    case all

    func roots(_ spec: ClusterSpec) -> [TrustRoot] {
        switch self {
        case .serviceAccount: [.serviceAccount]
        case .encryptionKey: [.encryption]
        case .frontProxyCA: [.frontProxy]
        case .ca: [.kubernetes]
        case .etcdCA: [.etcd]
        case .all: TrustRoot.allCases.filter { $0 != .encryption || spec.features.encryption != .none }
        }
    }
}
