import Foundation

/// A client that asks the API through the load balancer without pause, a new connection each time.
struct ProbeLoop: Sendable {
    struct Count: Sendable {
        var succeeded: Int
        /// Time and curl's words.
        var failures: [String]
    }

    let cluster: TestCluster

    /// Probes while the body runs.
    ///
    /// - Parameter body: What must not be noticed.
    /// - Returns: The body's result, and how many calls succeeded and failed.
    /// - Throws: What the body throws, once the loop has ended.
    func during<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> (result: Result, count: Count) {
        let stop = cluster.directory + "/probe-stop"
        let log = cluster.directory + "/probe-log"
        for path in [stop, log] { try? FileManager.default.removeItem(atPath: path) }
        let pki = cluster.store + "/pki/kubernetes-ca"
        let curl =
            "curl -fsS -m 5 -o /dev/null --cacert \(pki)/ca.crt --cert \(pki)/admin.crt --key \(pki)/admin.key"
        // 58: the store's own pair was being replaced under curl's eyes, which is no answer of the API.
        let script = """
            while [ ! -e \(stop) ]; do
            if words=$(\(curl) \(cluster.server)/api/v1/namespaces/default 2>&1); then echo ok; elif [ $? = 58 ]; then sleep 0.2; else echo "failed $(date +%T.%3N) $words"; fi
            sleep 0.1; done > \(log)
            """
        async let probing = cluster.run(["sh", "-c", script], seconds: 2400)
        let result: Result
        do {
            result = try await body()
        } catch {
            _ = FileManager.default.createFile(atPath: stop, contents: nil)
            _ = try await probing
            throw error
        }
        _ = FileManager.default.createFile(atPath: stop, contents: nil)
        _ = try await probing
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
        let failures = lines.filter { $0 != "ok" }
        return (result, Count(succeeded: lines.count - failures.count, failures: failures))
    }
}
