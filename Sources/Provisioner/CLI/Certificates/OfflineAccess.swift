import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import ProvisionSSH

/// The way to a cluster whose API cannot be asked: SSH, clocks first.
struct OfflineAccess {
    let spec: ClusterSpec
    let connector: HostConnector
    let inventory: String
    let id: String

    init(spec: ClusterSpec, connector: HostConnector, inventory: String) {
        self.spec = spec
        self.connector = connector
        self.inventory = inventory
        id = Timestamp.now().replacing(":", with: "").replacing("-", with: "")
    }

    /// Before a plan can be made, since the store issues nothing from an authority that has ended.
    init(_ loaded: LoadedInventory, _ options: InventoryOptions, _ console: Console) throws {
        self.init(
            spec: loaded.spec,
            connector: HostConnector(loaded.spec, options, console),
            inventory: options.inventory
        )
    }

    /// What is done, in order.
    let stages = [
        "clocks of all hosts and of this machine are compared",
        "the store is copied; the next generation is made and is the only one from now on",
        "etcd's members, API servers, controller-managers and schedulers, kubelets, kube-proxies start from it, each as soon as what it needs stands",
        "kube-root-ca.crt, extension-apiserver-authentication and the pods of kube-system follow; handshakes prove it",
    ]

    /// The authorities that have ended, and those whose way back has begun; refuses where there are none, for then the
    /// cluster need not go down.
    func ended(_ store: CredentialStore, _ state: TrustState) throws -> [TrustRoot] {
        let begun = state.rotation.map { $0.recovery == nil ? [] : $0.roots.filter(\.isAuthority) } ?? []
        let ended = try store.ended(CertificateRequests.authorities(of: spec))
        guard !begun.isEmpty || !ended.isEmpty else {
            throw CommandFailure(
                "no authority has ended: --offline would stop a cluster that can be rotated while it serves",
                remedy:
                    "provision certs rotate ca --apply \(inventory); where only leaves have ended: provision certs renew --offline \(inventory)",
                status: .refused
            )
        }
        return begun + ended.filter { !begun.contains($0) }
    }

    /// Every host must be reached: one that is left out would come back with what nobody trusts.
    func requireAll() async throws {
        try await LabGuard.check(spec, Places(), inventory: inventory)
        let gathered = try await clocks()
        guard let (host, failure) = gathered.failures.min(by: { $0.key < $1.key }) else { return }
        throw CommandFailure(
            "\(host) is not reachable: \(failure.summary)",
            remedy: "bring it back, or take it out of the inventory",
            status: .refused
        )
    }

    /// A cluster that answers is renewed while it serves: without its API every member would restart at once.
    func requireSilence() async throws {
        let hosts = spec.hosts.filter { $0.has(.controller) || $0.has(.etcd) }
        let answers = await HostScripts(connector: connector).gather(hosts) {
            RotationScripts.framed(ServingQuestion.question(for: $0))
        } read: { _, words in
            words
        }
        guard let host = ServingQuestion.serving(answers.compactMapValues { try? $0.get() }) else { return }
        throw CommandFailure(
            "the API server on \(host) answers: --offline would restart every member at once",
            remedy:
                "leave --offline out and say which leaves, as --expiring-within 0s; provision apply \(inventory) rolls out those that were issued",
            status: .refused
        )
    }

    /// Certificates issued by a wrong clock would be refused: time comes before everything else.
    func requireClocks() async throws { _ = try await clocks() }

    private func clocks() async throws -> FactsGathering {
        try await ClockGuard(spec: spec, connector: connector).check()
    }
}
