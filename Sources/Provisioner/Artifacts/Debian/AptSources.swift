import FoundationEssentials
import SystemPackage

/// The machine's own Debian sources, rewritten for private use with another type.
///
/// Nothing on the machine is changed, and no address is known to this program: lines and stanzas are copied.
enum AptSources {
    /// Contents by file name; only sources of this Debian release are taken, third-party ones left out.
    static func derived(type: String, codename: String, from etc: FilePath = "/etc/apt") -> [String: String] {
        var files: [String: String] = [:]
        let parts = Files.names(in: etc.appending("sources.list.d")).map { etc.appending("sources.list.d/\($0)") }
        for path in [etc.appending("sources.list")] + parts {
            guard let name = path.lastComponent?.string, let text = try? Files.text(path) else { continue }
            let kept = name.hasSuffix(".sources") ? stanzas(text, type, codename) : lines(text, type, codename)
            if !kept.isEmpty, name.hasSuffix(".sources") || name.hasSuffix(".list") { files[name] = kept }
        }
        return files
    }

    /// One-line format: `deb [options] URI suite components`.
    static func lines(_ text: String, _ type: String, _ codename: String) -> String {
        text.split(separator: "\n")
            .filter { $0.hasPrefix("deb ") && hasSuite(words($0.drop { $0 != " " }), codename) }
            .map { type + $0.dropFirst(3) + "\n" }
            .joined()
    }

    /// Stanza format of `.sources` files.
    static func stanzas(_ text: String, _ type: String, _ codename: String) -> String {
        stanzas(in: text)
            .filter { stanza in
                value("Types", stanza).contains("deb") && hasSuite(value("Suites", stanza), codename)
                    && value("Enabled", stanza) != ["no"]
            }
            .map { stanza in
                stanza.map { $0.hasPrefix("Types:") ? "Types: \(type)\n" : "\($0)\n" }.joined() + "\n"
            }
            .joined()
    }

    private static func stanzas(in text: String) -> [[Substring]] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("#") }
            .split { $0.allSatisfy(\.isWhitespace) }
            .map(Array.init)
    }

    private static func value(_ field: String, _ stanza: [Substring]) -> [Substring] {
        stanza.first { $0.hasPrefix("\(field):") }.map { words($0.dropFirst(field.count + 1)) } ?? []
    }

    private static func words(_ text: Substring) -> [Substring] {
        text.split(whereSeparator: \.isWhitespace)
    }

    /// `bookworm`, `bookworm-updates`, `bookworm-security`, but not `cloud-sdk-bookworm`.
    private static func hasSuite(_ words: [Substring], _ codename: String) -> Bool {
        words.contains { $0 == codename || $0.hasPrefix("\(codename)-") }
    }
}
