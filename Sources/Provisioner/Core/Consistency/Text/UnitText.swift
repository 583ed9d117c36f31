import Templates

/// A systemd unit as systemd reads it back: settings, commands and flags.
struct UnitText {
    /// One command line of the unit.
    struct Command {
        /// `ExecStart`, `ExecStartPre`...
        var setting: String
        /// The program first.
        var words: [String]
        /// Whether its failure is ignored.
        var mayFail: Bool
    }

    /// `etcd.service`.
    let name: String
    let settings: [(key: String, value: String)]
    let commands: [Command]

    init(_ file: RenderedFile) {
        name = file.path.split(separator: "/").last.map(String.init) ?? file.path
        settings = Self.lines(file.text).compactMap { line in
            guard let first = line.first, first != "#", first != ";", first != "[",
                let equals = line.firstIndex(of: "=")
            else { return nil }
            return (String(line[..<equals]), String(line[line.index(after: equals)...]))
        }
        commands = Self.commands(settings)
    }

    private static func commands(_ settings: [(key: String, value: String)]) -> [Command] {
        settings.filter { $0.key.hasPrefix("Exec") }.map { setting in
            let prefix = setting.value.prefix { "-@:+!".contains($0) }
            let words = UnitWords.split(setting.value.dropFirst(prefix.count))
            return Command(setting: setting.key, words: words, mayFail: prefix.contains("-"))
        }
    }

    /// Lines that end with a backslash go on in the next one.
    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var continued = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let whole = line.hasSuffix("\\") ? line.dropLast() + " " : line
            if continued, let last = lines.indices.last { lines[last] += whole } else { lines.append(String(whole)) }
            continued = line.hasSuffix("\\")
        }
        return lines
    }

    func values(_ key: String) -> [String] { settings.filter { $0.key == key }.map(\.value) }

    /// The value of `--name=value`; the last one counts.
    func flag(_ name: String) -> String? {
        commands.filter { $0.setting == "ExecStart" }.flatMap(\.words)
            .last { $0.hasPrefix("--\(name)=") }
            .map { String($0.dropFirst(name.count + 3)) }
    }

    var user: String { values("User").last ?? "root" }
    var group: String { values("Group").last ?? user }
}
