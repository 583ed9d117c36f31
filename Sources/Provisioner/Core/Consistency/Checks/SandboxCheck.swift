/// What a process writes is writable inside its sandbox: `ProtectSystem=strict` shuts everything that is not named.
struct SandboxCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        cluster.hosts.flatMap { host in
            host.units.filter { $0.values("ProtectSystem").last == "strict" }.flatMap { check($0, host) }
        }
    }

    private func check(_ unit: UnitText, _ host: RenderedHost) -> [ConsistencyViolation] {
        let open =
            unit.values("ReadWritePaths").flatMap { UnitWords.split($0) }.map { $0.drop { $0 == "-" || $0 == "+" } }
            + unit.values("LogsDirectory").map { "/var/log/\($0)"[...] }
        return host.uses(of: unit).filter { use in
            use.kind == .write && !open.contains { use.path == $0 || use.path.hasPrefix("\($0)/") }
        }.map { use in
            ConsistencyViolation(
                .pathReadOnly,
                use.place,
                [
                    Finding(use.place, use.path),
                    Finding(host.place("\(unit.name) ReadWritePaths"), open.joined(separator: " ")),
                ],
                remedy: "name \(use.path) in ReadWritePaths"
            )
        }
    }
}
