import ProvisionCore
import Templates
import Testing

@testable import ProvisionSSH

/// The talk with sudo, whatever the pieces in which its words arrive.
@Suite struct SudoGateTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Feeds a text byte by byte; gives back what belongs to the command.
    private func feed(_ text: String, to gate: inout SudoGate) -> String {
        String(decoding: bytes(text).flatMap { gate.filter([$0]) }, as: UTF8.self)
    }

    @Test func `the command's words begin after its mark`() {
        var gate = SudoGate(nonce: "n", password: nil)
        #expect(gate.next() == nil)
        #expect(feed("a lecture\nn-start\nown n-start\n", to: &gate) == "own n-start\n")
        #expect(gate.isOpen && gate.words == "a lecture")
    }

    @Test func `the password goes first, the rest waits for the command`() {
        var gate = SudoGate(nonce: "n", password: Secret("word"))
        #expect(gate.next() == .bytes(bytes("word\n")))
        #expect(gate.next() == .hold)
        #expect(feed("n-password:", to: &gate) == "" && gate.next() == .hold)
        #expect(feed("n-start\n", to: &gate) == "")
        #expect(gate.next() == .bytes(bytes("n-start\n")) && gate.next() == nil)
    }

    @Test func `a second question is answered by the end of input`() {
        var gate = SudoGate(nonce: "n", password: Secret("word"))
        _ = gate.next()
        _ = feed("n-password:Sorry, try again.\nn-password:", to: &gate)
        #expect(gate.next() == .end && !gate.isOpen)
        #expect(gate.words == "Sorry, try again.")
    }

    @Test func `a flood before the command is bounded`() {
        var gate = SudoGate(nonce: "n", password: nil)
        for _ in 0..<50 { _ = gate.filter(Array(repeating: 0x41, count: 1 << 16)[...]) }
        #expect(gate.words.utf8.count <= 1 << 16)
        #expect(Array(gate.filter(bytes("n-start\nmine")[...])) == bytes("mine"))
    }
}
