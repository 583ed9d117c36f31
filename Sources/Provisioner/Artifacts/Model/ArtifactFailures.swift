/// Several artifacts that were not got; what is to be done is said once for those that have it in common.
package struct ArtifactFailures: Error, Sendable, Hashable, CustomStringConvertible {
    /// At least one, in the order in which they were wanted.
    package let errors: [ArtifactError]

    package init(_ errors: [ArtifactError]) { self.errors = errors }

    package var description: String {
        let remedies = errors.map(\.remedy)
        return remedies.enumerated().filter { remedies.firstIndex(of: $0.element) == $0.offset }.map { _, remedy in
            let subjects = errors.filter { $0.remedy == remedy }.map(\.problem)
            return (subjects + ["  try  \(remedy)"]).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
