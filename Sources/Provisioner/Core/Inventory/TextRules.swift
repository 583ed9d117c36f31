import Templates

/// The rules for texts, as plain functions over bytes: a thousand hosts are checked in milliseconds.
enum TextRules {
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// ASCII letters, digits and a few more.
    static func isWord(_ text: String, extra: String, maximum: Int) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.count <= maximum
            && bytes.allSatisfy { isAlphanumeric($0) || extra.utf8.contains($0) }
    }

    /// RFC 1123 label, lower case, at most 63 characters.
    static func isLabel(_ text: some StringProtocol) -> Bool {
        guard (1...63).contains(text.utf8.count), text.first != "-", text.last != "-" else { return false }
        return text.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
    }

    static func isDNSName(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
    }

    /// Four numbers are an address or nothing: `10.0.0.999` is not a host name.
    static func isAddressOrName(_ text: String) -> Bool {
        if IPv4Address(text) != nil { return true }
        return isDNSName(text) && !text.utf8.allSatisfy { isDigit($0) || $0 == 0x2E }
    }

    static func isVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (2...4).contains(parts.count) && isWord(text, extra: ".-+~", maximum: 40)
            && parts.prefix(2).allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
    }

    /// All three numbers, and a label where there is one.
    static func isKubernetesVersion(_ text: String) -> Bool {
        KubernetesVersion(text) != nil && text.prefix { $0 != "-" }.split(separator: ".").count == 3
    }

    static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "y": 365 * 86400]
        guard let last = text.last, let unit = units[last], text.utf8.count <= 8,
            text.dropLast().utf8.allSatisfy(isDigit), let count = Int64(text.dropLast()), count > 0
        else { return nil }
        return count * unit
    }

    static func portRange(_ text: String) -> ClosedRange<UInt16>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let low = UInt16(parts[0]), let high = UInt16(parts[1]), low > 0, low <= high
        else { return nil }
        return low...high
    }

    static func isRemotePath(_ text: String) -> Bool {
        text.first == "/" && isWord(text, extra: "/-_.+@", maximum: 1024)
            && !text.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }

    static func isLabelValue(_ text: String) -> Bool {
        text.isEmpty || isQualifiedName(text)
    }

    private static func isQualifiedName(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isWord(text, extra: "-_.", maximum: 63) && isAlphanumeric(first) && isAlphanumeric(last)
    }

    static func isLabelKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return isQualifiedName(text) }
        return isDNSName(String(parts[0])) && isQualifiedName(String(parts[1]))
    }

    /// `key=value:Effect` or `key:Effect`.
    static func taint(_ text: String) -> HostSpec.Taint? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let effect = String(text[text.index(after: colon)...])
        let parts = text[..<colon].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        let value = parts.count == 2 ? parts[1] : ""
        guard ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(effect), let key = parts.first,
            isLabelKey(key), isLabelValue(value)
        else { return nil }
        return HostSpec.Taint(key: key, value: value, effect: effect)
    }

    /// `user:group`.
    static func isOwner(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { isWord(String($0), extra: "-_.", maximum: 32) && $0.first != "-" }
    }

    /// A systemd unit with its type.
    static func isUnit(_ text: String) -> Bool {
        let types = ["service", "socket", "timer", "target", "path", "mount"]
        guard let type = text.split(separator: ".").last, types.contains(String(type)) else { return false }
        return isWord(text, extra: "-_.@:", maximum: 255) && text.first != "-" && text.first != "."
    }

    /// `user@host:port`.
    static func jumpHost(_ text: String) -> (user: String?, host: String, port: UInt16?)? {
        var rest = text[...]
        var user: String?
        if let at = rest.firstIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count == 2 ? UInt16(parts[1]) : nil
        guard parts.count == 1 || (parts.count == 2 && port != nil && port != 0) else { return nil }
        let host = String(parts[0])
        guard isWord(host, extra: "-_.", maximum: 253), host.first != "-" else { return nil }
        if let user, !isWord(user, extra: "-_.", maximum: 32) || user.first == "-" { return nil }
        return (user, host, port)
    }

    /// Characters that a shell, a unit file or a configuration file could give a meaning to.
    static func unsafeCharacter(in text: String, _ format: ScalarFormat) -> ScalarFormat.Complaint? {
        let forbidden = "$`\"'\\;|&<>(){}!*"
        let allowed = format == .flagValue || format == .fieldValue ? "<>(){}!*" : ""
        let found = text.unicodeScalars.first {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || [0x2028, 0x2029].contains($0.value)
                || (forbidden.unicodeScalars.contains($0) && !allowed.unicodeScalars.contains($0))
        }
        guard let found else { return nil }
        let shown =
            found.value < 0x21 || found.value >= 0x7F || found == "`" ? "character U+\(hex(found.value))" : "`\(found)`"
        return ScalarFormat.Complaint(
            code: "inventory.unsafe-text",
            message: "\(shown) is not allowed here: a shell or a configuration file could give it a meaning",
            remedy: "remove it; expected is \(format.summary)"
        )
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static func cidrComplaint(_ text: String) -> ScalarFormat.Complaint? {
        guard CIDR(text) == nil else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let remedy = "write \(ScalarFormat.cidr.summary)"
        guard parts.count == 2, let address = IPv4Address(parts[0]) else {
            return ScalarFormat.Complaint(
                code: "inventory.cidr",
                message: "`\(text.prefix(80))` is not an IPv4 network",
                remedy: remedy
            )
        }
        guard parts[1].utf8.count <= 2, let length = Int(parts[1]),
            let network = CIDR(address: address, prefixLength: length)
        else {
            return ScalarFormat.Complaint(
                code: "inventory.cidr",
                message: "the prefix length of `\(text.prefix(80))` is not 0 to 32",
                remedy: remedy
            )
        }
        return ScalarFormat.Complaint(
            code: "inventory.host-bits",
            message: "`\(text.prefix(80))` has host bits set: it is an address inside \(network)",
            remedy: "write `\(network)`"
        )
    }
}
