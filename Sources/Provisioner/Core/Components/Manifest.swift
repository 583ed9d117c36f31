import Templates

/// Objects applied to the API from a controller, each stamped with what was applied.
struct Manifest {
    let file: RenderedFile
    let reason: String

    private var name: String { file.path.split(separator: "/").last.map(String.init) ?? file.path }

    /// The file, and the objects in it.
    func resources() -> [any Resource] {
        let resource = FileResource(file, reason: reason)
        let stamp = "$S/stamps/\(name)"
        let apply = CommandResource(
            id: "manifest:\(name)",
            title: "objects of \(name)",
            reason: reason,
            check: """
                [ "$(cat \(stamp) 2> /dev/null)" = \(resource.digest) ] || { echo were never applied as they are now; return 1; }
                o=$(kc get -f \(file.path) -o name 2>&1 > /dev/null) || { echo "$o" | head -n 3; return 1; }
                """,
            action: Action(
                kind: .update,
                title: "apply \(name)",
                script: "kc apply -f \(file.path)\nmkdir -p $S/stamps\necho \(resource.digest) > \(stamp)",
                seconds: 90
            ),
            digest: resource.digest
        )
        return [resource, apply]
    }
}
