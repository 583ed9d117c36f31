import ProvisionCore
import Templates
import Testing

/// What a host prints is believed only where it begins with the nonce.
@Suite struct HostAnswerTests {
    private static let hash = String(repeating: "ab", count: 32)
    private let resources: [any Resource] = [
        FileResource(RenderedFile(path: "/etc/a", text: "x\n"), reason: ""),
        CommandResource(
            id: "c",
            title: "c",
            reason: "",
            check: "true",
            action: Action(kind: .run, title: "c", script: "true")
        ),
        FileResource(RenderedFile(path: "/etc/with space", text: "x\n"), reason: ""),
    ]

    private func read(_ lines: [String], probed: [any Resource] = []) -> HostAnswer {
        HostAnswer(output: lines.joined(separator: "\n") + "\n", nonce: "n0nce", probed: probed)
    }

    private func outline(_ answer: HostAnswer) -> [String] {
        answer.receipts.sorted { $0.key < $1.key }.map { index, receipt in
            let status = receipt.status.map(String.init) ?? "no end"
            return "\(index): \(status) after \(receipt.milliseconds) ms: \(receipt.output.replacing("\n", with: "|"))"
        }
    }

    @Test func `an action with a receipt is done, with its own words`() {
        let answer = read(["n0nce start 0", "one", "", "two", "n0nce done 0 0 12", "noise", "n0nce end"])
        #expect(outline(answer) == ["0: 0 after 12 ms: one|two"])
        #expect(answer.isComplete && !answer.isBusy)
    }

    @Test func `content that is not ours is told behind its hash`() {
        let stat = "n0nce stat regular file|644 root:root 2|/etc/a"
        let lines = [
            stat, "n0nce hash \(Self.hash)  /etc/a", "n0nce edited /etc/a", "n0nce edited /etc/other", "n0nce end",
        ]
        let answer = read(lines, probed: resources)
        #expect(answer.answers[0].text == "file 644 root:root 2 \(Self.hash) edited")
        #expect(answer.answers[2].text == "absent")
    }

    @Test func `an answer of a host with a long life is read whole`() {
        let long = String(repeating: "QUJD", count: 100_000)
        let answer = read(["n0nce probe 1 0 \(long)", "n0nce end"], probed: resources)
        #expect(answer.answers[1].text == long)
    }

    @Test func `an action whose end was not seen is never done`() {
        let answer = read(["n0nce start 0", "n0nce done 0 0 1", "n0nce start 1", "half"])
        #expect(outline(answer) == ["0: 0 after 1 ms: ", "1: no end after 0 ms: half"])
        #expect(!answer.isComplete)
    }

    @Test func `a status that is not 0 is kept`() {
        #expect(read(["n0nce start 0", "n0nce done 0 8 3"]).receipts[0]?.status == 8)
    }

    @Test(arguments: ["done 0 0 1", "nonce done 0 0 1", " n0nce done 0 0 1", "xn0nce done 0 0 1", "n0nce  done 0 0 1"])
    func `a forged receipt is only text`(_ line: String) {
        let answer = read(["n0nce start 0", line, "end"])
        #expect(answer.receipts[0]?.status == nil)
        #expect(!answer.isComplete)
    }

    @Test func `a receipt for an action that never began counts for nothing`() {
        #expect(read(["n0nce done 3 0 1", "n0nce end"]).receipts.isEmpty)
    }

    @Test func `output cut off in the middle of the last line is not complete`() {
        let whole = "n0nce start 0\nn0nce done 0 0 1\nn0nce end\n"
        for count in 0..<(whole.utf8.count - 1) {
            let answer = HostAnswer(output: String(whole.prefix(count)), nonce: "n0nce", probed: [])
            #expect(!answer.isComplete, "\(count) bytes")
        }
        #expect(HostAnswer(output: whole, nonce: "n0nce", probed: []).isComplete)
    }

    @Test func `another script of ours may be running`() {
        let answer = read(["n0nce busy"])
        #expect(answer.isBusy && !answer.isComplete)
    }

    @Test func `files are read from two lists, commands by their number`() {
        let answer = read(
            [
                "n0nce stat regular file|644 root:root 2|/etc/a",
                "n0nce stat regular empty file|600 root:root 0|/etc/with space",
                "n0nce hash \(Self.hash)  /etc/a", "n0nce hash \(Self.hash)  /etc/with space",
                "n0nce probe 1 1 is off now", "n0nce end",
            ],
            probed: resources
        )
        #expect(
            answer.answers.map(\.text) == [
                "file 644 root:root 2 \(Self.hash)", "is off now", "file 600 root:root 0 \(Self.hash)",
            ]
        )
        #expect(answer.answers.map(\.status) == [0, 1, 0])
    }

    @Test func `what was not answered is absent or unknown, never as wanted`() {
        let answer = read(["n0nce end"], probed: resources)
        #expect(answer.answers.map(\.text) == ["absent", "no answer came", "absent"])
        #expect(answer.answers[1].status == 255)
    }

    @Test func `a file without a hash has a dash`() {
        let answer = read(["n0nce stat regular file|0 root:root 2|/etc/a"], probed: resources)
        #expect(answer.answers[0].text == "file 0 root:root 2 -")
        let link = read(["n0nce stat symbolic link|777 root:root 9|/etc/a"], probed: resources)
        #expect(link.answers[0].text == "symbolic-link 777 root:root 9")
    }

    @Test func `a flood of words is cut`() {
        let lines = Array(repeating: String(repeating: "x", count: 1023), count: 1000)
        let output = read(["n0nce start 0"] + lines + ["n0nce done 0 0 1"]).receipts[0]?.output ?? ""
        #expect((16_384...18_000).contains(output.utf8.count))
    }
}
