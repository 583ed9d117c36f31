import FoundationEssentials
import Templates

/// Where the store stands: `rotation.json`, replaced whole; without it every root is at its first generation.
extension CredentialStore {
    private static let stateName = "rotation.json"

    package func trustState() throws(CredentialStoreError) -> TrustState {
        guard let bytes = try directory.read(Self.stateName) else { return TrustState() }
        let state = try? JSONDecoder().decode(TrustState.self, from: Data(bytes))
        guard let state, state.version == TrustState().version else {
            throw CredentialStoreError(
                code: .damaged,
                subject: directory.file(Self.stateName),
                reason: state == nil ? "it cannot be read" : "it was written by a newer version of this tool",
                remedy: "restore it from a backup, or use the newer version; without it nobody knows what is trusted"
            )
        }
        return state
    }

    /// Makes a state the one in force, then lets the files that people and programs read follow it.
    package func move(to state: TrustState) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try directory.write(Array(try encoder.encode(state)) + [0x0A], to: Self.stateName)
        try follow(state)
    }

    /// Appends a line to the store's own record of rotations.
    package func record(_ line: String) throws(CredentialStoreError) {
        let name = "rotations.log"
        let bytes = try directory.read(name) ?? []
        let time = Date(timeIntervalSince1970: TimeInterval(now)).formatted(.iso8601)
        try directory.write(bytes + Array("\(time) \(line)\n".utf8), to: name)
    }

    package var recordedRotations: String {
        ((try? directory.read("rotations.log")) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Ids of the rotations that have ended, done or taken back, as far as this store knows.
    package func endedRotations() throws(CredentialStoreError) -> Set<String> {
        var ended: Set<String> = []
        for line in recordedRotations.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count > 2, words[1].hasSuffix(":"), words[2] == "done;" || words[2] == "taken" else { continue }
            ended.insert(String(words[1].dropLast()))
        }
        if let last = try trustState().ended { ended.insert(last.id) }
        return ended
    }

    /// The files with fixed names (`ca.crt`, `ca.key`, `sa.key`, `sa.pub`, `encryption.key`) follow the state while a
    /// rotation is in progress; a crash between the two heals on the next load.
    func follow(_ state: TrustState) throws {
        for root in state.rotation?.roots ?? [] {
            let (accepted, issuing) = state.inForce(root)
            let place = place(of: root)
            let names = place.names
            for generation in [state.settled(root), state.settled(root) + 1] { try readmit(root, generation) }
            if isElsewhere(root, issuing) {
                try dropKey(root)
            } else {
                try put(try secret(root, issuing), names.secret, place.folder)
            }
            guard let open = names.open else { continue }
            try put(try accepted.flatMap { try publicPart(root, $0) }, open, place.folder)
        }
    }

    private func put(_ bytes: [UInt8], _ name: String, _ folder: SecureDirectory) throws(CredentialStoreError) {
        if try folder.read(name) != bytes { try folder.write(bytes, to: name) }
    }

    /// The secret of one generation while its root is being rotated, as it lies in the store.
    func secret(_ root: TrustRoot, _ generation: Int) throws(CredentialStoreError) -> [UInt8] {
        try part(root, place(of: root).secret(generation), isSecret: true)
    }

    /// The public part of one generation; an encryption key has none.
    func publicPart(_ root: TrustRoot, _ generation: Int) throws(CredentialStoreError) -> [UInt8] {
        guard let name = place(of: root).open(generation) else { return [] }
        return try part(root, name, isSecret: false)
    }

    private func part(_ root: TrustRoot, _ name: String, isSecret: Bool) throws(CredentialStoreError) -> [UInt8] {
        let folder = place(of: root).folder
        if let bytes = try folder.read(name, isSecret: isSecret) { return bytes }
        throw CredentialStoreError(
            code: isSecret ? .authorityKeyMissing : .damaged,
            subject: folder.file(name),
            reason: "it is lost while \(root.rawValue) is being rotated",
            remedy:
                "restore it from a backup; what was in force before lies in the copy that the rotation made (copies/): provision certs extract"
        )
    }

    func place(of root: TrustRoot) -> RootPlace {
        switch root {
        case .kubernetes, .etcd, .frontProxy: RootPlace(folder: folder(of: root.rawValue), stem: "ca", open: "crt")
        case .serviceAccount:
            RootPlace(folder: SecureDirectory(path: directory.file("pki")), stem: "sa", open: "pub")
        case .encryption: RootPlace(folder: directory, stem: "encryption", open: nil)
        }
    }
}

/// Names of a root's files: `ca.key` and `ca.crt` in force, `ca-g2.key` and `ca-g2.crt` of one generation.
struct RootPlace {
    let folder: SecureDirectory
    let stem: String
    /// Extension of the public part.
    let open: String?

    var names: (secret: String, open: String?) { ("\(stem).key", open.map { "\(stem).\($0)" }) }

    func secret(_ generation: Int) -> String { "\(stem)-g\(generation).key" }
    func open(_ generation: Int) -> String? { open.map { "\(stem)-g\(generation).\($0)" } }
}
