import PKI
import ProvisionCore

/// What stands against a rotation by what was asked for, the inventory and the store alone.
extension CertsRotateCommand {
    /// What stands against it before any host is asked.
    func refuseAtOnce(_ view: RotationView) throws {
        try refuseContradictions(view.rotation)
        try refuseLeaps(from: view.position)
        // One that has begun must be able to go on, and back.
        if view.rotation == nil { try refuseOwnFiles(view) }
        guard view.roots.contains(.encryption), view.spec.features.encryption == .none else { return }
        throw CommandFailure(
            "Secrets are not encrypted in this cluster",
            remedy: "set features.encryption, then apply",
            status: .refused
        )
    }

    private func refuseOwnFiles(_ view: RotationView) throws {
        let refusals = RotationRefusal.ownFiles(view.spec, roots: view.roots)
        guard let first = refusals.first else { return }
        let reasons = refusals.map(\.reason).joined(separator: "; ")
        throw CommandFailure(reasons, remedy: first.remedy, status: .refused)
    }

    private func refuseContradictions(_ rotation: Rotation?) throws {
        if resume || rollback {
            guard rotation != nil else {
                throw CommandFailure("no rotation is in progress", remedy: "name what to rotate", status: .refused)
            }
            guard target == nil, !(resume && rollback) else {
                throw CommandFailure(
                    "--resume and --rollback take no target, and not each other",
                    remedy: "leave one out",
                    status: .usage
                )
            }
            try refuseTurns(of: rotation)
            return
        }
        if let rotation {
            throw CommandFailure(
                "the rotation \(rotation.id) is at \(rotation.place)",
                remedy: "go on with --resume, or take it back with --rollback",
                status: .refused
            )
        }
        guard target != nil else {
            throw CommandFailure(
                "what is to be rotated?",
                remedy: RotationTarget.allCases.map(\.rawValue).joined(separator: ", "),
                status: .usage
            )
        }
    }

    /// A rotation that is being taken back goes to the end of its way.
    private func refuseTurns(of rotation: Rotation?) throws {
        guard let rotation, rotation.isRollingBack, stage != nil || until != nil else { return }
        throw CommandFailure(
            "the rotation \(rotation.id) stands at \(rotation.place), and goes back to its beginning",
            remedy: "leave --stage and --until out; once it is taken back, begin it again",
            status: .refused
        )
    }

    /// One stage at a time: the one after the position.
    private func refuseLeaps(from position: RotationPhase) throws {
        guard let stage, position.next != stage.phase else { return }
        let next = position.next?.rawValue ?? "none"
        throw CommandFailure(
            "--stage \(stage.rawValue): the rotation stands at \(position.rawValue)",
            remedy: "the next stage is \(next)",
            status: .refused
        )
    }
}
