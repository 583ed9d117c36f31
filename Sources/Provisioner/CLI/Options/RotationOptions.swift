import ArgumentParser
import PKI

/// What verbs have in common that change the ground under a rotation of certificates.
struct RotationOptions: ParsableArguments {
    @Flag(name: .long, help: "Do it although a rotation of certificates is in progress and can go neither on nor back.")
    var duringRotation = false

    /// Lets a verb through beside a rotation only where that was asked for.
    ///
    /// - Parameters:
    ///   - deed: What would happen beside it, as the end of a sentence.
    ///   - access: The cluster.
    ///   - isPlan: Whether it is only shown.
    /// - Returns: What is to be held until the end; `nil` where there is nothing to hold.
    /// - Throws: `CommandFailure` where it was not asked for; `CredentialStoreError` while a process rotates.
    func admit(_ deed: String, _ access: HostAccess, isPlan: Bool) throws -> RotationLock? {
        try RotationGuard.admit(
            deed,
            access.spec,
            inventory: access.inventory,
            isAsked: duringRotation,
            isPlan: isPlan,
            console: access.console
        )
    }
}
