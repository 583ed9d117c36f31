import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// Who is believed by whom.
extension RotationGates {
    /// Canaries of both generations at every endpoint, until all answers are right or the time is over.
    func matrix(_ rotation: Rotation, _ state: TrustState) async throws {
        let canaries = try await canaries(rotation, state)
        guard !canaries.isEmpty else { return }
        var cells: [HandshakeMatrix.Cell] = []
        for attempt in 0..<14 {
            if attempt > 0 { try await Task.sleep(for: Self.pause(after: attempt)) }
            cells = try await ask(canaries)
            if !cells.isEmpty, cells.allSatisfy({ HandshakeMatrix.isRight($0, at: rotation.phase) }) { break }
        }
        HandshakeMatrix.table(cells, at: rotation.phase).forEach(tell)
        let wrong = cells.filter { !HandshakeMatrix.isRight($0, at: rotation.phase) }
        guard wrong.isEmpty else {
            let words = wrong.prefix(3).map {
                "\(HandshakeMatrix.name($0)): \(Sanitised.text($0.words, limit: 200))"
            }
            throw CommandFailure(
                "\(wrong.count) of \(counted(cells.count, "handshake")) are not as \(rotation.phase.rawValue) must have them: \(words.joined(separator: "; "))",
                remedy: remedy,
                status: .gateFailed
            )
        }
        tell("handshake matrix: \(cells.count) of \(cells.count) as \(rotation.phase.rawValue) must have them")
    }

    private func ask(_ canaries: [HandshakeMatrix.Canary]) async throws -> [HandshakeMatrix.Cell] {
        let spec = run.spec
        let hosts = spec.hosts.filter { !HandshakeMatrix(spec: spec, host: $0, canaries: canaries).isEmpty }
        let matrices = hosts.reduce(into: [:]) {
            $0[$1.name] = HandshakeMatrix(spec: spec, host: $1, canaries: canaries)
        }
        let answers = await scripts.gather(hosts, seconds: matrices.values.map(\.seconds).max() ?? 60) {
            matrices[$0.name]?.script ?? ""
        } read: {
            matrices[$0.name]?.cells($1)
        }
        return hosts.flatMap { host -> [HandshakeMatrix.Cell] in
            switch answers[host.name] {
            case .success(let cells?): cells
            case .failure(let error): [.unanswered(host.name, error.summary)]
            case .success(nil), nil: [.unanswered(host.name, "the answer has no end")]
            }
        }
    }

    private func canaries(_ rotation: Rotation, _ state: TrustState) async throws -> [HandshakeMatrix.Canary] {
        var list: [HandshakeMatrix.Canary] = []
        var uid = ""
        if rotation.roots.contains(.serviceAccount) { uid = try await accountUID() }
        for root in rotation.roots where root != .encryption {
            for generation in [state.settled(root), state.settled(root) + 1] {
                let isNew = generation != state.settled(root)
                // What an ended authority issues is refused for its time already.
                if try store.hasEnded(root, generation: generation) { continue }
                if root == .serviceAccount {
                    list += try tokens(generation, isNew: isNew, of: uid)
                } else if let canary = try await canary(root, generation, isNew: isNew) {
                    list.append(canary)
                } else {
                    tell("no canary of the \(isNew ? "new" : "old") \(root.rawValue): its key is not here")
                }
            }
        }
        return list
    }

    /// Made in memory where the key is here; of an old generation without it, a leaf that it issued stands in.
    private func canary(_ root: TrustRoot, _ generation: Int, isNew: Bool) async throws -> HandshakeMatrix.Canary? {
        let authorities = CertificateRequests.authorities(of: run.spec)
        guard let authority = authorities.first(where: { $0.name == root.rawValue }) else { return nil }
        let profile = CertificateRequests.canary(root, run.spec)
        if let leaf = try await store.canary(profile, generation: generation, authority: authority) {
            let identity = Secret(leaf.certificate + leaf.key.reveal())
            return .init(root: root, isNew: isNew, identity: identity, token: Secret(""))
        }
        guard !isNew, let standIn = HandshakeMatrix.standIn(for: root, in: run.spec),
            let identity = try store.keptLeaf(standIn.identifier, of: root)
        else { return nil }
        return .init(root: root, isNew: isNew, identity: identity, token: Secret(""), user: standIn.subject.commonName)
    }

    /// The UID of the account whose tokens are shown.
    private func accountUID() async throws -> String {
        try await scripts.require(
            "kc -n kube-system get serviceaccount default -o 'jsonpath={.metadata.uid}'",
            on: try first(),
            attempted: "read a service account",
            remedy: remedy
        )
    }

    /// A token as each API server wants it: whom it names as its issuer, and whom it is for, is a matter of flags.
    private func tokens(_ generation: Int, isNew: Bool, of uid: String) throws -> [HandshakeMatrix.Canary] {
        let servers = Dictionary(grouping: run.spec.hosts(.controller)) { APIServerFlags(of: $0, in: run.spec) }
        return try servers.map { flags, hosts in
            HandshakeMatrix.Canary(
                root: .serviceAccount,
                isNew: isNew,
                identity: Secret([]),
                token: try token(generation, flags, uid: uid),
                hosts: Set(hosts.map(\.name))
            )
        }
    }

    private func token(_ generation: Int, _ flags: APIServerFlags, uid: String) throws -> Secret<String> {
        let token = ServiceAccountToken(
            issuer: flags.issuer,
            audiences: flags.audiences,
            uid: uid,
            now: Int64(Date().timeIntervalSince1970),
            keyIdentifier: try keyIdentifier(generation)
        )
        let signature = try store.token(signing: Array(token.signingInput.utf8), generation: generation)
        return Secret("\(token.signingInput).\(ServiceAccountToken.encode(signature))")
    }

    /// The `kid` of one generation of the key.
    func keyIdentifier(_ generation: Int) throws -> String {
        let key = try store.generations(of: .serviceAccount).first { $0.number == generation }?.open ?? []
        guard !key.isEmpty else {
            throw CommandFailure(
                "\(run.spec.pki.directory) has no public key \(generation) of service accounts",
                remedy: "restore it from a copy of the store",
                status: .refused
            )
        }
        let lines = String(decoding: key, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
        return ServiceAccountToken.keyIdentifier(ofDER: Array(Data(base64Encoded: lines.joined()) ?? Data()))
    }
}
