import ProvisionCore

/// A yes before something that a person may regret; `--yes` gives it without a question.
struct Confirmation {
    /// The command as it was given, without its options: `provision stop inventory.yaml`.
    let command: String
    /// The command that shows what would be done.
    let preview: String

    /// Asks; anything but a yes ends the verb.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - canAsk: Whether there is somebody to ask.
    ///   - answer: Who answers.
    /// - Throws: `CommandFailure`, which says that nothing was done.
    func ask(
        _ question: String,
        canAsk: Bool,
        answer: (String) -> Bool = { Prompt.confirm($0) }
    ) throws {
        guard canAsk else {
            throw CommandFailure(
                "\(command) asks first, and there is nobody to ask (no terminal, or --no-input); nothing was done",
                remedy: "add --yes; \(preview) shows what would be done",
                status: .usage
            )
        }
        guard answer(question) else {
            throw CommandFailure(
                "the answer was no; nothing was done",
                remedy: "\(preview) shows what would be done",
                status: .failed
            )
        }
    }
}
