/// Whoever shows a certificate was issued it by an authority that the other side trusts, whatever the files are called.
struct TrustCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let server = "kube-apiserver"
        return check(cluster.ends("etcd", "cert-file"), by: cluster.ends(server, "etcd-cafile"))
            + check(cluster.ends(server, "etcd-certfile"), by: cluster.ends("etcd", "trusted-ca-file"))
            + check(cluster.ends("etcd", "peer-cert-file"), by: cluster.ends("etcd", "peer-trusted-ca-file"))
            + check(
                cluster.ends(server, "proxy-client-cert-file"),
                by: cluster.ends(server, "requestheader-client-ca-file")
            )
            + check(
                cluster.ends(server, "kubelet-client-certificate"),
                by: cluster.kubeletEnds("authentication", "x509", "clientCAFile")
            )
            + check(cluster.kubeletEnds("tlsCertFile"), by: cluster.ends(server, "kubelet-certificate-authority"))
            + check(
                cluster.kubeconfigEnds("client-certificate", \.clientCertificate),
                by: cluster.ends(server, "client-ca-file")
            )
            + check(
                cluster.ends(server, "tls-cert-file"),
                by: cluster.kubeconfigEnds("certificate-authority", \.authority)
            )
    }

    /// One violation for a side that trusts nobody, else one for a certificate that somebody does not trust.
    private func check(_ shown: [TrustEnd], by trusting: [TrustEnd]) -> [ConsistencyViolation] {
        let blind = trusting.filter { side in !shown.isEmpty && shown.allSatisfy { !side.trusts($0) } }
        let seeing = trusting.filter { side in shown.contains(where: side.trusts) }
        let foreign = shown.compactMap { end -> ConsistencyViolation? in
            let refusing = seeing.filter { !$0.trusts(end) }
            return refusing.isEmpty ? nil : violation(end, refusing)
        }
        return blind.map { violation($0, shown) } + foreign
    }

    private func violation(_ subject: TrustEnd, _ others: [TrustEnd]) -> ConsistencyViolation {
        ConsistencyViolation(
            .trust,
            subject.place,
            [subject.finding] + others.map(\.finding),
            remedy: "take the certificate and the bundle of one authority: the connection between them would fail"
        )
    }
}
