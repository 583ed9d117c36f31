package import PKI

/// What people use beside plain calls of the API, asked through every API server and on some workers.
///
/// What answered before a rotation must answer at each of its stages; what was ill before, or is not there, is not its
/// fault and holds nothing up.
package struct FunctionCheck: Sendable {
    /// What one host says of one function.
    package struct Answer: Sendable, Hashable {
        package var host: String
        package var name: String
        package var isGood: Bool
        package var words: String

        /// `logs of pods on controller-0: no route to host`.
        package var account: String { "\(name) on \(host): \(words)" }
    }

    private let spec: ClusterSpec
    private let header: String

    /// Asks about one cluster.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - header: Of tokens that the key in force signs.
    package init(spec: ClusterSpec, header: String) {
        self.spec = spec
        self.header = header
    }

    /// Whether any function hangs on what is rotated: etcd and its keys have no clients but API servers.
    package static func concerns(_ roots: [TrustRoot]) -> Bool {
        roots.contains { [.kubernetes, .frontProxy, .serviceAccount].contains($0) }
    }

    /// Names of what is asked, for people.
    package static let title = "logs, cluster DNS, APIServices of others and webhooks"

    /// Of workers the first three: a lookup goes the same way on each.
    private var lookers: [HostSpec] { spec.dns.provider == .none ? [] : Array(spec.hosts(.worker).prefix(3)) }

    package var hosts: [HostSpec] {
        let controllers = spec.hosts(.controller)
        return controllers + lookers.filter { worker in !controllers.contains { $0.name == worker.name } }
    }

    package func script(on host: HostSpec) -> String {
        let name = "kubernetes.default.svc.\(spec.network.clusterDomain)"
        let looks = lookers.contains { $0.name == host.name }
        let parts = [
            host.has(.controller) ? RotationScripts.functions(header: header) : nil,
            looks ? RotationScripts.lookup(name, at: spec.network.clusterDNS) : nil,
        ]
        return RotationScripts.framed(parts.compactMap(\.self).joined(separator: "\n"))
    }

    /// Reads the answers of a host; `nil` where its API did not let it ask.
    package static func answers(_ output: String, from host: String) -> [Answer]? {
        guard output.hasSuffix("rotation-status 0\n") else { return nil }
        return output.split(separator: "\n").compactMap { line in
            if line.hasPrefix("yes ") {
                return Answer(host: host, name: String(line.dropFirst(4)), isGood: true, words: "")
            }
            guard line.hasPrefix("no "), let colon = line.firstRange(of: ": ") else { return nil }
            let name = String(line[..<colon.lowerBound].dropFirst(3))
            return Answer(host: host, name: name, isGood: false, words: String(line[colon.upperBound...]))
        }
    }

    /// Functions for which every host that was asked has a good answer.
    package static func working(_ answers: [Answer]) -> [String] {
        let ill = Set(answers.filter { !$0.isGood }.map(\.name))
        return Set(answers.map(\.name)).subtracting(ill).sorted()
    }

    /// What does not answer any more.
    package static func lost(_ working: [String], in answers: [Answer]) -> [Answer] {
        answers.filter { !$0.isGood && working.contains($0.name) }
    }
}
