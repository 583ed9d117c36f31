import ProvisionCore
import ProvisionEngine

/// What a check of the smoke test came to.
struct SmokeOutcome: Sendable {
    var id: String
    var title: String
    /// Where it ran.
    var host: String
    var passed: Bool
    var milliseconds: Int
    /// What it printed last, where it failed.
    var words: [String]
}

/// The smoke test's checks, one after another: over one controller, then over each client.
struct SmokeTestRun {
    let test: SmokeTest
    let spec: ClusterSpec
    let connector: HostConnector
    let context: RunContext
    /// Is given each check as it ends.
    let show: (SmokeOutcome) -> Void
    private(set) var outcomes: [SmokeOutcome] = []

    /// A lost connection is one of them.
    var failed: Int { outcomes.count { !$0.passed } }

    /// Everything but the end; clients are asked where all is well so far.
    ///
    /// - Throws: `TransportError` where no controller is reached.
    mutating func perform() async throws {
        let session = try await firstReachable()
        await perform(test.checks, on: session)
        await session.close()
        if failed == 0 { await performOnClients() }
    }

    /// A lost connection ends them, and so does a pod that does not run: nothing after it could pass.
    private mutating func perform(_ checks: [SmokeCheck], on session: HostSession) async {
        for check in checks where !context.isInterrupted {
            do throws(TransportError) {
                let passed = try await pass(check, on: session)
                if !passed, check.id == "pods.run" { return }
            } catch {
                context.console.problem("× \(check.id): \(error)")
                return lost(check.id, check.title, session.host, error)
            }
        }
    }

    /// The last step: the service as clients see it.
    private mutating func performOnClients() async {
        for host in test.clients where !context.isInterrupted {
            do throws(TransportError) {
                let session = HostSession(host: host.name, transport: try await connector.open(host))
                await perform(test.clientChecks, on: session)
                await session.close()
            } catch {
                context.console.problem("× \(host.name): \(error.summary)")
                lost("ssh.connect", "the client is reached", host.name, error)
            }
        }
    }

    /// Removes what the test made, over a connection of its own: the checks' may be lost.
    ///
    /// - Returns: What stood against it; `nil` where nothing is left.
    mutating func cleanUp() async -> (any Error)? {
        do throws(TransportError) {
            let session = try await firstReachable()
            let isClean = try await pass(test.cleanUp, on: session)
            await session.close()
            guard !isClean else { return nil }
        } catch { return error }
        return CommandFailure(
            "the namespace \(SmokeTest.namespace) is still there",
            remedy: "kubectl delete namespace \(SmokeTest.namespace)",
            status: .gateFailed
        )
    }

    private mutating func pass(_ check: SmokeCheck, on session: HostSession) async throws(TransportError) -> Bool {
        let start = ContinuousClock.now
        let result = try await session.run(
            check.text + "\nrc=$?; echo; echo \"smoke-status $rc\"",
            seconds: check.seconds
        )
        var lines = result.outputText.split(separator: "\n").map(String.init)
        let passed = lines.popLast() == "smoke-status 0"
        add(
            SmokeOutcome(
                id: check.id,
                title: check.title,
                host: session.host,
                passed: passed,
                milliseconds: start.elapsedMilliseconds,
                words: passed ? [] : Array(lines.suffix(12))
            )
        )
        return passed
    }

    private mutating func add(_ outcome: SmokeOutcome) {
        let text = (["\(outcome.id): \(outcome.title)"] + outcome.words).joined(separator: "\n")
        context.record(text, host: outcome.host, isFailure: !outcome.passed)
        outcomes.append(outcome)
        show(outcome)
    }

    /// It was said already, with what to do.
    private mutating func lost(_ id: String, _ title: String, _ host: String, _ error: TransportError) {
        outcomes.append(
            SmokeOutcome(id: id, title: title, host: host, passed: false, milliseconds: 0, words: [error.summary])
        )
    }

    /// Any controller will do; one may be down.
    private func firstReachable() async throws(TransportError) -> HostSession {
        var last: TransportError?
        for host in spec.hosts(.controller) {
            do throws(TransportError) {
                return HostSession(host: host.name, transport: try await connector.open(host))
            } catch {
                context.console.note("\(host.name): \(error.summary); trying the next controller")
                last = error
            }
        }
        throw last
            ?? TransportError(
                code: .unreachable,
                host: "controllers",
                attempted: "find a controller",
                reason: "there is none",
                remedy: "add one"
            )
    }
}
