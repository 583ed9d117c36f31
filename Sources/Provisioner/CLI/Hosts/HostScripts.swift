import ProvisionCore
import ProvisionEngine

/// Scripts of their own on hosts, beside what a plan does.
struct HostScripts: Sendable {
    let connector: HostConnector

    /// What a script printed.
    func output(_ script: String, on host: HostSpec, seconds: Int = 60) async throws(TransportError) -> String {
        let session = HostSession(host: host.name, transport: try await connector.open(host))
        do throws(TransportError) {
            let result = try await session.run(script, seconds: seconds)
            await session.close()
            return result.outputText
        } catch {
            await session.close()
            throw error
        }
    }

    /// Runs a script that must succeed; what it printed before its status.
    @discardableResult
    func require(
        _ script: String,
        on host: HostSpec,
        attempted: String,
        remedy: String,
        seconds: Int = 300
    ) async throws -> String {
        let session = HostSession(host: host.name, transport: try await connector.open(host))
        do {
            let text = try await session.require(script, attempted: attempted, remedy: remedy, seconds: seconds)
            await session.close()
            return text
        } catch {
            await session.close()
            throw error
        }
    }

    /// Runs scripts that must succeed on many hosts, side by side.
    ///
    /// - Throws: Once all have ended, the failure of the first host in their order; one whose state is unknown before others.
    func require(
        onEach hosts: [HostSpec],
        attempted: String,
        remedy: String,
        _ script: @escaping @Sendable (HostSpec) -> String
    ) async throws {
        let failures = await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for (index, host) in hosts.enumerated() {
                group.addTask {
                    do {
                        try await require(script(host), on: host, attempted: attempted, remedy: remedy)
                        return (index, nil)
                    } catch { return (index, error) }
                }
            }
            return await group.reduce(into: [Int: any Error]()) { $0[$1.0] = $1.1 }
        }
        if let first = LostStep.first(of: failures.sorted { $0.key < $1.key }.map(\.value)) { throw first }
    }

    /// The same question to many hosts, side by side.
    func gather<Answer: Sendable>(
        _ hosts: [HostSpec],
        seconds: Int = 60,
        _ script: @escaping @Sendable (HostSpec) -> String,
        read: @escaping @Sendable (HostSpec, String) -> Answer?
    ) async -> [String: Result<Answer?, TransportError>] {
        await withTaskGroup(of: (String, Result<Answer?, TransportError>).self) { group in
            for host in hosts {
                group.addTask {
                    do throws(TransportError) {
                        return (
                            host.name, .success(read(host, try await output(script(host), on: host, seconds: seconds)))
                        )
                    } catch { return (host.name, .failure(error)) }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
