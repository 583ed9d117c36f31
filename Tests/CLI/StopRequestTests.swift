import ProvisionCore
import Testing

@testable import provision

@Suite struct StopRequestTests {
    @Test func `the first signal stops, the second leaves`() {
        let request = StopRequest()
        #expect(!request.isHeeded)
        #expect(request.signal() == .stops && request.isHeeded)
        #expect(request.signal() == .leaves && request.signal() == .leaves)
    }

    @Test func `what must not be left half-way is finished first`() {
        let request = StopRequest()
        #expect(request.hold("not now"))
        #expect(request.signal() == .waits("not now") && !request.isHeeded)
        #expect(request.signal() == .leaves, "who insists is obeyed")
        request.release()
        #expect(request.isHeeded)
    }

    @Test func `it does not begin where somebody asked before`() {
        let request = StopRequest()
        _ = request.signal()
        #expect(!request.hold("not now") && request.isHeeded)
    }

    @Test func `a verb that is stopped says what exists, and ends with 130`() throws {
        let request = StopRequest()
        #expect(throws: Never.self) { try request.check("nothing was saved", remedy: "again") }
        _ = request.signal()
        let failure = #expect(throws: CommandFailure.self) { try request.check("nothing was saved", remedy: "again") }
        #expect(failure?.status == .interrupted && failure?.message == "stopped: nothing was saved")
    }

    @Test func `a terminal that goes away is told twice and counts once`() {
        let request = StopRequest()
        #expect(request.hold("not now"))
        #expect(request.signal(isHangup: true) == .waits("not now"))
        #expect(request.signal(isHangup: true) == .ignored && request.signal(isHangup: true) == .ignored)
        request.release()
        #expect(request.isHeeded)
        #expect(request.signal() == .leaves, "a person insists in another way")
    }
}
