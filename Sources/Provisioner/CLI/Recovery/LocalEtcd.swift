import Foundation
import PKI
import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import ProvisionSSH
import SystemPackage
import Templates

#if canImport(Glibc)
import Glibc
#endif

/// etcd's own programs on this machine, from the artifact cache.
struct LocalEtcd {
    let etcd: String
    let etcdctl: String
    /// What reads snapshot files: etcdutl where the version has it.
    let fileTool: String

    /// Fetches them where they are not here yet.
    init(_ spec: ClusterSpec, _ console: Console) async throws {
        let access = ArtifactAccess(spec: spec, console: console, places: Places())
        var request = access.request
        request.components = request.components.filter { $0.family == .etcd }.union([.etcd, .etcdctl])
        request.architectures = [.current]
        let progress = ArtifactProgressLine(console: console)
        let set = try await access.store.resolve(request) { progress.show($0) }
        guard let etcd = set[.etcd, .current], let etcdctl = set[.etcdctl, .current] else {
            throw CommandFailure(
                "there is no etcd for this machine's architecture",
                remedy: "provision artifacts fetch INVENTORY",
                status: .failed
            )
        }
        self.etcd = etcd.path.string
        self.etcdctl = etcdctl.path.string
        fileTool = (set[.etcdutl, .current] ?? etcdctl).path.string
    }

    /// What a snapshot file holds.
    func status(_ path: String) async throws -> EtcdSnapshot {
        let words = [fileTool, "snapshot", "status", path, "-w", "json"].map(ShellQuoting.quote).joined(separator: " ")
        let result = try await Self.run("ETCDCTL_API=3 \(words)", seconds: 120)
        guard let content = EtcdSnapshot(json: result.outputText) else {
            throw CommandFailure(
                "\(path): etcdctl cannot read it: \(Sanitised.text(result.outputText + result.errorText, limit: 400))",
                remedy: "name a file that etcdctl snapshot save, or provision etcd snapshot, made",
                status: .failed
            )
        }
        return content
    }

    /// Boots a snapshot on the loopback and asks it; ended and removed whatever happens.
    func trial(of snapshot: String, in place: Workplace) async throws -> TrialAnswer {
        let profile = CertificateProfile(
            identifier: "trial",
            issuer: "etcd-ca",
            commonName: "trial",
            usages: [.serverAuth, .clientAuth],
            alternativeNames: [.dns("localhost"), .ip("127.0.0.1")],
            lifetime: 86_400
        )
        let store = CredentialStore(directory: place.file("tls"), now: Int64(Date().timeIntervalSince1970))
        let authority = AuthorityProfile(name: "etcd-ca", lifetime: 2 * 86_400)
        _ = try await store.credentials(authorities: [authority], leaves: [profile])
        let directory = place.file("trial")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let tls = place.file("tls/pki/etcd-ca")
        let trial = SnapshotTrial(
            directory: directory,
            snapshot: snapshot,
            etcd: etcd,
            etcdctl: etcdctl,
            fileTool: fileTool,
            ports: try Self.freePorts(),
            authority: "\(tls)/ca.crt",
            certificate: "\(tls)/trial.crt",
            key: "\(tls)/trial.key"
        )
        let result = try await Self.run(trial.script, seconds: 180)
        var answer = TrialAnswer(output: result.outputText)
        if !answer.isComplete { answer.words.append(result.errorText) }
        return answer
    }

    private static func run(_ script: String, seconds: Int) async throws(TransportError) -> CommandResult {
        let endpoint = SSHEndpoint(name: "this machine", address: "localhost", transport: .local)
        let transport = LocalTransport(endpoint: endpoint, counters: TransportCounters())
        return try await transport.run(
            RemoteCommand(
                line: "/bin/sh -s",
                input: .bytes(Secret(Array("main() {\n\(script)\n}\nmain\n".utf8))),
                timeout: .seconds(seconds),
                outputLimit: 64 << 20
            )
        )
    }

    /// Two that nobody listens on now.
    private static func freePorts() throws -> (client: UInt16, peer: UInt16) {
        var sockets: [Int32] = []
        defer { sockets.forEach { close($0) } }
        let ports = try (0..<2).map { _ -> UInt16 in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                }
            }
            guard descriptor >= 0, bound else {
                throw CommandFailure(
                    "no free port on the loopback: \(String(cString: strerror(errno)))",
                    remedy: "see which programs listen: ss -ltn",
                    status: .failed
                )
            }
            return UInt16(bigEndian: address.sin_port)
        }
        return (ports[0], ports[1])
    }
}
