import PKI
import Templates

/// A plan as text, host by host.
struct RenderedCluster {
    let spec: ClusterSpec
    let hosts: [RenderedHost]

    init(spec: ClusterSpec, plan: Plan) {
        self.spec = spec
        hosts = plan.lanes.map(RenderedHost.init)
    }

    /// The hosts that run a unit.
    func running(_ unit: String) -> [(host: RenderedHost, unit: UnitText)] {
        hosts.compactMap { host in host.unit(unit).map { (host, $0) } }
    }

    /// Objects of a kind in the manifests that any host applies.
    func objects(_ kind: String) -> [(place: ConsistencyViolation.Place, object: ConfigDocument)] {
        hosts.flatMap { host in
            host.documents.sorted { $0.key < $1.key }.flatMap { path, documents in
                documents.filter { $0["kind"]?.text == kind }.map { (.init(host.name, path), $0) }
            }
        }
    }
}

/// One lane as text: what would lie on the host, read back.
struct RenderedHost {
    let spec: HostSpec
    let resources: [any Resource]
    let files: [String: RenderedFile]
    let units: [UnitText]
    let documents: [String: [ConfigDocument]]
    /// Certificates by path; a bundle has several.
    private let certificates: [String: [CertificateFacts]]
    /// Files that are no YAML or no certificate, and the parser's words.
    private(set) var unreadable: [String: String] = [:]

    var name: String { spec.name }

    init(_ lane: Plan.Lane) {
        spec = lane.host
        resources = lane.resources
        let all = resources.compactMap { ($0 as? FileResource)?.file }
        files = Dictionary(all.map { ($0.path, $0) }) { first, _ in first }
        units = all.filter { $0.path.hasSuffix(".service") }.map(UnitText.init)
        var documents: [String: [ConfigDocument]] = [:]
        for file in all where Self.isYAML(file.path) {
            do { documents[file.path] = try ConfigDocument.read(file) } catch { unreadable[file.path] = "no YAML" }
        }
        self.documents = documents
        var certificates: [String: [CertificateFacts]] = [:]
        for file in all where file.path.hasSuffix(".crt") || file.path.hasSuffix(".pem") {
            do { certificates[file.path] = try Self.certificates(file.text) } catch {
                unreadable[file.path] = "no certificate"
            }
        }
        self.certificates = certificates
    }

    /// Every certificate of a PEM text, without its keys.
    private static func certificates(_ text: String) throws -> [CertificateFacts] {
        let end = "-----END CERTIFICATE-----"
        let parts = text.split(separator: end).filter { $0.contains("-----BEGIN CERTIFICATE-----") }
        let facts = try parts.map { try CertificateFacts(pem: Array("\($0)\(end)\n".utf8)) }
        return facts.isEmpty ? [try CertificateFacts(pem: Array(text.utf8))] : facts
    }

    private static func isYAML(_ path: String) -> Bool {
        if path.hasSuffix(".yaml") || path.hasSuffix(".conflist") || path.hasSuffix("/.kube/config") { return true }
        return path.hasSuffix(".conf") && (path.hasPrefix("/etc/kubernetes/") || path.hasPrefix("/etc/cni/"))
    }

    func unit(_ name: String) -> UnitText? { units.first { $0.name == name } }
    func document(_ path: String?) -> ConfigDocument? { path.flatMap { documents[$0]?.first } }
    func certificate(_ path: String?) -> CertificateFacts? { bundle(path).first }
    func bundle(_ path: String?) -> [CertificateFacts] { path.flatMap { certificates[$0] } ?? [] }

    var kubeconfigs: [KubeconfigText] {
        documents.sorted { $0.key < $1.key }.compactMap { path, documents in
            documents.first.flatMap { KubeconfigText(path: path, $0) }
        }
    }

    /// The variables of a unit's EnvironmentFile.
    func environment(of unit: UnitText) -> [String: String] {
        let texts = unit.values("EnvironmentFile").compactMap { files[$0]?.text }
        let pairs = texts.flatMap { $0.split(separator: "\n") }.map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(pairs.filter { $0.count == 2 }.map { (String($0[0]), String($0[1])) }) { $1 }
    }

    /// A place on this host.
    func place(_ item: String) -> ConsistencyViolation.Place { .init(name, item) }
    func place(_ unit: UnitText, _ flag: String) -> ConsistencyViolation.Place { place("\(unit.name) --\(flag)") }
}
