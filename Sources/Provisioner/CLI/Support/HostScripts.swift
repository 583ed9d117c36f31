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
        let text = try await output(RotationScripts.framed(script), on: host, seconds: seconds)
        var lines = text.split(separator: "\n").map(String.init)
        let status = lines.popLast()
        guard status == "rotation-status 0" else {
            let words = Sanitised.text(lines.suffix(8).joined(separator: "\n"), limit: 1200)
            throw CommandFailure("\(host.name): \(attempted): \(words)", remedy: remedy, status: .gateFailed)
        }
        return lines.joined(separator: "\n")
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
