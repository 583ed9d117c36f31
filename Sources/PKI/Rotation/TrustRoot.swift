/// What a cluster's trust hangs on; each can be replaced by a next generation.
package enum TrustRoot: String, Sendable, Hashable, Codable, CaseIterable {
    case kubernetes = "kubernetes-ca"
    case etcd = "etcd-ca"
    case frontProxy = "front-proxy-ca"
    case serviceAccount = "service-account"
    case encryption = "encryption-key"

    package var isAuthority: Bool { self != .serviceAccount && self != .encryption }
}

/// How far a rotation has come; the order of the cases is its way, and a way back is the same way backwards.
package enum RotationPhase: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// The next generation is made, and nobody has heard of it.
    case oldOnly = "old-only"
    /// Everybody trusts both; what is presented is still old.
    case trustBoth = "trust-both"
    /// Everybody trusts both; what is presented is new.
    case newLeaves = "new-leaves"
    /// The old generation is trusted by nobody.
    case distrust

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package var next: RotationPhase? { Self.allCases.dropFirst(rank + 1).first }
    package var previous: RotationPhase? { rank == 0 ? nil : Self.allCases[rank - 1] }
}

/// A rotation that has begun and is not finished.
package struct Rotation: Sendable, Hashable, Codable {
    package var id: String
    package var roots: [TrustRoot]
    package var phase: RotationPhase
    package var isRollingBack = false
    /// Seconds since 1970.
    package var started: Int64
    /// When everything that is presented was new and proven so; the soak counts from here.
    package var reissued: Int64?
    /// Why the soak was left out.
    package var soakSkipped: String?
    /// Authorities that ended before it could be done in order: they are not trusted any more at any phase.
    package var recovery: Recovery?
    /// Kept so that going on needs nothing but the inventory; `nil` where an earlier version began it.
    package var asked: Asked?
    /// What answered through API servers when it began, and must at each stage; `nil` where nobody asked.
    package var working: [String]?
    /// Who began it, as USER@MACHINE; `nil` where an earlier version did.
    package var startedBy: String?

    /// How far the way back of a cluster whose authorities have ended has come.
    package enum Recovery: String, Sendable, Hashable, Codable {
        /// Nothing may be expected to serve.
        case pending
        /// The cluster served again.
        case done
    }

    /// What the operator asked for on the command line.
    package struct Asked: Sendable, Hashable, Codable {
        /// Stop once this phase is proven; `distrust` is the end.
        package var until: RotationPhase?
        /// Seconds between the last reissue and distrust.
        package var soak: Int64?
        /// Why the soak is left out.
        package var noSoak: String?
        /// Why private keys that go out of force are kept by nobody.
        package var destroyOld: String?
        /// Whether pods of other namespaces may be restarted.
        package var restartsPods: Bool?
        /// Why people may lose their access whose kubeconfigs live by the old authority alone.
        package var lostAccess: String?

        package init(
            until: RotationPhase? = nil,
            soak: Int64? = nil,
            noSoak: String? = nil,
            destroyOld: String? = nil,
            restartsPods: Bool? = nil,
            lostAccess: String? = nil
        ) {
            self.until = until
            self.soak = soak
            self.noSoak = noSoak
            self.destroyOld = destroyOld
            self.restartsPods = restartsPods
            self.lostAccess = lostAccess
        }

        /// The same where nothing else is asked for anew.
        package func updated(by new: Asked) -> Asked {
            Asked(
                until: new.until ?? until,
                soak: new.soak ?? soak,
                // Whoever names a time wants one.
                noSoak: new.noSoak ?? (new.soak == nil ? noSoak : nil),
                destroyOld: new.destroyOld ?? destroyOld,
                restartsPods: new.restartsPods ?? restartsPods,
                lostAccess: new.lostAccess ?? lostAccess
            )
        }
    }

    package init(id: String, roots: [TrustRoot], phase: RotationPhase, started: Int64) {
        self.id = id
        self.roots = roots
        self.phase = phase
        self.started = started
    }

    /// The last line of its record.
    package func lastLine(archive: String) -> String {
        let word = phase == .distrust ? "done" : "taken back"
        let keys = asked?.destroyOld.map { ", without private keys (\($0))" } ?? ""
        return "\(id): \(word); what is not in force is in \(archive)\(keys)"
    }
}

/// What is in force for every root: the one fact from which a rotation's position is known.
package struct TrustState: Sendable, Hashable, Codable {
    package var version = 1
    /// By root; one that is not named is at its first.
    package var generations: [String: Int] = [:]
    package var rotation: Rotation?
    /// One that has ended, as long as files of its generations are left and its record lacks the last line.
    package var ended: Rotation?

    package init() {}

    package func settled(_ root: TrustRoot) -> Int { generations[root.rawValue] ?? 1 }

    /// Which generations are accepted, the older first, and which one issues, signs or encrypts.
    package func inForce(_ root: TrustRoot) -> (accepted: [Int], issuing: Int) {
        let old = settled(root)
        guard let rotation, rotation.roots.contains(root) else { return ([old], old) }
        if rotation.recovery != nil, root.isAuthority { return ([old + 1], old + 1) }
        switch rotation.phase {
        case .oldOnly: return ([old], old)
        case .trustBoth: return ([old, old + 1], old)
        case .newLeaves: return ([old, old + 1], old + 1)
        case .distrust: return ([old + 1], old + 1)
        }
    }

    package func isRotating(_ root: TrustRoot) -> Bool { rotation?.roots.contains(root) ?? false }
}
