import Testing

@testable import provision

@Suite struct RotationGatesTests {
    @Test func `what comes a moment late costs a moment, and what is slow is asked every five seconds`() {
        let pauses = (1...7).map { RotationGates.pause(after: $0) }
        #expect(pauses == [1, 2, 3, 4, 5, 5, 5].map { Duration.seconds($0) })
    }
}
