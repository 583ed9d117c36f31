import ProvisionCore

/// Holds the inventory's addresses of API servers and members of etcd against those that are remembered.
struct AddressGuard {
    let spec: ClusterSpec
    let inventory: String

    /// Before anything is made, here or on hosts.
    ///
    /// - Parameters:
    ///   - bears: Whether it is only said: to what writes nothing of the plan to hosts (`status`, `run`, `stop`, `start`),
    ///     and to a restore, which puts every member where the inventory says. A `plan` is refused like its `apply`.
    ///   - console: Where it is said.
    /// - Throws: A refusal that names everybody who would move.
    func check(bearing bears: Bool = false, _ console: Console) throws {
        let store = MembershipStore(directory: spec.pki.directory)
        let record = bears ? store.known : try store.read()
        let moved = MovedMember.all(in: spec, record: record)
        guard let refusal = MovedMember.refusal(moved, inventory: inventory) else { return }
        guard !bears else { return console.problem("‼ \(refusal.why)") }
        throw CommandFailure(refusal.why, remedy: refusal.remedy, status: .refused)
    }
}
