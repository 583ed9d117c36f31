import Foundation
import ProvisionCore

/// What `ssh -G` prints: one option a line, its name in lower case.
struct SSHOptions {
    private var values: [String: [String]] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2 { values[words[0].lowercased(), default: []].append(words[1]) }
        }
    }

    func first(_ name: String) -> String? { values[name]?.first }

    /// All words of all lines of an option, as paths.
    func paths(_ name: String) -> [String] {
        (values[name] ?? []).flatMap { $0.split(separator: " ") }.map { Self.expanded(String($0)) }.filter {
            $0 != "none"
        }
    }

    /// An option that is set and that libssh2 or we cannot follow; then `ssh` itself must connect.
    var needsOpenSSH: String? {
        let foreign = [
            "proxyjump", "proxycommand", "certificatefile", "knownhostscommand", "revokedhostkeys", "pkcs11provider",
            "bindaddress", "bindinterface",
        ]
        if let name = foreign.first(where: { first($0).map { $0 != "none" } ?? false }) { return name }
        if let family = first("addressfamily"), family != "any" { return "addressfamily" }
        if !prefersKeys { return "preferredauthentications" }
        if ["no", "false"].contains(first("pubkeyauthentication")) { return "pubkeyauthentication" }
        if ["yes", "true"].contains(first("verifyhostkeydns")) { return "verifyhostkeydns" }
        return ["identityfile", "userknownhostsfile", "globalknownhostsfile", "identityagent"].first { name in
            values[name]?.contains { $0.contains("%") || $0.contains("$") } ?? false
        }
    }

    /// Whether a key comes before whatever else `ssh` does without asking anybody.
    private var prefersKeys: Bool {
        guard let list = first("preferredauthentications") else { return true }
        let silent = list.split(separator: ",").filter { $0 != "password" && $0 != "keyboard-interactive" }
        return silent.first == "publickey"
    }

    /// The policy for unknown and changed host keys; `nil` for `ask`, which `ssh` prints too where nothing is set.
    var hostKeyPolicy: SSHEndpoint.HostKeyPolicy? {
        switch first("stricthostkeychecking") {
        case "yes", "true": .yes
        case "accept-new": .acceptNew
        case "no", "off", "false": .no
        default: nil
        }
    }

    /// A time that is set, in seconds; no longer than TCP's own limit for such times.
    func time(_ name: String) -> Duration? {
        guard let seconds = first(name).flatMap({ Int($0) }), seconds > 0 else { return nil }
        return .seconds(min(seconds, 32_767))
    }

    /// The addresses of `ProxyJump`, without users and ports.
    var jumps: [String] {
        guard let text = first("proxyjump"), text != "none" else { return [] }
        return text.split(separator: ",").map { jump in
            let place = jump.split(whereSeparator: { $0 == "@" || $0 == "/" }).last ?? jump
            guard place.hasPrefix("[") else { return String(place.prefix { $0 != ":" }) }
            return String(place.dropFirst().prefix { $0 != "]" })
        }
    }

    static func expanded(_ path: String) -> String {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
        return path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    }
}
