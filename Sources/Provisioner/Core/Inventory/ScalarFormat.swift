import Templates

/// The forms of text in an inventory; each says what is wrong with a text that does not fit.
package enum ScalarFormat: String, Sendable, CaseIterable {
    case apiVersion, name, nodeName, dnsName, addressOrName, address, cidr
    case kubernetesVersion, componentVersion, duration, portRange
    case localPath, remotePath, url, imageReference, userName, jumpHost, interfaceName
    case groupVersionResource
    case labelKey, labelValue, taint, flagName, flagValue, fieldPath, fieldValue, fingerprint, keyAlgorithm
    case maxUnavailable, fileMode, fileOwner, unitName, packageName

    /// A refusal in words.
    struct Complaint: Equatable {
        var code: String
        var message: String
        var remedy: String
    }

    /// The form in words, with an example.
    package var summary: String {
        switch self {
        case .apiVersion: "`provision/v1`"
        case .name: "a lower-case name such as `worker-0` (RFC 1123 label)"
        case .nodeName: "a lower-case host name such as `worker-0.example.org` (RFC 1123)"
        case .dnsName: "a DNS name such as `cluster.local`"
        case .addressOrName: "an IPv4 address or a DNS name"
        case .address: "an IPv4 address such as `192.168.2.2`"
        case .cidr: "an IPv4 network such as `10.200.0.0/16`"
        case .kubernetesVersion: "a version such as `1.36.2`"
        case .componentVersion: "a version such as `3.6.14`"
        case .groupVersionResource: "a group, version and resource such as `policy/v1beta1/podsecuritypolicies`"
        case .duration: "a duration such as `180d`, `10y` or `12h`"
        case .portRange: "a range of ports such as `30000-32767`"
        case .localPath: "a path on this machine; a relative one starts at the inventory's folder"
        case .remotePath: "an absolute path on the host"
        case .url: "an http or https address"
        case .imageReference: "an image reference such as `registry.k8s.io/pause:3.10`"
        case .userName: "a Unix user name"
        case .jumpHost: "`user@host:port`, user and port optional"
        case .interfaceName: "a network interface such as `eth0`"
        case .labelKey: "a label key such as `example.org/disk`"
        case .labelValue: "a label value of up to 63 letters, digits, `-`, `_`, `.`"
        case .taint: "a taint such as `dedicated=gpu:NoSchedule`"
        case .flagName: "a flag without its dashes, such as `v`"
        case .flagValue: "one line of text without quotes, backslashes and shell characters"
        case .fieldPath: "a path of configuration fields such as `authentication.webhook.cacheTTL`"
        case .fieldValue: "one line of text, which may be empty, without quotes, backslashes and shell characters"
        case .fingerprint: "a host key fingerprint `SHA256:...` as `ssh-keygen -lf` prints it"
        case .keyAlgorithm: "`ecdsa-p256`, `rsa-2048`, `rsa-3072` or `rsa-4096`"
        case .maxUnavailable: "a number of hosts such as `1`, or a share such as `25%`"
        case .fileMode: "an octal mode in quotes such as `\"0644\"`"
        case .fileOwner: "a user and a group such as `root:root`"
        case .unitName: "a systemd unit such as `chrony.service`"
        case .packageName: "a package's name such as `chrony`"
        }
    }

    /// What is wrong with a text, `nil` when nothing is.
    func complaint(about text: String) -> Complaint? {
        if let unsafe = TextRules.unsafeCharacter(in: text, self) { return unsafe }
        if self == .cidr { return TextRules.cidrComplaint(text) }
        guard !isValid(text) else { return nil }
        return Complaint(
            code: code,
            message: "`\(text.prefix(80))` is not \(article)",
            remedy: patched(text).map { "a patch is needed, such as `\($0)`" } ?? "write \(summary)"
        )
    }

    /// A Kubernetes version of which only the minor release is given, with a patch of it.
    private func patched(_ text: String) -> String? {
        guard self == .kubernetesVersion, let version = KubernetesVersion(text), !text.contains("-"),
            text.split(separator: ".").count == 2
        else { return nil }
        let known = VersionDefaults.kubernetes
        return known.minor == version.minor ? known.description : "\(version.major).\(version.minor).0"
    }

    private var code: String {
        switch self {
        case .apiVersion: "inventory.api-version"
        case .name, .nodeName: "inventory.name"
        case .dnsName, .addressOrName, .address: "inventory.address"
        case .cidr: "inventory.cidr"
        case .kubernetesVersion, .componentVersion: "inventory.version"
        case .duration: "inventory.duration"
        case .portRange: "inventory.port-range"
        case .labelKey, .labelValue: "inventory.label"
        case .taint: "inventory.taint"
        case .fingerprint: "inventory.fingerprint"
        default: "inventory.text"
        }
    }

    private var article: String {
        switch self {
        case .name: "a name that every host and certificate accepts"
        case .nodeName: "a valid node name"
        default: String(summary.split(separator: ";").first ?? "")
        }
    }

    private func isValid(_ text: String) -> Bool {
        switch self {
        case .apiVersion: text == "provision/v1"
        case .name: TextRules.isLabel(text)
        case .nodeName: TextRules.isDNSName(text) && text.utf8.count <= 52
        case .dnsName: TextRules.isDNSName(text)
        case .addressOrName: TextRules.isAddressOrName(text)
        case .address: IPv4Address(text) != nil
        case .cidr: CIDR(text) != nil
        case .kubernetesVersion: TextRules.isKubernetesVersion(text)
        case .componentVersion: TextRules.isVersion(text)
        case .duration: TextRules.seconds(text) != nil
        case .portRange: TextRules.portRange(text) != nil
        case .localPath, .flagValue: !text.isEmpty && text.utf8.count <= 4096
        case .remotePath: TextRules.isRemotePath(text)
        case .url: text.hasPrefix("http://") || text.hasPrefix("https://")
        case .imageReference: TextRules.isWord(text, extra: "-_./:@", maximum: 255)
        case .userName: TextRules.isWord(text, extra: "-_.", maximum: 32) && text.first != "-"
        case .jumpHost: TextRules.jumpHost(text) != nil
        case .interfaceName: TextRules.isWord(text, extra: "-_.", maximum: 15)
        case .groupVersionResource:
            TextRules.isWord(text, extra: "-./", maximum: 200) && text.split(separator: "/").count == 3
        case .labelKey: TextRules.isLabelKey(text)
        case .labelValue: TextRules.isLabelValue(text)
        case .taint: TextRules.taint(text) != nil
        case .flagName: TextRules.isWord(text, extra: "-", maximum: 100) && text.first != "-"
        case .fieldPath:
            TextRules.isWord(text, extra: ".-_/", maximum: 200)
                && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
        case .fieldValue: text.utf8.count <= 4096
        case .fingerprint: text.hasPrefix("SHA256:") && TextRules.isWord(text, extra: ":+/=", maximum: 60)
        case .keyAlgorithm: ["ecdsa-p256", "rsa-2048", "rsa-3072", "rsa-4096"].contains(text)
        case .maxUnavailable: MaxUnavailable(text) != nil
        case .fileMode: (3...4).contains(text.utf8.count) && UInt16(text, radix: 8).map { $0 <= 0o7777 } ?? false
        case .fileOwner: TextRules.isOwner(text)
        case .unitName: TextRules.isUnit(text)
        case .packageName: TextRules.isWord(text, extra: "+-.:", maximum: 128) && text.first != "-"
        }
    }
}
