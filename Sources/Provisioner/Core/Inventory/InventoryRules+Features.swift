import Templates

extension InventoryRules {
    mutating func checkFeatures() {
        warnOptIns()
        if spec.etcd.electionMilliseconds < 5 * spec.etcd.heartbeatMilliseconds {
            problems.add(
                "etcd.election-timeout",
                at: positions.mark("etcd", "electionMilliseconds"),
                "the election timeout of \(spec.etcd.electionMilliseconds) ms is less than five heartbeats of "
                    + "\(spec.etcd.heartbeatMilliseconds) ms; etcd refuses it",
                fix: "use at least \(5 * spec.etcd.heartbeatMilliseconds)"
            )
        }
        checkPulling()
        checkLifetimes()
        checkKeySecret()
    }

    /// The admission plugin makes every pod pull, also those whose image no registry has.
    private mutating func checkPulling() {
        guard spec.features.alwaysPullImages, spec.images.preload else { return }
        problems.add(
            "features.always-pull",
            at: positions.mark("features", "alwaysPullImages"),
            "`alwaysPullImages` makes every pod pull, and no registry has the images of `images.preload`",
            fix: "leave one of the two out"
        )
    }

    private mutating func checkKeySecret() {
        let written = ["passphrase", "passphraseFile", "keyFile"].filter { positions.isWritten("pki", $0) }
        guard written.count > 1, let last = written.last else { return }
        problems.add(
            "pki.key-secret",
            at: positions.mark("pki", last),
            "`\(written.joined(separator: "`, `"))` of pki: each would encrypt the authorities' keys",
            fix: "keep one of them"
        )
    }

    private mutating func warnOptIns() {
        if spec.features.staticTokenFile != nil {
            problems.warn(
                "features.static-token",
                at: positions.mark("features", "staticTokenFile"),
                "static tokens never expire, and changing them restarts every API server",
                fix: "use client certificates or service accounts"
            )
        }
        if spec.features.abacPolicyFile != nil {
            problems.warn(
                "features.abac",
                at: positions.mark("features", "abacPolicyFile"),
                "ABAC rules are read at start only and cannot be inspected through the API",
                fix: "use RBAC"
            )
        }
        if spec.features.encryption == .none {
            problems.warn(
                "features.no-encryption",
                at: positions.mark("features", "encryption"),
                "secrets lie in etcd, and in every snapshot of it, in clear",
                fix: "use `encryption: secretbox`"
            )
        }
    }

    private mutating func checkLifetimes() {
        let pki = spec.pki
        let shortest = CatalogCertificate.Authority.allCases.map(pki.lifetime(of:)).min() ?? pki.authorityLifetime
        check("pki.leafLifetime", pki.leafLifetime, below: shortest, at: positions.mark("pki", "leafLifetime"))
        check("pki.adminLifetime", pki.adminLifetime, below: shortest, at: positions.mark("pki", "adminLifetime"))
        for (role, lifetime) in pki.lifetimes.sorted(by: { $0.key < $1.key }) where PKISpec.leafRoles.contains(role) {
            check("pki.lifetimes.\(role)", lifetime, below: shortest, at: positions.mark("pki", "lifetimes", role))
        }
    }

    private mutating func check(_ key: String, _ lifetime: Int64, below authority: Int64, at mark: SourceMark) {
        let year: Int64 = 366 * 86400
        if lifetime >= authority {
            problems.add(
                "pki.lifetime",
                at: mark,
                "\(key) is not shorter than the authority's own lifetime",
                fix: "shorten it, or lengthen pki.authorityLifetime"
            )
        } else if lifetime < 3600 {
            problems.add(
                "pki.lifetime",
                at: mark,
                "\(key) is shorter than an hour; certificates would expire before they are in use",
                fix: "use at least 1h"
            )
        } else if lifetime > year {
            problems.warn(
                "pki.long-lifetime",
                at: mark,
                "\(key) is longer than a year; a stolen key stays good that long",
                fix: "use 1y or less; renewal is one command"
            )
        }
    }

    /// Joining, restoring and teardown look for a member's data in one place.
    private static let movesData: Set = ["data-dir", "wal-dir"]

    private mutating func refuseMove(_ flag: LocatedValue.Entry) {
        problems.add(
            "flags.moves-etcd-data",
            at: flag.keyMark,
            "flag `--\(flag.key)` of etcd puts its data where nobody looks for it",
            fix: "use etcd.dataDirectory; another disk can be mounted there"
        )
    }

    mutating func checkFlags() {
        var known: [String: String?] = [:]
        for (name, component) in extras("extraFlags") {
            guard name.hasFlags else {
                refuseFlags(of: name, at: component.keyMark)
                continue
            }
            for flag in component.value.entries {
                if name == .etcd, Self.movesData.contains(flag.key) { refuseMove(flag) }
                let key = "\(component.key) \(flag.key)"
                let reason = known[key] ?? context.flagProblem(name, flag.key, spec.versions.kubernetes)
                known[key] = reason
                guard let reason else { continue }
                problems.add(
                    "flags.unknown",
                    at: flag.keyMark,
                    "flag `--\(flag.key)` of \(name.rawValue): \(reason)",
                    fix: "remove it, or choose a version that has it"
                )
            }
        }
    }
}
