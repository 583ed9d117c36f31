import PKI

/// What a verb asks of a run before it begins; what is left out is as `apply` has it.
struct RunRequest {
    /// The only hosts that take part; empty: all.
    var limit: [String] = []
    /// What names them on the command line; `nil` for an argument.
    var option: String? = "--limit"
    /// The UUID that hosts bear, as a person gave it where the store is lost.
    var clusterID: String?
    /// Issue only in memory.
    var dryRun = false
    /// Which of them the plan has.
    var artifacts = ArtifactChoice.all
    /// Whether hosts that left the inventory take part too.
    var takesFormer = false
    /// Whether leaves stay as long as they live.
    var holdsLiving = false
    /// What is about to be replaced.
    var replacing: [TrustRoot] = []
    /// Whether what is planned is written to hosts.
    var needsKeys = true
    /// Whether members of etcd are made anew, wherever the inventory says that they are.
    var restores = false
    /// Whether no host changes this time, as with `--plan`.
    var onlyAsks = false
    /// What it is part of; `nil`: nothing, so that a record of its own begins.
    var context: RunContext?

    /// For a verb that writes nothing of the plan to hosts: it issues nothing, and works without the authorities' keys.
    static func looking(artifacts: ArtifactChoice = .none, onlyAsks: Bool = false) -> RunRequest {
        RunRequest(dryRun: true, artifacts: artifacts, needsKeys: false, onlyAsks: onlyAsks)
    }
}
