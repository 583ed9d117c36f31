import ProvisionCore
import ProvisionEngine

/// Asks every member's host, side by side, in one round trip each.
enum EtcdSurvey {
    static func take(_ access: HostAccess) async -> EtcdOverview {
        let hosts = access.spec.hosts(.etcd)
        let directory = access.spec.etcd.dataDirectory
        let answers = await access.scripts.gather(hosts) { host in
            "\(Prelude.probing)\n\(EtcdScripts(host: host, dataDirectory: directory).status)"
        } read: { host, answer in
            EtcdMember(host, answer: answer)
        }
        return EtcdOverview(
            members: hosts.map { host in
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
                let script = EtcdScripts(host: host, dataDirectory: spec.etcd.dataDirectory).status
                group.addTask {
                    let answer = try? await session.run("\(Prelude.probing)\n\(script)", seconds: 60)
                    return answer.flatMap { EtcdMember(host, answer: $0.outputText) }
                }
            }
            let members = await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            return EtcdOverview(members: members.sorted { $0.host < $1.host })
        }
    }

    /// The same over sessions that are open.
    static func take(_ access: HostAccess, over sessions: [String: HostSession]) async throws -> EtcdOverview {
        var members: [EtcdMember] = []
        for host in access.spec.hosts(.etcd) {
            guard let session = sessions[host.name] else { continue }
            let scripts = EtcdScripts(host: host, dataDirectory: access.spec.etcd.dataDirectory)
            let answer = try await session.run("\(Prelude.probing)\n\(scripts.status)", seconds: 60)
            members.append(EtcdMember(host, answer: answer.outputText))
        }
        return EtcdOverview(members: members)
    }
}
