import Templates

/// Makes a host's turn from a playbook's steps; pure, like the cluster's own planner.
package struct PlaybookPlanner: Sendable {
    private let spec: ClusterSpec
    private let playbook: Playbook
    private let plan: Plan
    private let token: String
    private let sources: [String: [UInt8]]

    /// A planner for one playbook.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - playbook: The procedure.
    ///   - plan: The cluster's own plan: whose hosts these are, and how they say that they are well.
    ///   - token: Names the run; the same in its continuations.
    ///   - sources: The bytes of `Playbook.sources`.
    package init(spec: ClusterSpec, playbook: Playbook, plan: Plan, token: String, sources: [String: [UInt8]]) {
        self.spec = spec
        self.playbook = playbook
        self.plan = plan
        self.token = token
        self.sources = sources
    }

    /// Waves of hosts, as the strategy wants them.
    package func waves(_ hosts: [HostSpec]) -> [[PlaybookTurn]] {
        let turns = hosts.map(turn)
        guard !turns.isEmpty else { return [] }
        return switch playbook.strategy {
        case .parallel: [turns]
        case .rolling(let limit): limit.waves(of: turns)
        }
    }

    /// The host's steps; drains exist for nodes only.
    package func turn(_ host: HostSpec) -> PlaybookTurn {
        var segments: [PlaybookTurn.Segment] = []
        var files: [String: FileResource] = [:]
        for (number, step) in playbook.steps.enumerated() {
            let name = "\(number + 1). \(step.title)"
            switch step.kind {
            case .drain(let drain):
                guard host.has(.worker) else { continue }
                segments.append(delegated(.drain, host, Stage(name, resources: [self.drain(drain, host).drained])))
            case .uncordon:
                guard host.has(.worker) else { continue }
                segments.append(segment(.health, host, health(host, name)))
                let drain = PlaybookStep.Drain(seconds: 60, grace: nil, force: false)
                segments.append(
                    delegated(.uncordon, host, Stage(name, resources: [self.drain(drain, host).uncordoned]))
                )
            case .kubectlApply(let content):
                let resources = manifest(content, number, step.reason)
                segments.append(delegated(.kubectlApply, host, Stage(name, resources: resources)))
            case .reboot(let reboot):
                segments.append(
                    segment(.reboot(reboot.seconds), host, [Stage(name, resources: [self.reboot(reboot, host, step)])])
                )
                segments.append(segment(.health, host, health(host, name)))
            case .collect(let collection):
                segments.append(segment(.collect(collection), host, []))
            case .file, .install, .upgrade, .unit, .command, .waitFor:
                add(resource(step, number, host, &files), number, step.title, host, &segments)
            }
        }
        return PlaybookTurn(host: host, segments: segments)
    }

    /// A stage for each step, so that an interrupt and every new look come between two of them; files in a row are one,
    /// since none takes long and none changes how another is found.
    private func add(
        _ resource: any Resource,
        _ number: Int,
        _ title: String,
        _ host: HostSpec,
        _ segments: inout [PlaybookTurn.Segment]
    ) {
        let stage = Stage("\(number + 1). \(title)", resources: [resource])
        guard let last = segments.indices.last, segments[last].kind == .here else {
            return segments.append(segment(.here, host, [stage]))
        }
        guard resource is FileResource, var files = segments[last].lane.stages.last,
            files.resources.allSatisfy({ $0 is FileResource })
        else { return segments[last].lane.stages.append(stage) }
        files.resources.append(resource)
        files.name = "\(files.name.prefix { $0.isNumber }) to \(number + 1). files"
        segments[last].lane.stages[segments[last].lane.stages.count - 1] = files
    }

    private func segment(_ kind: PlaybookTurn.Segment.Kind, _ host: HostSpec, _ stages: [Stage]) -> PlaybookTurn.Segment
    {
        PlaybookTurn.Segment(kind: kind, lane: Plan.Lane(host: host, stages: stages.isEmpty ? [] : mark(host) + stages))
    }

    /// On a controller that is not the host itself, where there is one.
    private func delegated(_ kind: PlaybookTurn.Segment.Kind, _ host: HostSpec, _ stage: Stage) -> PlaybookTurn.Segment
    {
        let controllers = spec.hosts(.controller)
        return segment(kind, controllers.first { $0.name != host.name } ?? controllers.first ?? host, [stage])
    }

    /// Every change checks first whose host it is.
    private func mark(_ host: HostSpec) -> [Stage] {
        let marker = resources(host).filter { $0 is MarkerResource }
        return marker.isEmpty ? [] : [Stage("cluster", resources: marker)]
    }

    private func resources(_ host: HostSpec) -> [any Resource] {
        plan.lanes.first { $0.host.name == host.name }?.resources ?? []
    }

    /// systemd has started everything, and every component of the cluster on this host says that it is well.
    ///
    /// One after another: what the API says of a node is worth something once its kubelet has spoken since the boot.
    private func health(_ host: HostSpec, _ name: String) -> [Stage] {
        let own = resources(host).filter { $0.id.hasPrefix("health:") }
        let node = own.filter { $0.id == "health:node" }
        let checks = [systemd] + own.filter { $0.id != "health:node" } + (node.isEmpty ? [] : [boot(host)]) + node
        return checks.map { Stage("\(name): \($0.id)", resources: [$0]) }
    }

    private var systemd: any Resource {
        CommandResource(
            id: "health:systemd",
            title: "systemd has started everything",
            reason: "a host that still boots is not back",
            check: "s=$(systemctl is-system-running); echo $s; [ $s = running ] || [ $s = degraded ]",
            action: Action(
                kind: .wait,
                title: "wait until systemd has started everything",
                script: """
                    up() { s=$(systemctl is-system-running); echo "systemd says $s"; [ $s = running ] || [ $s = degraded ]; }
                    await 180 - up
                    """,
                seconds: 190
            )
        )
    }

    /// What the API knows of a node that was away is old until its kubelet reports this boot.
    private func boot(_ host: HostSpec) -> any Resource {
        let paths = HostPaths.standard
        let client = paths.kubeletClient
        let ask =
            "curl -fsS -m 5 --cacert \(paths.clusterCA) --cert \(client.certificate) --key \(client.key) \(spec.apiURL)/api/v1/nodes/\(host.nodeName)"
        let check = "\(ask) | grep -q \"\\\"bootID\\\": *\\\"$(cat /proc/sys/kernel/random/boot_id)\\\"\""
        return CommandResource(
            id: "health:boot",
            title: "the API knows this boot of \(host.nodeName)",
            reason: "until then its node's conditions are those of the boot before",
            check: check,
            action: Action(
                kind: .wait,
                title: "wait until the API knows this boot of \(host.nodeName)",
                script: "known_boot() { \(check); }\nawait 180 kubelet.service known_boot",
                seconds: 190
            )
        )
    }

    /// The same reason in every continuation: that is how a run finds its own cordon.
    private func drain(_ drain: PlaybookStep.Drain, _ host: HostSpec) -> NodeDrain {
        NodeDrain(
            node: host.nodeName,
            version: spec.versions.kubernetes,
            reason: "playbook \(playbook.name)",
            timeout: drain.seconds,
            grace: drain.grace,
            force: drain.force,
            permission: "force: true in the playbook"
        )
    }

    private func reboot(_ reboot: PlaybookStep.Reboot, _ host: HostSpec, _ step: PlaybookStep) -> RebootResource {
        RebootResource(
            host: host.name,
            playbook: playbook.name,
            token: token,
            onlyWhenRequired: reboot.onlyWhenRequired,
            reason: step.reason,
            guardScript: quorumGuard(host)
        )
    }

    /// A member of etcd goes down only while the others are a majority without it.
    private func quorumGuard(_ host: HostSpec) -> String {
        let others = spec.hosts(.etcd).filter { $0.name != host.name }.map(\.internalAddress.description)
        guard host.has(.etcd), !others.isEmpty else { return "" }
        return EtcdMemberScripts(
            host: host.name,
            name: host.nodeName,
            address: host.internalAddress.description,
            dataDirectory: spec.etcd.dataDirectory,
            others: others
        ).quorumGuard()
    }

    private func bytes(_ content: PlaybookStep.Content) -> [UInt8] {
        switch content {
        case .inline(let bytes): bytes
        case .source(let path): sources[path] ?? []
        }
    }

    private func manifest(_ content: PlaybookStep.Content, _ number: Int, _ reason: String) -> [any Resource] {
        let path = "/var/lib/provision/playbooks/\(playbook.name)-\(number + 1).yaml"
        // Nobody knows what is in it.
        let file = RenderedFile(path: path, content: bytes(content), mode: 0o600, secrecy: .secret)
        return Manifest(file: file, reason: reason).resources()
    }

    /// What `apply` sends in one version, and would put back.
    private func pinned(_ host: HostSpec) -> [String] {
        spec.sendsPackages ? resources(host).compactMap { DebianPackage.name(of: $0) } : []
    }

    private func resource(
        _ step: PlaybookStep,
        _ number: Int,
        _ host: HostSpec,
        _ files: inout [String: FileResource]
    ) -> any Resource {
        switch step.kind {
        case .file(let file):
            let rendered = RenderedFile(
                path: file.path,
                content: bytes(file.content),
                mode: file.mode,
                owner: file.owner,
                group: file.group,
                // What others may read holds no secret, whatever it is.
                secrecy: file.mode & 0o004 == 0 ? .secret : .open
            )
            let resource = FileResource(rendered, reason: step.reason, validator: file.validator)
            files[file.path] = resource
            return resource
        case .install(let names, let removes):
            return PlaybookPackages.installed(names, removes: removes, pinned: pinned(host), reason: step.reason)
        case .upgrade(let names):
            return PlaybookPackages.upToDate(names, pinned: pinned(host), reason: step.reason)
        case .unit(let unit): return PlaybookUnit(unit, files: files, reason: step.reason)
        case .waitFor(let wait): return self.wait(wait, number, step.reason)
        case .command(let command): return self.command(command, number, step.reason)
        case .drain, .uncordon, .reboot, .kubectlApply, .collect:
            preconditionFailure("not a step of the host's own connection")
        }
    }

    /// A shell of its own: whatever the text is, it cannot end the script around it.
    private static func shell(_ text: String) -> String { "/bin/sh -c \(ShellQuoting.quote(text))" }

    private func command(_ command: PlaybookStep.Command, _ number: Int, _ reason: String) -> CommandResource {
        CommandResource(
            id: "command:\(number + 1)",
            title: command.title,
            reason: reason,
            check: Self.shell(command.check),
            action: Action(
                kind: .run,
                title: command.title,
                script: "\(command.changes.notes)timeout \(command.seconds) \(Self.shell("set -e\n" + command.run))",
                seconds: command.seconds + 10
            )
        )
    }

    private func wait(_ wait: PlaybookStep.Wait, _ number: Int, _ reason: String) -> CommandResource {
        CommandResource(
            id: "wait:\(number + 1)",
            title: wait.title,
            reason: reason,
            check: "timeout 20 \(Self.shell(wait.command))",
            action: Action(
                kind: .wait,
                title: "wait until \(wait.title)",
                script: "await \(wait.seconds) - timeout 20 \(Self.shell(wait.command))",
                seconds: wait.seconds + 30
            )
        )
    }
}
