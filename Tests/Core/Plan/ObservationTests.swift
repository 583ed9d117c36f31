import ProvisionCore
import Templates
import Testing

@Suite struct ObservationTests {
    private let file = FileResource(RenderedFile(path: "/etc/unit", text: "1\n"), reason: "")
    private var service: ServiceResource { ServiceResource(unit: "x.service", reason: "", startedFrom: [file]) }
    private var wanted: ProbeAnswer { ProbeAnswer(text: "file 644 root:root 2 \(file.digest)") }
    /// Started again by somebody since the last stamp.
    private var restarted: ProbeAnswer {
        ProbeAnswer(text: "active running enabled no i2 \(service.fingerprint) - i1")
    }

    @Test func `what will change is known to what comes after it`() {
        let verdicts = Observation.judge([file, service], answers: [ProbeAnswer(text: "absent"), restarted])
        #expect(
            verdicts.map(\.outline) == [
                "change: is missing -> create /etc/unit",
                "change: was started from another file:/etc/unit -> restart x.service",
            ]
        )
    }

    @Test func `what is the same changes nothing after it`() {
        let verdicts = Observation.judge([file, service], answers: [wanted, restarted])
        #expect(verdicts.map(\.isSame) == [true, true])
    }

    @Test func `what was changed in an earlier stage counts too`() {
        let verdicts = Observation.judge([service], answers: [restarted], changed: [file.id])
        #expect(verdicts.map(\.outline) == ["change: was started from another file:/etc/unit -> restart x.service"])
    }

    @Test func `the order of resources decides who knows what`() {
        let verdicts = Observation.judge([service, file], answers: [restarted, ProbeAnswer(text: "absent")])
        #expect(verdicts.map(\.isSame) == [true, false])
    }

    @Test func `a resource without an answer gets no verdict`() {
        #expect(Observation.judge([file, service], answers: [wanted]).count == 1)
    }
}
