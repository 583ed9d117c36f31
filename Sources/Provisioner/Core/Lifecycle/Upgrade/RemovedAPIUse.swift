package import Templates

/// Who and what still needs an API that goes.
package struct RemovedAPIUse: Sendable, Hashable {
    /// Names of APIs that some API server was asked for since its start.
    package private(set) var requested: Set<String> = []
    /// People and programs that the audit logs name, by API; without Kubernetes' own components.
    package private(set) var requesters: [String: Set<String>] = [:]
    /// How many objects exist of a resource that nothing takes over.
    package private(set) var objects: [String: Int] = [:]
    /// Objects whose manifest was last applied with the API, by API.
    package private(set) var manifests: [String: [String]] = [:]

    package init() {}

    /// Reads what the scripts printed on all hosts, one after another.
    package init(output: String) {
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 1 else { continue }
            switch words[0] {
            case "requested":
                if let name = Self.labels(words.dropFirst().joined(separator: " ")) { requested.insert(name) }
            case "audited" where words.count == 3 && !Self.isOwn(words[2]):
                if let name = Self.name(path: words[1]) { requesters[name, default: []].insert(words[2]) }
            case "objects" where words.count == 3: objects[words[1]] = Int(words[2])
            case "manifest" where words.count == 3: manifests[words[1], default: []].append(words[2])
            default: continue
            }
        }
    }

    /// Read-only, on every controller: each API server counts for itself, and logs for itself.
    package static func script(paths: HostPaths = .standard) -> String {
        #"""
        \#(Prelude.probing)
        T=10s K=30
        kc get --raw /metrics | grep '^apiserver_requested_deprecated_apis{' | sed 's/^/requested /'
        find \#(paths.auditDirectory) -name '*.log' -exec cat {} + 2> /dev/null | grep -F '"k8s.io/deprecated":"true"' | \
        sed -n 's/.*"requestURI":"\([^"?]*\).*"user":{"username":"\([^"]*\)".*/audited \1 \2/p' | sort -u
        true
        """#
    }

    /// Read-only, on one controller: objects that nothing could read any more, and manifests that name the API.
    package static func objectsScript(_ removed: [RemovedAPI]) -> String {
        let annotation = "kubectl.kubernetes.io/last-applied-configuration"
        let lines = removed.map { api in
            let resource = "\(api.resource).\(api.version).\(api.group)"
            guard api.replacement != nil else {
                return "echo \"objects \(api.name) $(kc get \(resource) -A -o name 2> /dev/null | wc -l)\""
            }
            return """
                kc get \(resource) -A -o 'go-template={{range .items}}{{.metadata.namespace}}/{{.metadata.name}} {{with .metadata.annotations}}{{with index . "\(annotation)"}}{{.}}{{end}}{{end}}{{"\\n"}}{{end}}' 2> /dev/null | \
                grep -F '"apiVersion":"\(api.group)/\(api.version)"' | cut -d' ' -f1 | sed 's|^|manifest \(api.name) |'
                """
        }
        return ([Prelude.probing, "T=10s K=30"] + lines + ["true"]).joined(separator: "\n")
    }

    /// `apiserver_requested_deprecated_apis{group="extensions",...,resource="ingresses",...,version="v1beta1"} 1`.
    private static func labels(_ metric: String) -> String? {
        func label(_ name: String) -> Substring? {
            let parts = metric.split(separator: "\(name)=\"", maxSplits: 1, omittingEmptySubsequences: false)
            // `resource` must not be found in `subresource`.
            guard parts.count == 2, let before = parts[0].last, before == "{" || before == "," else { return nil }
            return parts[1].prefix { $0 != "\"" }
        }
        guard let group = label("group"), let version = label("version"), let resource = label("resource") else {
            return nil
        }
        return "\(group)/\(version)/\(resource)"
    }

    /// `/apis/extensions/v1beta1/namespaces/x/ingresses/y` → `extensions/v1beta1/ingresses`.
    private static func name(path: String) -> String? {
        var parts = path.split(separator: "/").map(String.init)[...]
        guard parts.popFirst() == "apis", let group = parts.popFirst(), let version = parts.popFirst() else {
            return nil
        }
        if parts.first == "namespaces", parts.count > 2 { parts = parts.dropFirst(2) }
        return parts.first.map { "\(group)/\(version)/\($0)" }
    }

    private static func isOwn(_ user: String) -> Bool {
        let own = [
            "system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy", "system:apiserver",
            "system:node:", "system:serviceaccount:kube-system:",
        ]
        return own.contains { user.hasPrefix($0) }
    }
}

extension RemovedAPIUse {
    /// What stands in the way of an upgrade, what is only to be known, and nothing where nobody uses what goes.
    package func results(_ removed: [RemovedAPI], accepted: Set<String>) -> [PreflightResult] {
        removed.flatMap { api in
            [asked(api, accepted.contains(api.name)), left(api, accepted.contains(api.name)), applied(api)]
                .compactMap(\.self)
        }
    }

    private func accept(_ api: RemovedAPI) -> String {
        "or say that it is known: upgrade.acceptRemovedAPIs: [\(api.name)]"
    }

    private func asked(_ api: RemovedAPI, _ isAccepted: Bool) -> PreflightResult? {
        let names = requesters[api.name, default: []].sorted()
        guard !names.isEmpty || requested.contains(api.name) else { return nil }
        let who = names.isEmpty ? "somebody" : names.joined(separator: ", ")
        let isOwn = names.isEmpty && api.isAskedByComponents
        let text =
            isOwn
            ? "is gone in 1.\(api.minor) and was asked for; Kubernetes' own components do that, others may too"
            : "is gone in 1.\(api.minor), and \(who) asked for it"
        let change = api.replacement.map { "use \($0)" } ?? "do without it"
        return PreflightResult(
            "upgrade.removed-api",
            api.name,
            isOwn || isAccepted ? .warning : .failure,
            text,
            fix: isOwn ? "look for clients of your own; they must \(change)" : "let them \(change), \(accept(api))"
        )
    }

    private func left(_ api: RemovedAPI, _ isAccepted: Bool) -> PreflightResult? {
        guard let count = objects[api.name], count > 0 else { return nil }
        return PreflightResult(
            "upgrade.removed-objects",
            api.name,
            isAccepted ? .warning : .failure,
            "\(counted(count, "object exists", "objects exist")) that nothing reads in 1.\(api.minor)",
            fix: "replace what they do and delete them, \(accept(api))"
        )
    }

    private func applied(_ api: RemovedAPI) -> PreflightResult? {
        guard let names = manifests[api.name], !names.isEmpty else { return nil }
        let list = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        return PreflightResult(
            "upgrade.removed-manifests",
            api.name,
            .warning,
            "the objects stay, but these were last applied with it: \(list)",
            fix: "change their manifests to \(api.replacement ?? "another API")"
        )
    }
}
