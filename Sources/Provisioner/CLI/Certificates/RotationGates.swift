import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// What must be true before a rotation takes its next step.
struct RotationGates {
    let run: ClusterRun
    let store: CredentialStore
    let inventory: String

    private var scripts: HostScripts { HostScripts(connector: run.connector) }
    private var console: Console { run.context.console }
    private var controllers: [HostSpec] { run.spec.hosts(.controller) }

    /// The controller from which objects are changed.
    private func first() throws -> HostSpec {
        guard let host = controllers.first else {
            throw CommandFailure("there is no controller", remedy: "add one", status: .inventoryInvalid)
        }
        return host
    }

    private var remedy: String { "mend it, then: provision certs rotate --resume --apply \(inventory)" }

    func tell(_ message: String) {
        console.note("   \(message)")
        run.context.record(message)
    }

    /// A write and a read at every API server.
    func readWrite() async throws {
        for host in controllers {
            try await scripts.require(
                RotationScripts.readWrite,
                on: host,
                attempted: "write and read an object at its API server",
                remedy: remedy
            )
        }
        tell("every API server reads and writes")
    }

    /// Canaries of both generations at every endpoint, until all answers are right or the time is over.
    func matrix(_ rotation: Rotation, _ state: TrustState) async throws {
        let canaries = try await canaries(rotation, state)
        guard !canaries.isEmpty else { return }
        var cells: [HandshakeMatrix.Cell] = []
        for attempt in 0..<12 {
            if attempt > 0 { try await Task.sleep(for: .seconds(5)) }
            cells = try await ask(canaries)
            if !cells.isEmpty, cells.allSatisfy({ HandshakeMatrix.isRight($0, at: rotation.phase) }) { break }
        }
        HandshakeMatrix.table(cells, at: rotation.phase).forEach(tell)
        let wrong = cells.filter { !HandshakeMatrix.isRight($0, at: rotation.phase) }
        guard wrong.isEmpty else {
            let words = wrong.prefix(3).map {
                "\($0.endpoint) on \($0.host), \($0.canary): \(Sanitised.text($0.words, limit: 200))"
            }
            throw CommandFailure(
                "\(wrong.count) of \(cells.count) handshakes are not as \(rotation.phase.rawValue) must have them: \(words.joined(separator: "; "))",
                remedy: remedy,
                status: .gateFailed
            )
        }
        tell("handshake matrix: \(cells.count) of \(cells.count) as \(rotation.phase.rawValue) must have them")
    }

    private func ask(_ canaries: [HandshakeMatrix.Canary]) async throws -> [HandshakeMatrix.Cell] {
        let spec = run.spec
        let hosts = spec.hosts.filter { !HandshakeMatrix(spec: spec, host: $0, canaries: canaries).isEmpty }
        let answers = await scripts.gather(hosts) {
            HandshakeMatrix(spec: spec, host: $0, canaries: canaries).script
        } read: {
            HandshakeMatrix(spec: spec, host: $0, canaries: canaries).cells($1)
        }
        var cells: [HandshakeMatrix.Cell] = []
        for host in hosts {
            guard let found = try answers[host.name]?.get() else {
                throw CommandFailure("\(host.name) did not finish the handshakes", remedy: remedy, status: .gateFailed)
            }
            cells += found
        }
        return cells
    }

    private func canaries(_ rotation: Rotation, _ state: TrustState) async throws -> [HandshakeMatrix.Canary] {
        var list: [HandshakeMatrix.Canary] = []
        for root in rotation.roots where root != .encryption {
            for generation in [state.settled(root), state.settled(root) + 1] {
                let isNew = generation != state.settled(root)
                if root == .serviceAccount {
                    let token = try await token(generation)
                    list.append(.init(root: root, isNew: isNew, identity: Secret([]), token: token))
                } else {
                    let leaf = try await store.canary(
                        CertificateRequests.canary(root, run.spec),
                        generation: generation
                    )
                    let identity = Secret(leaf.certificate + leaf.key.reveal())
                    list.append(.init(root: root, isNew: isNew, identity: identity, token: Secret("")))
                }
            }
        }
        return list
    }

    private func token(_ generation: Int) async throws -> Secret<String> {
        let uid = try await scripts.require(
            "kc -n kube-system get serviceaccount default -o 'jsonpath={.metadata.uid}'",
            on: try first(),
            attempted: "read a service account",
            remedy: remedy
        )
        let token = ServiceAccountToken(
            issuer: "https://kubernetes.default.svc.\(run.spec.network.clusterDomain)",
            uid: uid,
            now: Int64(Date().timeIntervalSince1970),
            keyIdentifier: try keyIdentifier(generation)
        )
        let signature = try store.token(signing: Array(token.signingInput.utf8), generation: generation)
        return Secret("\(token.signingInput).\(ServiceAccountToken.encode(signature))")
    }

