/// Certificates as node_exporter's textfile collector reads them.
package enum PrometheusText {
    /// One row of a report.
    package struct Row: Sendable {
        package var identifier: String
        package var host: String
        package var issuer: String
        /// Seconds since 1970.
        package var notAfter: Int64
        package var findings: [CertificateFinding]

        package init(identifier: String, host: String, issuer: String, notAfter: Int64, findings: [CertificateFinding])
        {
            self.identifier = identifier
            self.host = host
            self.issuer = issuer
            self.notAfter = notAfter
            self.findings = findings
        }
    }

    /// The whole file.
    ///
    /// - Parameters:
    ///   - rows: Certificates.
    ///   - others: What belongs to no certificate: silent endpoints, trust files, authorities; by host or authority.
    ///   - cluster: The cluster's name, a label.
    ///   - now: Seconds since 1970.
    /// - Returns: Text in the exposition format.
    package static func render(
        _ rows: [Row],
        others: [(host: String, finding: CertificateFinding)] = [],
        cluster: String,
        now: Int64
    ) -> String {
        var lines = [
            "# HELP provision_certificate_not_after_seconds End of a certificate's life, seconds since 1970.",
            "# TYPE provision_certificate_not_after_seconds gauge",
        ]
        lines += rows.map { "provision_certificate_not_after_seconds{\(labels($0, cluster))} \($0.notAfter)" }
        lines += [
            "# HELP provision_certificate_problem A problem that provision certs check found, by its name.",
            "# TYPE provision_certificate_problem gauge",
        ]
        let rest = Dictionary(grouping: others, by: \.host).sorted { $0.key < $1.key }.map { host, found in
            Row(identifier: "", host: host, issuer: "", notAfter: 0, findings: found.map(\.finding))
        }
        lines += (rows + rest).flatMap { row in
            Set(row.findings.map(\.kind.rawValue)).sorted().map {
                "provision_certificate_problem{\(labels(row, cluster)),problem=\"\($0)\"} 1"
            }
        }
        lines += [
            "# HELP provision_certificate_problems How many problems provision certs check found; it exits 2 where there are any.",
            "# TYPE provision_certificate_problems gauge",
            "provision_certificate_problems{cluster=\"\(escaped(cluster))\"} \(rows.reduce(others.count) { $0 + $1.findings.count })",
        ]
        lines += [
            "# HELP provision_certificate_check_time_seconds When the check ran.",
            "# TYPE provision_certificate_check_time_seconds gauge",
            "provision_certificate_check_time_seconds{cluster=\"\(escaped(cluster))\"} \(now)",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func labels(_ row: Row, _ cluster: String) -> String {
        [("cluster", cluster), ("certificate", row.identifier), ("host", row.host), ("issuer", row.issuer)]
            .map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
