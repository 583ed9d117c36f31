import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// What the API and etcd must hold.
extension RotationGates {
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

    /// Prints of the generations of an authority that are accepted now, and of the one that is not any more.
    func prints(_ root: TrustRoot, _ state: TrustState) throws -> (accepted: [String], gone: [String]) {
        let accepted = state.inForce(root).accepted
        let known = try store.generations(of: root)
        func of(_ isWanted: (Int) -> Bool) -> [String] {
            known.filter { isWanted($0.number) }.flatMap { PEMBlocks.prints($0.open) }
        }
        return (of(accepted.contains), of { !accepted.contains($0) })
    }

    /// What every running pod has mounted; the kubelet brings it, and programs that read it again see it.
    func mountedBundles(_ state: TrustState) async throws {
        let (wanted, unwanted) = try prints(.kubernetes, state)
        let pods = try await mounting(seconds: 240) {
            RotationScripts.mountedBundles(
                wanted: wanted,
                unwanted: unwanted,
                seconds: 180,
                in: RotationScripts.podDirectory(of: $0)
            )
        }
        guard pods.isEmpty else {
            throw CommandFailure(
                "\(counted(pods.count, "pod has", "pods have")) not got the bundle yet: \(pods.prefix(5).joined(separator: ", "))",
                remedy: "restart them, or their node's kubelet; \(remedy)",
                status: .gateFailed
            )
        }
        tell("the ca.crt that is mounted in every running pod holds the bundle")
    }

    /// Names of running pods that a script on every worker finds by their UID.
    func mounting(
        seconds: Int = 60,
        _ script: @escaping @Sendable (HostSpec) -> String
    ) async throws -> [String] {
        let workers = run.spec.hosts(.worker)
        let answers = await scripts.gather(workers, seconds: seconds) {
            RotationScripts.framed(script($0))
        } read: { _, text in
            text.hasSuffix("rotation-status 0\n") ? text : nil
        }
        var found: Set<String> = []
        for worker in workers {
            guard let text = try answers[worker.name]?.get() else {
                throw CommandFailure(
                    "\(worker.name): what pods have mounted cannot be read",
                    remedy: remedy,
                    status: .gateFailed
                )
            }
            found.formUnion(text.split(separator: "\n").filter { $0.hasPrefix("pod ") }.map { String($0.dropFirst(4)) })
        }
        guard !found.isEmpty else { return [] }
        let names = try await scripts.require(
            RotationScripts.podNames,
            on: try first(),
            attempted: "list pods",
            remedy: remedy
        )
        return names.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 && found.contains(String(words[0])) ? String(words[1]) : nil
        }.sorted()
    }

    /// What extension servers are told must be what API servers trust.
    func authenticationConfig(_ state: TrustState) async throws {
        try await scripts.require(
            RotationScripts.authenticationConfig(
                clients: try prints(.kubernetes, state).accepted,
                proxies: try prints(.frontProxy, state).accepted
            ),
            on: try first(),
            attempted: "see every authority in extension-apiserver-authentication",
            remedy: remedy
        )
        tell("extension-apiserver-authentication holds what API servers trust")
    }

    /// Objects whose owners must give them the new authority before the old one goes.
    func objectsOfTheOld(_ state: TrustState) async throws -> [String] {
        let old = state.settled(.kubernetes)
        let known = try store.generations(of: .kubernetes)
        func prints(_ number: Int) -> [String] {
            known.filter { $0.number == number }.flatMap { PEMBlocks.prints($0.open) }
        }
        let words = try await scripts.require(
            RotationScripts.objectsTrusting(prints(old), without: prints(old + 1)),
            on: try first(),
            attempted: "read the authorities in webhooks, APIServices and CRDs",
            remedy: remedy
        )
        return words.split(separator: "\n").filter { $0.hasPrefix("object ") }.map { String($0.dropFirst(7)) }
    }

    func requireNoObjectsOfTheOld(_ state: TrustState) async throws {
        let objects = try await objectsOfTheOld(state)
        guard objects.isEmpty else {
            throw CommandFailure(
                "\(counted(objects.count, "object trusts", "objects trust")) the old authority alone: \(objects.prefix(5).joined(separator: ", "))",
                remedy:
                    "give their caBundle both authorities (kubectl edit), then: provision certs rotate --resume --apply \(inventory)",
                status: .gateFailed
            )
        }
        tell("no webhook, APIService, CRD or cluster-info trusts the old authority alone")
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
        if rewriting { try await rewriteSecrets() }
        guard let member = run.spec.hosts(.etcd).first else { return }
        let words = try await scripts.require(
            RotationScripts.encryptedWith(
                provider: run.spec.features.encryption.rawValue,
                key: "key\(generation)",
                address: member.internalAddress.description,
                prefix: APIServerFlags(of: try first(), in: run.spec).etcdPrefix
            ),
            on: member,
            attempted: "see every Secret in etcd under key\(generation)",
            remedy: remedy,
            seconds: 1800
        )
        tell("etcd: \(words)")
    }

    private func rewriteSecrets() async throws {
        let host = try first()
        let words = try await scripts.require(
            RotationScripts.secretCounts,
            on: host,
            attempted: "count Secrets",
            remedy: remedy,
            seconds: 400
        )
        let turns = SecretTurn.all(in: words)
        for turn in turns {
            try await scripts.require(
                RotationScripts.rewriteSecrets(turn),
                on: host,
                attempted: "rewrite every Secret",
                remedy: remedy,
                seconds: turn.seconds + 60
            )
        }
        let count = turns.reduce(0) { $0 + $1.secrets }
        tell("\(count) Secrets were written again, under the key that writes now")
    }
}
