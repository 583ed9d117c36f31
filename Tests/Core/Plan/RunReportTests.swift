import ProvisionCore
import Testing

@Suite struct RunReportTests {
    private static let lost = TransportError(
        code: .connectionLost,
        host: "a",
        attempted: "run a stage",
        reason: "closed",
        remedy: "look"
    )

    private static func failed(_ kind: Action.Kind) -> LaneOutcome.Ending {
        .failed(StepFailure(host: "a", stage: "s", step: "x", kind: kind, attempted: "x", output: ""))
    }

    private static let endings: [String: LaneOutcome.Ending] = [
        "wanted": .asWanted, "failed": failed(.run), "waited": failed(.wait), "unreachable": .unreachable(lost),
        "unknown": .unknown(lost, stage: "s"), "not-run": .notRun(stage: "s", reason: "r"),
        "refused": .refused("r", remedy: "m"), "interrupted": .interrupted(stage: "s"),
    ]

    private func report(_ row: String) throws -> RunReport {
        let action = Action(kind: .run, title: "x", script: "true")
        let lanes = try row.split(separator: " ").enumerated().map { index, word in
            let acted = word.hasSuffix("+")
            let ending = try #require(Self.endings[String(acted ? word.dropLast() : word)])
            return LaneOutcome(host: "h\(index)", ending: ending, done: acted ? [action] : [])
        }
        return RunReport(lanes: lanes)
    }

    /// Lanes' endings; a plus says that the lane had already changed something.
    @Test(arguments: [
        ("wanted", ProvisionCore.ExitStatus.success), ("wanted+ wanted", .success), ("", .success),
        ("failed", .failed), ("failed wanted+", .partlyApplied), ("failed+", .partlyApplied),
        ("unreachable", .failed), ("unreachable wanted+", .partlyApplied), ("unreachable waited", .failed),
        ("waited", .gateFailed), ("waited+ not-run", .gateFailed), ("waited+ failed", .partlyApplied),
        ("not-run", .failed), ("not-run wanted+", .partlyApplied),
        ("refused", .refused), ("refused failed", .refused), ("refused wanted+", .partlyApplied),
        ("refused waited", .refused), ("refused+ waited", .partlyApplied),
        ("unknown", .stateUnknown), ("unknown+ failed refused", .stateUnknown),
        ("interrupted+ unknown failed", .interrupted), ("interrupted", .interrupted),
    ])
    func `endings give one exit status`(_ row: String, _ status: ProvisionCore.ExitStatus) throws {
        #expect(try report(row).exitCode == status)
    }

    @Test(arguments: [
        ("wanted", false), ("wanted+ interrupted", false), ("interrupted wanted", true), ("unreachable not-run", true),
        ("refused not-run", true), ("failed not-run", false), ("unknown", false),
    ])
    func `what stopped between actions has touched nothing`(_ row: String, _ isUntouched: Bool) throws {
        #expect(try report(row).touchedNothing == isUntouched)
    }

    @Test func `a lock that another run holds comes before everything`() throws {
        var held = try report("interrupted failed")
        held.lockHolder = "ann"
        #expect(held.exitCode == .lockHeld)
        #expect(!RunReport(lanes: [], lockHolder: "ann").isAsWanted)
        #expect(RunReport(lanes: [], lockHolder: "ann").touchedNothing)
    }

    @Test func `changes are counted over all lanes`() throws {
        #expect(try report("wanted+ failed+ wanted").changes == 2)
        #expect(try report("wanted+ wanted").isAsWanted)
        #expect(try !report("wanted+ not-run").isAsWanted)
    }

    @Test func `the numbers are a contract with scripts`() {
        let numbers: [ProvisionCore.ExitStatus: Int32] = [
            .success: 0, .failed: 1, .changesPending: 2, .partlyApplied: 3, .preflightFailed: 4, .lockHeld: 5,
            .gateFailed: 6, .stateUnknown: 7, .refused: 8, .usage: 64, .inventoryInvalid: 78, .interrupted: 130,
        ]
        for (status, number) in numbers { #expect(status.rawValue == number) }
    }
}
