/// Anything that one snippet can check and another can mend: sysctls, modules, users, health.
package struct CommandResource: Resource {
    package let id: String
    package let title: String
    package let reason: String
    /// Read-only; status 0 means as wanted, and the text is shown either way.
    package let check: String
    package let action: Action
    package let digest: String
    /// A unit whose start in the same run makes an earlier answer worthless.
    package let afterStartOf: String?

    package init(
        id: String,
        title: String,
        reason: String,
        check: String,
        action: Action,
        digest: String = "",
        afterStartOf: String? = nil
    ) {
        self.id = id
        self.title = title
        self.reason = reason
        self.check = check
        self.action = action
        self.digest = digest
        self.afterStartOf = afterStartOf
    }

    package var probe: Probe { .script(check) }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        guard answer.status == 0 else {
            return .change(answer.text.isEmpty ? "is not so" : answer.text, [action])
        }
        if let afterStartOf, changed.contains(ServiceResource.startMark(afterStartOf)) {
            return .change("must be proven after the start of \(afterStartOf)", [action])
        }
        return .same(answer.text.isEmpty ? "is so" : answer.text)
    }
}
