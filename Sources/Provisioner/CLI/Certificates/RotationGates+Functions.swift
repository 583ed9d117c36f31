import PKI
import ProvisionCore
import ProvisionEngine

/// What people use through API servers: it works after a step where it worked before the first one.
extension RotationGates {
    /// What works now; `nil` where nothing of it hangs on these roots.
    func workingFunctions(_ roots: [TrustRoot]) async throws -> [String]? {
        guard FunctionCheck.concerns(roots) else { return nil }
        let working = FunctionCheck.working(try await functions(attempts: 5) { $0.isGood })
        tell("answers now, and must at every stage: \(Self.named(working))")
        return working
    }

    /// What answered before the rotation began must answer still.
    ///
    /// On the way back what does not is only named: that way may be what mends it.
    func functions(_ rotation: Rotation) async throws {
        guard let working = rotation.working, !working.isEmpty else { return }
        do { try await requireFunctions(working) } catch let failure as CommandFailure
            where rotation.isRollingBack && failure.status == .gateFailed
        {
            tell("‼ \(failure.message)")
        }
    }

    private func requireFunctions(_ working: [String]) async throws {
        let answers = try await functions(attempts: 26) { $0.isGood || !working.contains($0.name) }
        let lost = FunctionCheck.lost(working, in: answers)
        guard lost.isEmpty else {
            let words = lost.prefix(3).map { Sanitised.text($0.account, limit: 300) }.joined(separator: "; ")
            throw CommandFailure(
                "what answered before the rotation does not any more: \(words)",
                remedy: remedy,
                status: .gateFailed
            )
        }
        tell("answers as before the rotation: \(Self.named(working))")
    }

    private static func named(_ functions: [String]) -> String {
        functions.isEmpty ? "nothing" : functions.joined(separator: ", ")
    }

    /// Asks until every answer is right or the attempts are over: pods start, and API servers ask extension servers anew
    /// only now and then.
    private func functions(
        attempts: Int,
        until isRight: (FunctionCheck.Answer) -> Bool
    ) async throws -> [FunctionCheck.Answer] {
        let generation = try store.trustState().inForce(.serviceAccount).issuing
        let check = FunctionCheck(spec: run.spec, header: try header(generation))
        var answers: [FunctionCheck.Answer] = []
        for attempt in 0..<attempts {
            if run.context.isInterrupted { throw interruption }
            if attempt > 0 { try await Task.sleep(for: Self.pause(after: attempt)) }
            do { answers = try await ask(check) } catch  where attempt < attempts - 1 && !Task.isCancelled { continue }
            if answers.allSatisfy(isRight) { break }
        }
        return answers
    }

    private func ask(_ check: FunctionCheck) async throws -> [FunctionCheck.Answer] {
        let answers = await scripts.gather(check.hosts, seconds: 300) {
            check.script(on: $0)
        } read: {
            FunctionCheck.answers($1, from: $0.name)
        }
        return try check.hosts.flatMap { host -> [FunctionCheck.Answer] in
            if let list = try answers[host.name]?.get() { return list }
            throw CommandFailure(
                "\(host.name) does not say what answers through its API server",
                remedy: remedy,
                status: .gateFailed
            )
        }
    }
}
