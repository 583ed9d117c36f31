import ProvisionCore
import ProvisionEngine
import Templates

/// Asks etcd before hosts go that nobody takes out of it first.
struct EtcdLossGuard {
    let run: ClusterRun
    let inventory: String
    let drains: Bool
    let keepsData: Bool

    /// Refuses to let the files of these hosts go where etcd would lose its quorum, or perhaps the last copy of its data.
    ///
    /// - Parameters:
    ///   - hosts: Those whose files go.
    ///   - console: Where a remark is made; `nil` where it was made before.
    /// - Throws: `CommandFailure` with the reason.
    func check(_ hosts: [HostSpec], telling console: Console? = nil) async throws {
        let leaving = hosts.filter { $0.has(.etcd) }
        guard !leaving.isEmpty else { return }
        let loss = EtcdLoss(leaving: leaving, voices: await voices(leaving))
        if let refusal = loss.refusal(drains: drains, keepsData: keepsData, inventory: inventory) {
            throw CommandFailure(refusal.why, remedy: refusal.remedy, status: .refused)
        }
        guard case .data(let names) = loss.verdict else { return }
        console?.note("‼ no majority of etcd is healthy; its data stays on \(names.joined(separator: ", "))")
    }

    /// Members' hosts that stay, as locks want them; none where no member goes.
    ///
    /// - Parameters:
    ///   - leaving: The hosts whose files go.
    ///   - refused: Hosts that are not this cluster's, where nothing may be touched.
    /// - Returns: One without a session where a host is not reached.
    func staying(beside leaving: [HostSpec], except refused: Set<String>) async -> [ObservedLane] {
        guard leaving.contains(where: { $0.has(.etcd) }) else { return [] }
        let others = refused.union(leaving.map(\.name))
        let lanes = run.spec.hosts(.etcd).filter { !others.contains($0.name) }.map { host in
            Plan.Lane(host: host, stages: [Stage("machine", resources: [MachineResource()])])
        }
        return await run.executor.observe(Plan(cluster: run.spec.name, lanes: lanes))
    }

    private func voices(_ leaving: [HostSpec]) async -> [String: EtcdVoice] {
        let members = run.spec.hosts(.etcd)
        let former = leaving.filter { host in !members.contains { $0.name == host.name } }
        let directory = run.spec.etcd.dataDirectory
        let answers = await HostScripts(connector: run.connector).gather(members + former) { host in
            "\(Prelude.probing)\n\(EtcdVoice.script(address: host.internalAddress, dataDirectory: directory))"
        } read: { _, answer in
            EtcdVoice(answer: answer)
        }
        return answers.reduce(into: [:]) { voices, answer in
            if case .success(let voice?) = answer.value { voices[answer.key] = voice }
        }
    }
}
