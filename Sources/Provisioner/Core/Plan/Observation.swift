/// What one host answered about its lane, judged.
package enum Observation {
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
