import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

/// Held against the table of certificates, not against the code's own helpers.
@Suite struct CertificateCatalogTests {
    private func spec(_ sample: String = "lab-debian.yaml") throws -> ClusterSpec {
        let file = InventoryFixtures.samples.appending(path: sample)
        let bytes = try InventoryFixtures.bytes(file)
        return try Inventory.decode(bytes, path: sample, directory: "/i", context: InventoryFixtures.context).spec
    }

    private func certificate(_ identifier: String, in spec: ClusterSpec) throws -> CatalogCertificate {
        try #require(CertificateCatalog.certificates(of: spec).first { $0.identifier == identifier })
    }

    /// identifier, CN, O, usages, issuer, certificate, key, consumer.
    @Test(arguments: [
        "haproxy-check@lb-0 | provision-haproxy | - | clientAuth | kubernetes-ca | /etc/haproxy/check.pem | /etc/haproxy/check.pem | haproxy.service",
        "etcd-server@controller-1 | kube-etcd | - | clientAuth+serverAuth | etcd-ca | /etc/kubernetes/pki/etcd/server.crt | /etc/kubernetes/pki/etcd/server.key | etcd.service",
        "etcd-peer@controller-1 | kube-etcd-peer | - | clientAuth+serverAuth | etcd-ca | /etc/kubernetes/pki/etcd/peer.crt | /etc/kubernetes/pki/etcd/peer.key | etcd.service",
        "etcd-healthcheck@controller-1 | kube-etcd-healthcheck-client | - | clientAuth | etcd-ca | /etc/kubernetes/pki/etcd/healthcheck-client.crt | /etc/kubernetes/pki/etcd/healthcheck-client.key | -",
        "apiserver@controller-0 | kube-apiserver | - | serverAuth | kubernetes-ca | /etc/kubernetes/pki/apiserver.crt | /etc/kubernetes/pki/apiserver.key | kube-apiserver.service",
        "apiserver-kubelet-client@controller-0 | kube-apiserver-kubelet-client | - | clientAuth | kubernetes-ca | /etc/kubernetes/pki/apiserver-kubelet-client.crt | /etc/kubernetes/pki/apiserver-kubelet-client.key | kube-apiserver.service",
        "apiserver-etcd-client@controller-0 | kube-apiserver-etcd-client | - | clientAuth | etcd-ca | /etc/kubernetes/pki/apiserver-etcd-client.crt | /etc/kubernetes/pki/apiserver-etcd-client.key | kube-apiserver.service",
        "front-proxy-client@controller-0 | front-proxy-client | - | clientAuth | front-proxy-ca | /etc/kubernetes/pki/front-proxy-client.crt | /etc/kubernetes/pki/front-proxy-client.key | kube-apiserver.service",
        "controller-manager@controller-0 | system:kube-controller-manager | - | clientAuth | kubernetes-ca | /etc/kubernetes/pki/controller-manager.crt | /etc/kubernetes/pki/controller-manager.key | kube-controller-manager.service",
        "controller-manager-serving@controller-0 | kube-controller-manager | - | serverAuth | kubernetes-ca | /etc/kubernetes/pki/controller-manager-serving.crt | /etc/kubernetes/pki/controller-manager-serving.key | kube-controller-manager.service",
        "scheduler@controller-0 | system:kube-scheduler | - | clientAuth | kubernetes-ca | /etc/kubernetes/pki/scheduler.crt | /etc/kubernetes/pki/scheduler.key | kube-scheduler.service",
        "scheduler-serving@controller-0 | kube-scheduler | - | serverAuth | kubernetes-ca | /etc/kubernetes/pki/scheduler-serving.crt | /etc/kubernetes/pki/scheduler-serving.key | kube-scheduler.service",
        "kubelet-client@worker-0 | system:node:worker-0 | system:nodes | clientAuth | kubernetes-ca | /var/lib/kubelet/pki/kubelet-client.crt | /var/lib/kubelet/pki/kubelet-client.key | kubelet.service",
        "kubelet-serving@worker-0 | system:node:worker-0 | system:nodes | serverAuth | kubernetes-ca | /var/lib/kubelet/pki/kubelet.crt | /var/lib/kubelet/pki/kubelet.key | kubelet.service",
        "kube-proxy@worker-0 | system:kube-proxy | - | clientAuth | kubernetes-ca | /etc/kubernetes/pki/kube-proxy.crt | /etc/kubernetes/pki/kube-proxy.key | kube-proxy.service",
        "admin | kubernetes-admin | provision:cluster-admins | clientAuth | kubernetes-ca | admin.crt | admin.key | -",
    ])
    func certificateIsTheTables(_ row: String) throws {
        let columns = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        let certificate = try certificate(columns[0], in: spec())
        let subject = certificate.subject
        func joined(_ texts: [String], _ separator: String) -> String {
            texts.isEmpty ? "-" : texts.joined(separator: separator)
        }
        let actual = [
            certificate.identifier, subject.commonName, joined(subject.organizations, ","),
            joined(subject.usages.sorted().map(\.rawValue), "+"), subject.issuer.rawValue, certificate.certificatePath,
            certificate.keyPath, joined(certificate.consumers, ","),
        ]
        #expect(actual == columns)
    }

