/// Every rendered YAML file and certificate can be read by its own parser.
struct ReadableFilesCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        cluster.hosts.flatMap { host in
            host.unreadable.sorted { $0.key < $1.key }.map { path, reason in
                ConsistencyViolation(
                    .fileUnreadable,
                    host.place(path),
                    [Finding(host.place(path), reason)],
                    remedy: "this is a slip of the tool or a damaged credential store; please report it"
                )
            }
        }
    }
}
