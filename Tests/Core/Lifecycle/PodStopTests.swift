import Foundation
import Testing

@testable import ProvisionCore

/// How pods end, with a curl and a ctr that are only acted.
@Suite struct PodStopTests {
    private static let sandboxes = ["a1", "b2", "c3"].map { String(repeating: $0, count: 32) }
    private static let containers = ["d4", "e5"].map { String(repeating: $0, count: 32) }
    /// What looks like an id and is none.
    private static let other = String(repeating: "f6", count: 32)

    /// CRI of one version; a word of its own for what it is asked, and the request's bytes.
    private static func answering(_ version: String) -> String {
        """
        for u; do :; done; u=${u#http://localhost/runtime.}; q=$(od -An -v -tx1 | tr -d ' \\n')
        case $u in
        \(version).RuntimeService/ListPodSandbox) cat $d/sandboxes;;
        \(version).RuntimeService/ListContainers) cat $d/containers;;
        esac
        echo "${u%%.*} ${u##*/} $q" >> $d/calls
        """
    }

    @Test(arguments: ["v1", "v1alpha2"])
    func `what CRI lists is stopped with its grace, and then removed`(version: String) throws {
        let calls = try calls(of: PodStop.script + "\n" + PodStop.removal(), curl: Self.answering(version))
        var lists = ["ListPodSandbox", "ListContainers"].map { "\(version) \($0) 0000000000" }
        if version != "v1" { lists.insert("v1 ListPodSandbox 0000000000", at: 0) }
        let stops = Self.containers.map { "\(version) StopContainer 00000000440a40\(Self.hex($0))100a" }
        let sandboxes = ["StopPodSandbox", "RemovePodSandbox"].map { method in
            Self.sandboxes.map { "\(version) \(method) 00000000420a40\(Self.hex($0))" }
        }
        let asked = calls.filter { $0.hasPrefix("v1") }
        #expect(Array(asked.prefix(lists.count)) == lists)
        // Those of one method are asked side by side.
        let rest = Array(asked.dropFirst(lists.count))
        #expect(Set(rest.prefix(2)) == Set(stops))
        #expect(Set(rest.dropFirst(2).prefix(3)) == Set(sandboxes[0]))
        #expect(Set(rest.dropFirst(5)) == Set(sandboxes[1]) && rest.count == 8, "\(rest)")
    }

    /// Nobody listens, a curl without HTTP/2, a CRI without pods.
    private static let silent = ["exit 7", "echo 'is unknown' >&2; exit 2", #"printf '\0\0\0\0\0'"#]

    @Test(arguments: silent)
    func `where CRI lists nothing ctr ends what runs`(curl: String) throws {
        let calls = try calls(of: PodStop.script + "\n" + PodStop.removal(), curl: curl)
        #expect(
            calls == [
                "tasks ls -q", "tasks kill -s SIGTERM -a task", "tasks ls", "tasks ls -q",
                "tasks kill -s SIGKILL -a task", "tasks ls -q", "tasks rm -f task", "containers ls -q",
                "containers rm task",
            ]
        )
    }

    @Test func `a cluster that is stopped loses no sandbox, and what is deleted is named where it is not`() throws {
        #expect(PodStop.script.contains("StopPodSandbox"))
        for words in ["RemovePodSandbox", " rm "] { #expect(!PodStop.script.contains(words), "\(words)") }
        #expect(PodStop.removal(orElse: "left $t").contains("containers rm $t > /dev/null 2>&1 || left $t; done"))
    }

    private static func hex(_ text: String) -> String { text.utf8.map { String($0, radix: 16) }.joined() }

    /// A field of bytes in a message of protobuf.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var count = bytes.count
        while count > 127 {
            length.append(UInt8(count & 127) | 128)
            count >>= 7
        }
        return [number << 3 | 2] + length + [UInt8(count)] + bytes
    }

    private static func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    private static func frame(_ message: [UInt8]) -> [UInt8] {
        [0] + [24, 16, 8, 0].map { UInt8(message.count >> $0 & 255) } + message
    }

    /// Of several lengths, with labels and annotations that hold what looks like an id.
    private static var listedSandboxes: [UInt8] {
        var message: [UInt8] = []
        for (index, id) in sandboxes.enumerated() {
            let name = field(1, "pod-\(index)") + field(2, "50952884-6c82-4a9a-aaa1-9d079ee27d56")
            let label = field(1, "hash") + field(2, other)
            let text = "\(other)\n\(other)\n@\(other)\n" + String(repeating: "x", count: 999 * index)
            let note = field(1, "note") + field(2, text)
            let created: [UInt8] = [0x20, 0x80, 0x01]
            message += field(1, field(1, id) + field(2, name) + created + field(5, label) + field(6, note))
        }
        return frame(message)
    }

    private static var listedContainers: [UInt8] {
        var message: [UInt8] = []
        for (id, sandbox) in zip(containers, sandboxes) {
            let image = field(5, "sha256:\(other)") + field(10, other)
            message += field(1, field(1, id) + field(2, sandbox) + field(3, field(1, "c")) + image)
        }
        return frame(message)
    }

    /// What was called, in its order, where curl is this script; `$d` is the folder that it lies in.
    private func calls(of script: String, curl: String) throws -> [String] {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "provision-pods-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.listedSandboxes).write(to: folder.appending(path: "sandboxes"))
        try Data(Self.listedContainers).write(to: folder.appending(path: "containers"))
        // Its options, which every call has, are not written down.
        let ctr = "shift 4; echo \"$*\" >> $d/calls; case $* in *' ls -q') echo task;; esac"
        for (name, text) in ["curl": curl, "ctr": ctr] {
            let path = folder.appending(path: name).path
            try "#!/bin/sh\nd=${0%/*}\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let answer = try LocalShell.run(script, standIns: "PATH=\(folder.path):$PATH")
        #expect(answer.status == 0 && answer.text.isEmpty, "\(answer.text)")
        let text = try String(contentsOf: folder.appending(path: "calls"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }
}
