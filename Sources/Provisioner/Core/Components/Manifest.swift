import Templates

/// Objects applied to the API from a controller, each stamped with what was applied.
struct Manifest: Sendable {
    let file: RenderedFile
    let reason: String

    private var name: String { file.path.split(separator: "/").last.map(String.init) ?? file.path }
    private var stamp: String { "$S/stamps/\(name)" }

    var id: String { "manifest:\(name)" }
    var title: String { "objects of \(name)" }
    var source: FileResource { FileResource(file, reason: reason) }

    /// A shell condition: whether the file was applied as it is.
    var isApplied: String { "[ \"$(cat \(stamp) 2> /dev/null)\" = \(source.digest) ]" }

    /// The file, and the objects in it.
    func resources() -> [any Resource] {
        let apply = CommandResource(
            id: id,
            title: title,
            reason: reason,
            check: """
                \(isApplied) || { echo were never applied as they are now; return 1; }
                o=$(kc get -f \(file.path) -o name 2>&1 > /dev/null) || { echo "$o" | head -n 3; return 1; }
                """,
            action: action(),
            digest: source.digest
        )
        return [source, apply]
    }

    /// Applies the file.
    ///
    /// - Parameter extra: Seconds beyond a minute, where the file has hundreds of objects.
    /// - Returns: The action.
    func action(extra: Int = 0) -> Action {
        Action(
            kind: .update,
            title: "apply \(name)",
            script: """
                \(extra > 0 ? "K=\(60 + extra)\n" : "")kc apply -f \(file.path)
                mkdir -p $S/stamps
                echo \(source.digest) > \(stamp)
                """,
            seconds: 90 + extra
        )
    }
}