    @Test func apiServerIsValidForEveryWayToReachIt() throws {
        let subject = try certificate("apiserver@controller-0", in: spec()).subject
        #expect(
            subject.dnsNames == [
                "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster",
                "kubernetes.default.svc.cluster.local", "controller-0", "lb-0", "localhost",
            ]
        )
        #expect(subject.addresses.map(\.description) == ["10.32.0.1", "192.168.2.2", "192.168.2.8", "127.0.0.1"])
    }

    @Test func endpointAndExtraNamesAreInTheAPIServersCertificate() throws {
        let external = try certificate("apiserver@controller-b", in: spec("ha-external-lb.yaml")).subject
        #expect(external.dnsNames.contains("api.example.org") && external.dnsNames.contains("api.internal.example.org"))
        #expect(external.addresses.map(\.description).contains("198.51.100.20"))
        let shared = try certificate("apiserver@controller-2", in: spec("ha-two-load-balancers.yaml")).subject
        #expect(Set(shared.addresses.map(\.description)).isSuperset(of: ["10.2.0.100", "10.2.0.8", "10.2.0.9"]))
    }

    @Test(arguments: [
        ("etcd-peer@controller-1", "controller-1,localhost", "192.168.2.3,127.0.0.1"),
        ("etcd-server@controller-2", "controller-2,localhost", "192.168.2.4,127.0.0.1"),
        ("kubelet-serving@worker-2", "worker-2", "192.168.2.7"),
        ("scheduler-serving@controller-0", "localhost", "192.168.2.2,127.0.0.1"),
        ("kubelet-client@worker-2", "", ""), ("admin", "", ""),
    ])
    func namesOfOtherCertificates(_ identifier: String, _ names: String, _ addresses: String) throws {
        let subject = try certificate(identifier, in: spec()).subject
        #expect(subject.dnsNames.joined(separator: ",") == names)
        #expect(subject.addresses.map(\.description).joined(separator: ",") == addresses)
    }

    @Test func kubeletNamesFollowTheNodeName() throws {
        let certificate = try certificate("kubelet-client@worker-0", in: spec("jump-host.yaml"))
        #expect(certificate.subject.commonName == "system:node:worker-0.private.example.org")
    }

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func catalogIsConsistent(_ sample: String) throws {
        let spec = try spec(sample)
        let all = CertificateCatalog.certificates(of: spec)
        #expect(Set(all.map(\.identifier)).count == all.count)
        #expect(Set(all.map { "\($0.host ?? "") \($0.keyPath)" }).count == all.count)
        #expect(all.allSatisfy { $0.subject.commonName.utf8.count <= 64 && !$0.reason.isEmpty && $0.keyMode == 0o600 })
        #expect(all.allSatisfy { Set($0.subject.dnsNames).count == $0.subject.dnsNames.count })
        #expect(all.allSatisfy { !$0.subject.usages.contains(.serverAuth) || !$0.subject.addresses.isEmpty })
        #expect(!all.contains { $0.subject.organizations.contains("system:masters") })
        #expect(all.filter { $0.subject.usages.count == 2 }.allSatisfy { $0.subject.issuer == .etcd })
        let count = spec.hosts(.loadBalancer).count + 3 * spec.hosts(.etcd).count + 8 * spec.hosts(.controller).count
        #expect(all.count == count + 3 * spec.hosts(.worker).count + 1)
    }

    @Test func etcdKeysAreReadableByEtcdOnly() throws {
        let peer = try certificate("etcd-peer@etcd-0", in: spec("external-etcd.yaml"))
        #expect(peer.owner == "etcd" && peer.group == "etcd" && peer.keyMode == 0o600)
    }

    @Test func lifetimesAreTheSpecs() throws {
        let spec = try spec("ha-external-lb.yaml")
        #expect(try certificate("admin", in: spec).subject.lifetime == 7 * 86400)
        #expect(try certificate("apiserver@controller-a", in: spec).subject.lifetime == 90 * 86400)
    }

    @Test func `an authority and a leaf live as long as the inventory says of them alone`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.pki.lifetimes = ["etcd-ca": 5, "kubelet-client": 7, "admin": 9]
        let leaves = CertificateCatalog.certificates(of: spec)
        #expect(Set(leaves.map(\.role)) == Set(PKISpec.leafRoles), "the inventory can name every role, and no other")
        for leaf in leaves {
            let wanted = ["kubelet-client": 7, "admin": 9][leaf.role] ?? spec.pki.leafLifetime
            #expect(leaf.subject.lifetime == wanted, "\(leaf.identifier)")
        }
        let authorities = CertificateRequests.authorities(of: spec)
        #expect(authorities.filter { $0.lifetime == 5 }.map(\.name) == ["etcd-ca"])
        #expect(authorities.filter { $0.lifetime == spec.pki.authorityLifetime }.count == 2)
    }
}