    /// The `kid` of one generation of the key.
    private func keyIdentifier(_ generation: Int) throws -> String {
        let pem = String(decoding: try store.serviceAccountPublicKey(generation: generation), as: UTF8.self)
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        return ServiceAccountToken.keyIdentifier(ofDER: Array(Data(base64Encoded: body) ?? Data()))
    }

    /// The header of legacy tokens that one generation signs.
    private func header(_ generation: Int) throws -> String {
        let text = "{\"alg\":\"RS256\",\"kid\":\"\(try keyIdentifier(generation))\"}"
        return ServiceAccountToken.encode(Array(text.utf8))
    }

    // What the API must hold.

    func rootBundles(_ authorities: [String: [UInt8]]) async throws {
        let bundle = authorities["kubernetes-ca"] ?? []
        try await scripts.require(
            RotationScripts.rootBundles(sha256: SHA256Digest.hex(of: bundle)),
            on: try first(),
            attempted: "see the bundle in every namespace's kube-root-ca.crt",
            remedy: remedy
        )
        tell("kube-root-ca.crt of every namespace holds the bundle")
    }

    func restartSystemPods() async throws {
        let words = try await scripts.require(
            RotationScripts.restartSystemPods,
            on: try first(),
            attempted: "restart the pods of kube-system",
            remedy: remedy,
            seconds: 400
        )
        tell("pods of kube-system: \(words.split(separator: "\n").last ?? "none")")
    }

    func renewAuthenticationConfig() async throws {
        try await scripts.require(
            RotationScripts.renewAuthenticationConfig,
            on: try first(),
            attempted: "let API servers write extension-apiserver-authentication again",
            remedy: remedy
        )
        tell("extension-apiserver-authentication was written anew")
    }

    func encryptSecrets(rewriting: Bool, under generation: Int) async throws {
        let provider = run.spec.features.encryption.rawValue
        if rewriting {
            try await scripts.require(
                RotationScripts.rewriteSecrets,
                on: try first(),
                attempted: "rewrite every Secret",
                remedy: remedy
            )
        }
        guard let member = run.spec.hosts(.etcd).first else { return }
        let words = try await scripts.require(
            RotationScripts.encryptedWith(
                provider: provider,
                key: "key\(generation)",
                address: member.internalAddress.description
            ),
            on: member,
            attempted: "see every Secret in etcd under key\(generation)",
            remedy: remedy
        )
        tell("etcd: \(words)")
    }

    func renewTokens(generation: Int) async throws {
        let words = try await scripts.require(
            RotationScripts.renewTokens(header: try header(generation)),
            on: try first(),
            attempted: "make token Secrets of the new key",
            remedy: remedy,
            seconds: 400
        )
        tell("token Secrets: \(words.split(separator: "\n").last ?? "")")
    }

    /// Pods outside of kube-system are their owners' to restart; those that are just ending are waited for.
    func requireNoOldTokens(generation: Int) async throws {
        var pods = try await podsWithOldTokens(generation)
        for _ in 0..<12 where !pods.isEmpty {
            try await Task.sleep(for: .seconds(3))
            pods = try await podsWithOldTokens(generation)
        }
        guard pods.isEmpty else {
            throw CommandFailure(
                "\(pods.count) pods still use a token of the old key: \(pods.prefix(5).joined(separator: ", "))",
                remedy:
                    "restart them (kubectl rollout restart), then: provision certs rotate --resume --apply \(inventory)",
                status: .gateFailed
            )
        }
        tell("no pod uses a token Secret of the old key")
    }

    private func podsWithOldTokens(_ generation: Int) async throws -> [String] {
        let words = try await scripts.require(
            RotationScripts.podsWithOldTokens(header: try header(generation)),
            on: try first(),
            attempted: "list pods that use a token of the old key",
            remedy: remedy
        )
        return words.split(separator: "\n").filter { $0.hasPrefix("pod ") }.map(String.init)
    }

    func deleteOldTokens(generation: Int) async throws {
        try await scripts.require(
            RotationScripts.deleteOldTokens(header: try header(generation)),
            on: try first(),
            attempted: "delete token Secrets of the old key",
            remedy: remedy,
            seconds: 200
        )
    }

    func snapshot(_ name: String) async throws {
        guard let member = run.spec.hosts(.etcd).first else {
            throw CommandFailure(
                "no host of this inventory runs etcd",
                remedy: "snapshot it by its own means",
                status: .refused
            )
        }
        let words = try await scripts.require(
            RotationScripts.snapshot(named: name, address: member.internalAddress.description),
            on: member,
            attempted: "save a snapshot of etcd",
            remedy: "see why: journalctl -u etcd on \(member.name); nothing was changed"
        )
        tell("etcd snapshot on \(member.name): \(words.split(separator: "\n").suffix(2).joined(separator: " at "))")
    }
}
