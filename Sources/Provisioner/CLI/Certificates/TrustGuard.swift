import PKI
import ProvisionCore
import ProvisionEngine

/// Asks hosts whom they trust before a store is believed: it may be a copy from another time.
struct TrustGuard {
    let spec: ClusterSpec
    let store: CredentialStore
    let connector: HostConnector
    let inventory: String

    /// What hosts show, in one round trip each.
    ///
    /// - Parameter hosts: Whom to ask.
    /// - Returns: Their position.
    /// - Throws: `CommandFailure` where a host does not answer; `CredentialStoreError`.
    func position(of hosts: [HostSpec]) async throws -> TrustPosition {
        let catalog = CertificateCatalog.certificates(of: spec)
        let inspections = hosts.reduce(into: [:]) {
            $0[$1.name] = CertificateInspection(host: $1, spec: spec, catalog: catalog)
        }
        let answers = await HostScripts(connector: connector).gather(hosts) {
            inspections[$0.name]?.diskScript ?? ""
        } read: {
            inspections[$0.name]?.answer($1)
        }
        let reading = TrustReading(known: try known())
        var sights: [TrustPosition.Sight] = []
        for host in hosts {
            guard let inspection = inspections[host.name], !inspection.trustFiles.isEmpty else { continue }
            guard let answer = try answers[host.name]?.get() else {
                throw CommandFailure(
                    "\(host.name) did not say whom it trusts",
                    remedy: "provision check \(inventory)",
                    status: .refused
                )
            }
            sights += reading.sights(inspection, answer, host: host.name)
        }
        return TrustPosition(sights: sights)
    }

    /// Every generation that the store knows.
    func known() throws -> [TrustRoot: [KnownGeneration]] {
        let profiles = CertificateRequests.authorities(of: spec)
        return try TrustRoot.allCases.reduce(into: [:]) { known, root in
            known[root] = try store.generations(of: root, profile: profiles.first { $0.name == root.rawValue })
        }
    }

    /// Hosts on which a trust file is there and is not what the plan would write.
    static func changing(_ observed: [ObservedLane], in spec: ClusterSpec) -> [HostSpec] {
        observed.filter { lane in
            let paths = Set(TrustFile.all(of: lane.lane.host, in: spec).map { FileResource.id(path: $0.path) })
            return zip(lane.lane.resources, zip(lane.verdicts, lane.answers)).contains { resource, seen in
                paths.contains(resource.id) && !seen.0.isSame && seen.1.text != "absent"
            }
        }.map(\.lane.host)
    }

    /// Refuses a store that hosts have left behind, before it changes whom they trust.
    func check(_ observed: [ObservedLane]) async throws {
        let hosts = Self.changing(observed, in: spec)
        guard !hosts.isEmpty else { return }
        let state = try store.trustState()
        switch try await position(of: hosts).decide(state) {
        case .agrees: return
        case .refuse(let why): throw refusal(why)
        case .move(_, let why):
            throw CommandFailure(
                why,
                remedy: "provision certs rotate --resume --apply \(inventory) goes on from where the hosts stand",
                status: .refused
            )
        }
    }

    func refusal(_ why: [String]) -> CommandFailure {
        CommandFailure(why.joined(separator: "; "), remedy: RotationRefusal.otherStore, status: .refused)
    }
}
