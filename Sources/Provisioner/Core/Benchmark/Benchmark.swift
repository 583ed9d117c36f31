import Templates

/// The CIS Kubernetes Benchmark, held against the text that would be sent; no host is asked.
///
/// Like the proof it parses the rendered files again, so that what an inventory overrides is found too.
package struct Benchmark: Sendable {
    /// Whose numbers the checks bear, as kube-bench calls it; written for Kubernetes 1.32 to 1.34.
    package static let numbering = "cis-1.12"

    private let spec: ClusterSpec
    private let plan: Plan

    /// What a cluster's hosts would get, whatever credentials and programs are at hand.
    package init(spec: ClusterSpec) {
        self.init(spec: spec, plan: Planner(spec: spec, materials: .placeholders(of: spec)).plan())
    }

    package init(spec: ClusterSpec, plan: Plan) {
        self.spec = spec
        self.plan = plan
    }

    /// One for every check, in the benchmark's order; what no host has anything of is left out.
    package func findings() -> [BenchmarkFinding] {
        let hosts = RenderedCluster(spec: spec, plan: plan).hosts
        return BenchmarkCheck.all.compactMap { finding(of: $0, on: hosts) }
    }

    private func finding(of check: BenchmarkCheck, on hosts: [RenderedHost]) -> BenchmarkFinding? {
        switch check.subject {
        case .people(let reason): return BenchmarkFinding(check, .open, [reason])
        case .host(let judge):
            let answers = hosts.compactMap { host in judge(host).map { (host: host.name, answer: $0) } }
            return answers.isEmpty ? nil : finding(of: check, answers)
        }
    }

    private func finding(
        of check: BenchmarkCheck,
        _ answers: [(host: String, answer: BenchmarkCheck.Answer)]
    ) -> BenchmarkFinding {
        let unmet = answers.compactMap { host, answer in answer.complaint.map { (host: host, text: $0) } }
        let open = answers.compactMap { host, answer in answer.question.map { (host: host, text: $0) } }
        if unmet.isEmpty { return BenchmarkFinding(check, open.isEmpty ? .met : .open, Self.grouped(open)) }
        if let excuse = check.excuse, spec.versions.kubernetes.minor < excuse.below {
            return BenchmarkFinding(check, .open, [excuse.reason])
        }
        return BenchmarkFinding(check, .unmet, Self.grouped(unmet))
    }

    /// A text that several hosts share stands once.
    private static func grouped(_ texts: [(host: String, text: String)]) -> [String] {
        var order: [String] = []
        var hosts: [String: [String]] = [:]
        for (host, text) in texts {
            if hosts[text] == nil { order.append(text) }
            hosts[text, default: []].append(host)
        }
        return order.map { text in
            let names = hosts[text] ?? []
            let others = names.count > 3 ? " and \(counted(names.count - 3, "other"))" : ""
            return "\(names.prefix(3).joined(separator: ", "))\(others): \(text)"
        }
    }
}
