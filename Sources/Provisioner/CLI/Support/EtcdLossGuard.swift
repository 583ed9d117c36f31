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
    /// - Throws: `CommandFailure` with the reason.
    func check(_ hosts: [HostSpec], _ console: Console) async throws {
        let leaving = hosts.filter { $0.has(.etcd) }
        guard !leaving.isEmpty else { return }
        let loss = EtcdLoss(leaving: leaving, voices: await voices(leaving))
        if let refusal = loss.refusal(drains: drains, keepsData: keepsData, inventory: inventory) {
            throw CommandFailure(refusal.why, remedy: refusal.remedy, status: .refused)
        }
        guard case .data(let names) = loss.verdict else { return }
        console.note("‼ no majority of etcd answers; its data stays on \(names.joined(separator: ", "))")
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
