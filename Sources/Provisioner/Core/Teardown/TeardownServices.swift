import Templates

/// Units, pods and what still runs.
struct TeardownServices {
    private let holdings: TeardownHoldings
    private var survey: HostSurvey { holdings.survey }

    init(_ holdings: TeardownHoldings) { self.holdings = holdings }

    var items: [TeardownItem] { units + containers + processes + slices + cgroups }

    private var units: [TeardownItem] {
        let ours = holdings.paths.compactMap { path in
            path.hasPrefix("/etc/systemd/system/") ? String(path.dropFirst("/etc/systemd/system/".count)) : nil
        }
        let order = holdings.subject.units + ours.filter { !holdings.subject.units.contains($0) }
        return order.filter(holdings.owns).compactMap(unit)
    }

    private func unit(_ name: String) -> TeardownItem? {
        guard let state = survey.units[name], survey.exists("/etc/systemd/system/\(name)") else { return nil }
        guard !["inactive", "unknown"].contains(state.active) || state.enabled == "enabled" else { return nil }
        // Pods are stopped while their runtime still answers.
        let pods =
            switch name {
            case "containerd.service": PodStop.script + "\n" + PodStop.removal(orElse: Self.undeleted) + "\n"
            case "docker.service": PodStop.dockerScript + "\n"
            default: ""
            }
        let units = name == "docker.service" ? [name] + besideDocker : [name]
        return TeardownItem(
            .unit,
            .goes,
            name,
            "is \(state.active), \(state.enabled.isEmpty ? "not enabled" : state.enabled)",
            script: pods + units.map { "halt \($0)" }.joined(separator: "\n")
        )
    }

    /// Units of docker's packages, which would start it, or what it runs on, once more.
    private var besideDocker: [String] {
        [("docker.io", "docker.socket"), ("containerd", "containerd.service")].filter { holdings.loses(package: $0.0) }
            .map(\.1)
    }

    private static let undeleted = #"left "container $t" "containerd does not delete it""#

    /// What containerd holds; gone with its unit, listed for people.
    private var containers: [TeardownItem] { containerds + dockers }

    private var dockers: [TeardownItem] {
        guard holdings.owns(unit: "docker.service") else { return [] }
        return (survey.lists["docker"] ?? []).filter { $0.count > 1 }.map { words in
            let id = words[0]
            let delete = "m=$(timeout 60 docker rm -f \(id) 2>&1) || left \"container \(id)\" \"$m\""
            let script = "! systemctl -q is-active docker.service || \(delete)"
            return TeardownItem(.container, .goes, id, words[1], script: script)
        }
    }

    private var containerds: [TeardownItem] {
        guard holdings.owns(unit: "containerd.service") else { return [] }
        let tasks = Set(survey.list("tasks"))
        let containers = survey.list("containers").map { id in
            TeardownItem(
                .container,
                .goes,
                String(id.prefix(12)),
                tasks.contains(id) ? "runs" : "stopped",
                script: "true"
            )
        }
        let images = survey.list("images").filter { !$0.hasPrefix("sha256:") }.map {
            TeardownItem(.container, .goes, $0, "an image", script: "true")
        }
        return containers + images
    }

    private var processes: [TeardownItem] {
        let daemons = Set(holdings.daemons)
        let pods = holdings.hasPods ? Set(survey.list("pod")) : []
        let own = (survey.lists["process"] ?? []).compactMap { words -> (String, String)? in
            guard words.count > 1, daemons.contains(words[1]) || pods.contains(words[0]) else { return nil }
            return (words[0], words[1])
        }
        let reap = "reap \(holdings.daemons.joined(separator: " "))"
        return own.enumerated().map { index, process in
            let ports = ports(of: process.0)
            let listening = ports.isEmpty ? "" : ", listens on \(ports.joined(separator: " "))"
            return TeardownItem(
                .process,
                .goes,
                process.0,
                "\(process.1)\(pods.contains(process.0) ? " in a pod" : "")\(listening)",
                script: index == 0 ? reap : "true"
            )
        }
    }

    private func ports(of process: String) -> [String] {
        (survey.lists["listen"] ?? []).filter { $0.count > 1 && $0[1].contains("pid=\(process),") }.compactMap(\.first)
    }

    /// With the systemd driver the kubelet's slices are units, which would outlive their directories.
    private var slices: [TeardownItem] {
        guard holdings.hasPods else { return [] }
        return survey.list("slice").map { name in
            let stop =
                "m=$(timeout 60 systemctl stop \(ShellQuoting.quote(name)) 2>&1) || left \(ShellQuoting.quote(name)) \"$m\""
            let forget = "systemctl reset-failed \(ShellQuoting.quote(name)) 2> /dev/null || true"
            return TeardownItem(.cgroup, .goes, name, "the pods' slice", script: "\(stop)\n\(forget)")
        }
    }

    private var cgroups: [TeardownItem] {
        guard holdings.hasPods else { return [] }
        return survey.list("cgroup").map {
            TeardownItem(
                .cgroup,
                .goes,
                $0,
                "the pods' resources",
                script: "[ ! -d \($0) ] || m=$(find \($0) -depth -type d -exec rmdir {} + 2>&1) || left \($0) \"$m\""
            )
        }
    }
}
