import ArgumentParser
import PKI
import ProvisionCore

/// `provision certs rotate --offline`.
extension CertsRotateCommand {
    /// The way back of a cluster whose authorities have ended.
    func recover(
        _ inventory: LoadedInventory,
        _ materials: Materials,
        _ state: TrustState,
        _ console: Console
    ) async throws {
        let access = try OfflineAccess(inventory, options, console)
        let ended = try access.ended(materials.store(dryRun: true), state)
        let joining = ended.filter { !state.isRotating($0) }
        console.result("ended: \(ended.map(\.rawValue).joined(separator: ", "))")
        if let rotation = state.rotation, !joining.isEmpty {
            console.result("  they join the rotation \(rotation.id): its authorities go on at once, like them")
        }
        access.stages.forEach { console.result("  \($0)") }
        guard apply else { return console.note("nothing was done; add --apply") }
        try AddressGuard(spec: inventory.spec, inventory: options.inventory).check(console)
        try await access.requireAll()
        let store = try materials.store(dryRun: false)
        let lock = try store.lockForRotation()
        let id = "offline-\(access.id)"
        if state.rotation?.recovery == nil || !joining.isEmpty {
            try await RotationRun.requireAnswers(store, inventory.spec, joining)
            let copy = try StoreCopy.make(of: store, named: id, console)
            console.note("   \(copy); etcd refuses everybody, so no snapshot can be saved")
            try RotationRun.recover(store, inventory.spec, ended, id: id, asked: asked)
        }
        try store.askAhead(for: .opening)
        let run = try await ClusterRun.prepare("certs-rotate", options, console: console)
        let rotation = rotationRun(run, store)
        try await rotation.underLocks { try await rotation.forward() }
        withExtendedLifetime(lock) {}
    }
}
