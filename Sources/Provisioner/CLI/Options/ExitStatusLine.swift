/// The paragraph of a help text about exit statuses: the verb's own ones, then those that verbs have in common.
enum ExitStatusLine {
    /// What a verb needs before it can begin.
    enum Needs { case nothing, inventory, hosts }

    /// - Parameters:
    ///   - own: The verb's own statuses, as `0 shown, 1 a host was not reached`.
    ///   - needs: What it reads, or connects to.
    /// - Returns: The paragraph, on one line.
    static func text(_ own: String, _ needs: Needs) -> String {
        let common =
            switch needs {
            case .nothing: "64 usage"
            case .inventory: "64 usage, 78 inventory invalid"
            case .hosts: "64 usage, 78 inventory invalid, 4 its lab is not up"
            }
        return "Exit status: \(own), \(common)."
    }
}
