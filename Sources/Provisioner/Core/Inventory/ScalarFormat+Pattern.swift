extension ScalarFormat {
    /// The same form as a regular expression for editors, `nil` where the rule is not one.
    ///
    /// `${NAME}` always passes in an editor, because only a run knows its value.
    package var pattern: String? {
        guard let body else { return nil }
        return "\\$\\{|^(?:\(body))$"
    }

    private static let label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    private static let octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
    private static let dns = "\(label)(?:\\.\(label))*"
    private static let ip = "(?:\(octet)\\.){3}\(octet)"
    private static let qualified = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"

    private var body: String? {
        switch self {
        case .apiVersion: "provision/v1"
        case .name: Self.label
        case .nodeName, .dnsName: Self.dns
        case .addressOrName: "\(Self.ip)|\(Self.dns)"
        case .address: Self.ip
        case .cidr: "\(Self.ip)/(?:3[0-2]|[12]?[0-9])"
        case .kubernetesVersion: "v?[0-9]+\\.[0-9]+\\.[0-9]+(?:-[0-9A-Za-z.-]+)?"
        case .groupVersionResource: "[^/]+/[^/]+/[^/]+"
        case .componentVersion: "[0-9]+\\.[0-9]+[0-9A-Za-z.+~-]*"
        case .duration: "[0-9]+[smhdy]"
        case .portRange: "[0-9]+-[0-9]+"
        case .remotePath: "/[A-Za-z0-9/_.+@-]*"
        case .url: "https?://.+"
        case .imageReference: "[A-Za-z0-9_./:@-]+"
        case .userName: "[A-Za-z0-9_.][A-Za-z0-9_.-]{0,31}"
        case .jumpHost: "(?:[A-Za-z0-9_.-]+@)?[A-Za-z0-9_.-]+(?::[0-9]+)?"
        case .interfaceName: "[A-Za-z0-9._-]{1,15}"
        case .labelValue: "(?:\(Self.qualified))?"
        case .taint: "[^:]+:(?:NoSchedule|PreferNoSchedule|NoExecute)"
        case .fingerprint: "SHA256:[A-Za-z0-9+/=]+"
        case .keyAlgorithm: "ecdsa-p256|rsa-2048|rsa-3072|rsa-4096"
        case .maxUnavailable: "[1-9][0-9]*%?"
        case .fileMode: "0?[0-7]{3}|[0-7]{4}"
        case .fileOwner: "[A-Za-z0-9_.-]{1,32}:[A-Za-z0-9_.-]{1,32}"
        case .unitName: "[A-Za-z0-9_.@:-]+\\.(?:service|socket|timer|target|path|mount)"
        case .packageName: "[A-Za-z0-9+.:-]+"
        case .localPath, .labelKey, .flagName, .flagValue, .fieldPath, .fieldValue: nil
        }
    }
}
