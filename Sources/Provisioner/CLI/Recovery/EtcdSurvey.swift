import ProvisionCore
import ProvisionEngine

/// Asks every member's host, side by side, in one round trip each.
enum EtcdSurvey {
    static func take(_ access: HostAccess) async -> EtcdOverview {
        let spec = access.spec
        let answers = await access.scripts.gather(spec.hosts(.etcd)) {
            script($0, spec)
        } read: { host, answer in
            EtcdMember(host, answer: answer)
        }
        return EtcdOverview(
            members: spec.hosts(.etcd).map { host in
                switch answers[host.name] {
                case .success(let member?)?: member
                case .failure(let error)?: EtcdMember(host, failure: error.summary)
                default: EtcdMember(host, failure: "no answer")
                }
            }
        )
    }

    /// The same over sessions that are open, side by side; a host without an answer is missing.
    static func take(_ spec: ClusterSpec, beside sessions: [String: HostSession]) async -> EtcdOverview {
        await withTaskGroup(of: EtcdMember?.self) { group in
            for host in spec.hosts(.etcd) {
                guard let session = sessions[host.name] else { continue }
                group.addTask { try? await ask(host, spec, session) }
            }
            let members = await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            return EtcdOverview(members: members.sorted { $0.host < $1.host })
        }
    }

    /// The same, one after another; a lost connection ends it.
    static func take(_ access: HostAccess, over sessions: [String: HostSession]) async throws -> EtcdOverview {
        var members: [EtcdMember] = []
        for host in access.spec.hosts(.etcd) {
            guard let session = sessions[host.name] else { continue }
            members.append(try await ask(host, access.spec, session))
        }
        return EtcdOverview(members: members)
    }

    private static func ask(_ host: HostSpec, _ spec: ClusterSpec, _ session: HostSession) async throws -> EtcdMember {
        EtcdMember(host, answer: try await session.run(script(host, spec), seconds: 60).outputText)
    }

    private static func script(_ host: HostSpec, _ spec: ClusterSpec) -> String {
        "\(Prelude.probing)\n\(EtcdScripts(host: host, dataDirectory: spec.etcd.dataDirectory).status)"
    }
}
