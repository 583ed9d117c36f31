import Foundation
import ProvisionCore

/// A host whose package tools are stand-ins: what it has, what a repository knows, and what apt foresees.
struct AptHost {
    private let folder: URL
    private let hasApt: Bool

    /// A folder of its own; `remove` takes it away.
    ///
    /// - Parameters:
    ///   - installed: Versions by package.
    ///   - candidates: Versions that a repository has, by package.
    ///   - foreseen: What `apt-get -s` prints.
    ///   - fails: Whether it fails with that.
    ///   - unread: The list of a source that was never read.
    ///   - hasApt: Whether there is an apt at all.
    ///   - afterwards: What is installed once apt ran.
    /// - Throws: Where the folder cannot be written.
    init(
        _ installed: [String: String],
        candidates: [String: String] = [:],
        foreseen: String,
        fails: Bool = false,
        unread: String = "",
        hasApt: Bool = true,
        afterwards: [String: String] = [:]
    ) throws {
        self.hasApt = hasApt
        folder = URL(filePath: NSTemporaryDirectory()).appending(path: "provision-apt-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("installed", Self.table(installed))
        try write("candidates", Self.table(candidates))
        try write("afterwards", Self.table(afterwards))
        try write("foreseen", foreseen + "\n")
        try program(
            "apt-get",
            """
            case " $* " in
              *" -s "*) cat foreseen; exit \(fails ? 100 : 0);;
              *" --print-uris "*) [ -z '\(unread)' ] || echo "'http://nowhere.invalid/InRelease' \(unread) 0 ";;
              *) echo "apt-get $*" >> calls; cat afterwards >> installed;;
            esac
            """
        )
        try program("apt-cache", "echo \"$2:\"; sed -n \"s/^$2 /  Candidate: /p\" candidates")
        try program(
            "dpkg-query",
            """
            v=$(sed -n "s/^$4 //p" installed); [ -n "$v" ] || exit 1
            case $3 in *Abbrev*Version*) echo "ii  $v";; *Abbrev*) echo "ii ";; *) echo "$v";; esac
            """
        )
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// How apt was called to change something.
    var calls: String {
        (try? String(contentsOf: folder.appending(path: "calls"), encoding: .utf8)) ?? ""
    }

    /// What the host answers to a resource's question.
    func answer(_ resource: any Resource) throws -> ProbeAnswer {
        guard case .script(let check) = resource.probe else { return ProbeAnswer(status: 255, text: "no script") }
        let result = try LocalShell.run("\(Prelude.probing)\n\(path)\n{ \(check)\n}\n")
        return ProbeAnswer(status: Int(result.status), text: result.text)
    }

    /// Does what a resource wants, whatever the host answers; what it notes stands in the text.
    func act(_ resource: any Resource) throws -> (status: Int32, text: String) {
        let actions = resource.verdict(for: ProbeAnswer(status: 1, text: "-"), changed: []).actions
        let script = actions.map(\.script).joined(separator: "\n")
        return try LocalShell.run(
            script.replacing("/run/provision/apt.log", with: folder.appending(path: "apt.log").path),
            standIns: "\(path)\nnote() { echo \"note $*\"; }\nknown() { false; }"
        )
    }

    private var path: String { "PATH=\(folder.path):$PATH" + (hasApt ? "" : "; command() { false; }") }

    private static func table(_ versions: [String: String]) -> String {
        versions.map { "\($0.key) \($0.value)\n" }.joined()
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    private func program(_ name: String, _ body: String) throws {
        try write(name, "#!/bin/sh\ncd \(folder.path)\n\(body)\n")
        let path = folder.appending(path: name).path
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
}
