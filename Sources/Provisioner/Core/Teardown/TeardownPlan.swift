import Templates

/// What a host loses, gets back and keeps: made from its receipt and a survey, and printed before anything is done.
///
/// The proof at the end is the same plan, made from a survey after the work: nothing must be left in it.
package struct TeardownPlan: Sendable {
    package let host: String
    package let identity: HostIdentity
    /// Whether the host is marked as ours but its receipt is gone, or was begun anew since.
    package let isReceiptLost: Bool
    package let items: [TeardownItem]
    let guardAction: Action

    /// Everything that a plan is made from but the host's own words.
    package struct Subject: Sendable {
        package var spec: ClusterSpec
        package var lane: Plan.Lane
        /// `nil` where nothing says which cluster is meant: then no host is touched.
        package var clusterID: String?
        /// What is remembered of the host, for where its receipt is lost.
        package var machineID: String?
        package var keepsData: Bool
        /// The role that goes where the host stays; `nil`: all of it goes.
        package var scope: RoleScope?

        package init(
            spec: ClusterSpec,
            lane: Plan.Lane,
            clusterID: String?,
            machineID: String? = nil,
            keepsData: Bool,
            scope: RoleScope? = nil
        ) {
            self.spec = spec
            self.lane = lane
            self.clusterID = clusterID
            self.machineID = machineID
            self.keepsData = keepsData
            self.scope = scope
        }

        /// What the survey looks at beside what the receipt names.
        package var survey: SurveyResource {
            SurveyResource(
                paths: lane.resources.compactMap(Self.path) + ComponentDirectory.all(in: spec).map(\.path)
                    + ComponentDirectory.dockerFiles + ComponentDirectory.shared
            )
        }

        static func path(_ resource: any Resource) -> String? {
            (resource as? FileResource)?.file.path ?? (resource as? BinaryResource)?.path
                ?? (resource as? DirectoryResource)?.path
        }

        /// The units of the host's components, the last started first.
        var units: [String] { lane.resources.compactMap { ($0 as? ServiceResource)?.unit }.reversed() }
    }

    package init(_ subject: Subject, _ survey: HostSurvey) {
        host = subject.lane.host.name
        let holdings = TeardownHoldings(subject, survey)
        identity = HostIdentity(survey, of: subject, hasRemains: !survey.receipt.isEmpty || holdings.hasMatches)
        isReceiptLost = holdings.wasLost
        guardAction = HostIdentity.guardAction(survey, of: subject)
        // What one role brought only the receipt tells from what the others did.
        guard identity == .ours, subject.scope == nil || !isReceiptLost else {
            items = []
            return
        }
        let found =
            TeardownServices(holdings).items + TeardownNetwork(holdings).items + TeardownFiles(holdings).items
            + TeardownSettings(holdings).items
        let isWhole = subject.scope == nil
        items = found + (isWhole ? Self.traces(found, subject, survey) : ReceiptCleanup(holdings).items)
    }

    /// Our own traces go when nothing else is left, so that a run that was cut off finds the receipt again.
    private static func traces(_ found: [TeardownItem], _ subject: Subject, _ survey: HostSurvey) -> [TeardownItem] {
        let traces = survey.list("trace")
        guard !traces.isEmpty else { return [] }
        if subject.keepsData, found.contains(where: { $0.fate == .stays && $0.reason.contains("--keep-data") }) {
            return traces.filter { $0 != "/run/provision" }.map {
                TeardownItem(.trace, .stays, $0, "--keep-data: says whose data it is, and what was before")
            }
        }
        return traces.map { path in
            let copies = path == "/var/lib/provision" ? snapshots(survey) : []
            let secrets = copies.isEmpty ? "" : "; copies of etcd with every Secret are among them"
            return TeardownItem(
                .trace,
                .goes,
                path,
                "our own traces, last of all\(secrets)",
                parts: copies,
                script: "true"
            )
        }
    }

    /// Name and bytes of what was saved of etcd on the host.
    private static func snapshots(_ survey: HostSurvey) -> [String] {
        (survey.lists["snapshot"] ?? []).filter { $0.count > 1 }.map { "snapshots/\($0[1])  \($0[0]) bytes" }.sorted()
    }

    /// What is still to be done.
    package var work: [TeardownItem] { items.filter(\.isWork) }
    /// What should go and may not yet.
    package var blocked: [TeardownItem] { items.filter { $0.fate == .blocked } }
    /// Whether only our own traces are left.
    package var isAllButTraces: Bool { blocked.isEmpty && work.allSatisfy { $0.kind == .trace } }
    package var isClean: Bool { blocked.isEmpty && work.isEmpty }

    private static let stopping: Set<TeardownItem.Kind> = [.node, .unit, .container, .process]

    /// Services, pods and processes; the survey is made anew behind it.
    package var stopActions: [Action] { actions { Self.stopping.contains($0) } }

    /// Everything else but our traces.
    package var removeActions: [Action] { actions { !Self.stopping.contains($0) && $0 != .trace } }

    /// The receipt and the mark, the mark last; of a host that stays in the cluster only lines of the receipt.
    package var traceActions: [Action] {
        let traces = work.filter { $0.kind == .trace }
        guard !traces.isEmpty else { return [] }
        if let cleanup = traces.map(\.script).first(where: { $0 != "true" }) {
            return [guardAction, Self.action("the receipt's lines of what is gone", cleanup, count: 1)]
        }
        let script = """
            timeout 10 systemctl stop \(RelayScript.unit) 2> /dev/null || true
            for d in /var/lib/provision /etc/provision /run/provision; do
            m=$(mounted $d); [ -z "$m" ] || { left $d "is mounted upon: $(echo $m)"; exit 0; }; done
            find /var/lib/provision -xdev -mindepth 1 -maxdepth 1 -not -name receipt.jsonl -exec rm -rf --one-file-system -- {} + 2> /dev/null || true
            rm -f /var/lib/provision/receipt.jsonl; rmdir /var/lib/provision 2> /dev/null || true
            rm -rf --one-file-system /run/provision /etc/provision/manifests
            rm -f \(MarkerResource.path); rm -rf --one-file-system /etc/provision
            """
        return [guardAction, Self.action("our own traces", script, count: 1)]
    }

    /// One action per kind, in order; the guard before the first.
    private func actions(_ isWanted: (TeardownItem.Kind) -> Bool) -> [Action] {
        let actions = TeardownItem.Kind.allCases.filter(isWanted).compactMap { kind -> Action? in
            let own = work.filter { $0.kind == kind && !$0.script.isEmpty }
            guard !own.isEmpty else { return nil }
            var action = Self.action(kind.phrase(own), own.map(\.script).joined(separator: "\n"), count: own.count)
            if kind == .unit { action.seconds += PodStop.seconds }
            return action
        }
        return actions.isEmpty ? [] : [guardAction] + actions
    }

    private static func action(_ title: String, _ script: String, count: Int) -> Action {
        Action(
            kind: .delete,
            title: title,
            script: TeardownPrelude.text + "\n" + script,
            seconds: 60 + 30 * min(count, 20)
        )
    }
}

extension TeardownItem.Kind {
    /// What a step about these items is called: `34 files`, `etcd.service`.
    fileprivate func phrase(_ items: [TeardownItem]) -> String {
        let noun = rawValue + (items.count == 1 ? "" : self == .directory ? "" : "s")
        let plural = noun.replacing("directory", with: items.count == 1 ? "directory" : "directories")
            .replacing("processs", with: "processes").replacing("swaps", with: "swap")
        return items.count <= 3
            ? "\(plural) \(items.map(\.subject).joined(separator: ", "))" : "\(items.count) \(plural)"
    }
}
