import ProvisionCore

/// A severe action asks for the cluster's name; `--confirm NAME` answers it without a terminal.
struct NameConfirmation {
    /// `a restore`.
    let action: String
    let cluster: String
    let confirm: String?
    /// The command that shows what would be done.
    let preview: String

    /// A wrong name, or nobody to ask, ends the verb before any connection.
    func check(mayAsk: Bool) throws {
        let remedy = "\(preview) shows what would be done; then --confirm \(cluster)"
        if let confirm, confirm != cluster {
            let what = "--confirm \(confirm): the cluster is called \(cluster); nothing was done"
            throw CommandFailure(what, remedy: remedy, status: .usage)
        }
        if confirm == nil, !mayAsk {
            let what = "\(action) asks for the cluster's name, and there is no terminal; nothing was done"
            throw CommandFailure(what, remedy: remedy, status: .usage)
        }
    }

    /// Asks, unless it was answered before.
    func ask(_ consequence: String) throws {
        guard confirm == nil else { return }
        guard Prompt.line("Type the cluster's name, \(cluster), \(consequence)") == cluster else {
            let what = "that is not the cluster's name; nothing was done"
            throw CommandFailure(what, remedy: preview, status: .usage)
        }
    }
}
