package import PKI
package import Templates

/// Who accepts a canary of which generation, asked on every host of its own endpoints.
///
/// And whether every component and the servers that it talks to accept each other, asked where the component runs.
package struct HandshakeMatrix: Sendable {
    /// What a client shows.
    package struct Canary: Sendable {
        package var root: TrustRoot
        package var isNew: Bool
        /// PEM of certificate and key; empty for a token.
        package var identity: Secret<[UInt8]>
        package var token: Secret<String>
        /// Whom an answer names that believes it.
        package var user: String
        /// Where it is shown; `nil` is everywhere.
        ///
        /// An API server may want another issuer than the next one.
        package var hosts: Set<String>?

        package init(
            root: TrustRoot,
            isNew: Bool,
            identity: Secret<[UInt8]>,
            token: Secret<String>,
            user: String = HandshakeMatrix.user,
            hosts: Set<String>? = nil
        ) {
            self.user = user
            self.hosts = hosts
            self.root = root
            self.isNew = isNew
            self.identity = identity
            self.token = token
        }

        package var title: String { "\(root.rawValue) \(isNew ? "new" : "old")" }
    }

    /// One answer.
    package struct Cell: Sendable, Hashable {
        package var host: String
        package var endpoint: String
        /// What the client showed; the component itself where that is its own leaf.
        package var canary: String
        /// `nil` for a component's own leaf, which is to be accepted at any time.
        package var isNew: Bool?
        package var isAccepted: Bool
        package var words: String

        package init(
            host: String,
            endpoint: String,
            canary: String,
            isNew: Bool?,
            isAccepted: Bool,
            words: String
        ) {
            self.host = host
            self.endpoint = endpoint
            self.canary = canary
            self.isNew = isNew
            self.isAccepted = isAccepted
            self.words = words
        }

        /// A host that did not finish: asked again like any other wrong answer.
        package static func unanswered(_ host: String, _ words: String) -> Cell {
            Cell(host: host, endpoint: "anybody", canary: "every client", isNew: nil, isAccepted: false, words: words)
        }
    }

    /// One handshake in words.
    package static func name(_ cell: Cell) -> String {
        cell.isNew == nil
            ? "\(cell.canary) of \(cell.host), by \(cell.endpoint)" : "\(cell.endpoint) on \(cell.host), \(cell.canary)"
    }

    package static let user = "provision-canary"

    /// A leaf that stands in for a canary that nobody can make, since its authority's key is not here; of an API's users the
    /// one of least power, and like every canary only where such a leaf lies anyway.
    package static func standIn(for root: TrustRoot, in spec: ClusterSpec) -> CatalogCertificate? {
        let role =
            switch root {
            case .kubernetes: "kube-proxy"
            case .etcd: "etcd-peer"
            case .frontProxy: "front-proxy-client"
            default: ""
            }
        return CertificateCatalog.certificates(of: spec).first { $0.role == role }
    }

    private static let place = "/run/provision/canary"
    /// Handshakes of components that are made at the same time: an API server has a thousand kubelets.
    private static let abreast = 16
    /// How long the whole script may take; a server that swallows packets costs five seconds.
    package var seconds: Int { 60 + pairs.count * 5 + components.count * 5 / Self.abreast }
    private let endpoints: [(root: TrustRoot, title: String, url: String)]
    private let canaries: [Canary]
    private let components: [ComponentHandshake]
    private let host: String

    package init(spec: ClusterSpec, host: HostSpec, canaries: [Canary]) {
        self.host = host.name
        self.canaries = canaries.filter { $0.hosts?.contains(host.name) ?? true }
        let address = host.internalAddress
        let forbidden = "/api/v1/namespaces/kube-system/secrets"
        var list: [(TrustRoot, String, String)] = []
        if host.has(.etcd) {
            list.append((.etcd, "etcd client", "https://\(address):2379/health"))
            list.append((.etcd, "etcd peer", "https://\(address):2380/version"))
        }
        if host.has(.controller) {
            for root in [TrustRoot.kubernetes, .frontProxy, .serviceAccount] {
                list.append((root, "kube-apiserver", "https://\(address):6443\(forbidden)"))
            }
            list.append((.kubernetes, "kube-controller-manager", "https://127.0.0.1:10257/metrics"))
            list.append((.kubernetes, "kube-scheduler", "https://127.0.0.1:10259/metrics"))
        }
        if host.has(.worker) { list.append((.kubernetes, "kubelet", "https://\(address):10250/pods")) }
        if host.has(.loadBalancer) { list.append((.kubernetes, "load balancer", "\(spec.apiURL)\(forbidden)")) }
        endpoints = list
        components = ComponentHandshake.all(of: host, in: spec).filter { pair in
            canaries.contains { $0.root == pair.root }
        }
    }

    private var pairs: [(endpoint: (root: TrustRoot, title: String, url: String), canary: Int)] {
        endpoints.flatMap { endpoint in
            canaries.indices.filter { canaries[$0].root == endpoint.root }.map { (endpoint, $0) }
        }
    }

    package var isEmpty: Bool { pairs.isEmpty && components.isEmpty }

    /// POSIX sh: canaries lie in memory (/run) while it runs, 0600, and go with it.
    ///
    /// Accepted is who is named in the answer: a forbidden canary was believed, an unknown one was not.
    package var script: String {
        var lines = [
            "LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH",
            "umask 077; w=\(Self.place).$$; mkdir -p $w; trap 'rm -rf $w' EXIT",
        ]
        let shown = Set(pairs.map(\.canary))
        for (index, canary) in canaries.enumerated() where shown.contains(index) {
            let content =
                canary.root == .serviceAccount
                ? Array("header = \"Authorization: Bearer \(canary.token.reveal())\"\n".utf8) : canary.identity.reveal()
            lines.append(HereDocument(content: content).feeding("cat > $w/\(index)"))
        }
        lines.append(
            "ask() { n=$1; shift; r=$(curl -ksS --http1.1 -m 5 \"$@\" 2>&1 | head -c 400 | tr '\\n' ' '); echo \"cell $n $r\"; }"
        )
        for (index, pair) in pairs.enumerated() {
            lines.append("ask \(index) \(arguments(pair.endpoint.root, pair.canary)) \(pair.endpoint.url)")
        }
        lines.append(Self.own)
        for (index, pair) in components.enumerated() {
            lines.append("own \(index) \(pair.command) &" + (index % Self.abreast == Self.abreast - 1 ? " wait" : ""))
        }
        lines.append("wait")
        return (lines + ["echo end"]).joined(separator: "\n")
    }

    /// Prints the status of the answer, or why there was none.
    private static let own = #"""
        own() { n=$1; shift; if [ "$1" = kubectl ]; then
        r=$(kubectl --kubeconfig /root/.kube/config --request-timeout 5s get --raw /api 2>&1 > /dev/null) && r=200
        else r=$(curl -sS --http1.1 -m 5 -o /dev/null -w '%{http_code}' "$@" 2>&1); fi
        echo "own $n $(printf '%s' "$r" | tail -c 200 | tr '\n' ' ')"; }
        """#

    private func arguments(_ root: TrustRoot, _ canary: Int) -> String {
        switch root {
        case .serviceAccount: "-K $w/\(canary)"
        case .frontProxy: "--cert $w/\(canary) -H 'X-Remote-User: \(Self.user)'"
        default: "--cert $w/\(canary)"
        }
    }

    /// Reads the answers; `nil` where the end was not seen.
    package func cells(_ output: String) -> [Cell]? {
        let lines = output.split(separator: "\n")
        guard lines.last == "end" else { return nil }
        let pairs = pairs
        return lines.compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count >= 2, let index = Int(words[1]) else { return nil }
            let text = words.count > 2 ? words[2] : ""
            if words[0] == "own", components.indices.contains(index) { return own(components[index], text) }
            guard words[0] == "cell", pairs.indices.contains(index) else { return nil }
            let (endpoint, canary) = pairs[index]
            return Cell(
                host: host,
                endpoint: endpoint.title,
                canary: canaries[canary].title,
                isNew: canaries[canary].isNew,
                isAccepted: Self.isAccepted(text, endpoint.root, canaries[canary]),
                words: text
            )
        }
    }

    private func own(_ pair: ComponentHandshake, _ text: String) -> Cell {
        Cell(
            host: host,
            endpoint: pair.server,
            canary: pair.client,
            isNew: nil,
            isAccepted: text.split(separator: " ").last == "200",
            words: text
        )
    }

    private static func isAccepted(_ text: String, _ root: TrustRoot, _ canary: Canary) -> Bool {
        switch root {
        case .etcd: text.contains("\"health\"") || text.contains("etcdserver")
        case .serviceAccount: text.contains("system:serviceaccount:kube-system:default")
        case .frontProxy: text.contains(user)
        default: text.contains(canary.user)
        }
    }

    /// Whether an answer is what a phase must give.
    package static func isRight(_ cell: Cell, at phase: RotationPhase) -> Bool {
        guard let isNew = cell.isNew else { return cell.isAccepted }
        return switch phase {
        case .oldOnly: cell.isAccepted == !isNew
        case .trustBoth, .newLeaves: cell.isAccepted
        case .distrust: cell.isAccepted == isNew
        }
    }

    /// A table: one row per endpoint, one column per canary; for a component, by whom its own leaf is accepted.
    package static func table(_ cells: [Cell], at phase: RotationPhase) -> [String] {
        var rows: [String: [Cell]] = [:]
        for cell in cells {
            let title = cell.isNew == nil ? "\(cell.canary) of" : "\(cell.endpoint) on"
            rows["\(title) \(cell.host)", default: []].append(cell)
        }
        return rows.sorted { $0.key < $1.key }.map { name, row in
            let text = row.sorted { $0.canary > $1.canary }.map { cell in
                "\(cell.isNew == nil ? "by \(cell.endpoint)" : cell.canary) \(cell.isAccepted ? "accepted" : "refused")\(isRight(cell, at: phase) ? "" : " (WRONG)")"
            }
            return "\(name): \(text.joined(separator: ", "))"
        }
    }
}
