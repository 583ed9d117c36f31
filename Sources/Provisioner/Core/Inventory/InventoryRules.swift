/// All rules that look at more than one value; each adds its problems and none stops the others.
struct InventoryRules {
    let spec: ClusterSpec
    let positions: InventoryPositions
    let context: InventoryContext
    var problems: ProblemList

    static func check(
        _ spec: ClusterSpec,
        _ positions: InventoryPositions,
        _ context: InventoryContext,
        _ problems: ProblemList
    ) -> ProblemList {
        var rules = InventoryRules(spec: spec, positions: positions, context: context, problems: problems)
        rules.checkTopology()
        rules.checkNetworks()
        rules.checkPodNetworks()
        rules.checkHosts()
        rules.checkServices()
        rules.checkVersions()
        rules.checkArtifacts()
        rules.checkFeatures()
        rules.checkFlags()
        rules.checkFields()
        rules.checkReach()
        return rules.problems
    }

    /// Names and positions of the hosts of one role.
    func members(_ role: Role) -> [(index: Int, host: HostSpec)] {
        spec.hosts.enumerated().filter { $0.element.has(role) }.map { (index: $0.offset, host: $0.element) }
    }
}
