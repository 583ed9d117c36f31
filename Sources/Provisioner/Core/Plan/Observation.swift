/// What one host answered about its whole lane, judged.
package struct Observation: Sendable {
    package var host: String
    /// One per resource of the lane, in order.
    package var verdicts: [Verdict]

    package init(host: String, verdicts: [Verdict]) {
        self.host = host
        self.verdicts = verdicts
    }

    package var isSame: Bool { verdicts.allSatisfy(\.isSame) }

    /// Judges resources in order; what will change is known to those that come after it.
    package static func judge(
        _ resources: [any Resource],
        answers: [ProbeAnswer],
        changed: Set<String> = []
    ) -> [Verdict] {
        var changed = changed
        return zip(resources, answers).map { resource, answer in
            let verdict = resource.verdict(for: answer, changed: changed)
            if !verdict.isSame { changed.formUnion(resource.marks(of: verdict)) }
            return verdict
        }
    }
}
