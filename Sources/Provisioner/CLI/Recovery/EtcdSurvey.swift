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
