import ProvisionCore
import ProvisionEngine

/// One session per host, opened when it is first needed.
actor SessionPool {
    private let connector: HostConnector
    private var sessions: [String: HostSession] = [:]

    init(connector: HostConnector) { self.connector = connector }

    /// Runs a small script on a host and gives back its lines.
    func lines(_ script: String, on host: HostSpec) async throws(TransportError) -> [String] {
        let session: HostSession
        if let open = sessions[host.name] {
            session = open
        } else {
            session = HostSession(host: host.name, transport: try await connector.open(host))
            sessions[host.name] = session
        }
        return try await session.run(script).outputText.split(separator: "\n").map(String.init)
    }

    func close() async {
        for session in sessions.values { await session.close() }
        sessions = [:]
    }
}
