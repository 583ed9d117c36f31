import PKI
import ProvisionCore
import Testing

@Suite struct RootExplanationTests {
    @Test(arguments: [
        ("kubernetes-ca-g1", TrustRoot.kubernetes), ("kubernetes-ca", .kubernetes), ("etcd-ca-g12", .etcd),
        ("front-proxy-ca-g1", .frontProxy), ("service-account-g2", .serviceAccount), ("sa", .serviceAccount),
        ("sa.key", .serviceAccount), ("encryption-key-g1", .encryption),
    ])
    func `whatever a list calls a root is found`(_ identifier: String, _ root: TrustRoot) {
        #expect(RootExplanation.root(named: identifier) == root)
    }

    @Test(arguments: ["admin", "kubernetes-ca-g", "kubernetes-ca-gx", "g1", "-g1", ""])
    func `nothing else is one`(_ identifier: String) { #expect(RootExplanation.root(named: identifier) == nil) }

    @Test(arguments: TrustRoot.allCases)
    func `each says where it lies, and how another comes`(_ root: TrustRoot) throws {
        let explanation = RootExplanation(root, try SamplePlan.spec("lab-debian.yaml"))
        let fields = explanation.fields.reduce(into: [String: String]()) { $0[$1.name] = $1.text }
        #expect(!explanation.reason.isEmpty)
        #expect(fields["store"] != nil && fields["hosts"]?.contains("controller-0") == true)
        #expect(fields["renew"]?.hasPrefix("provision certs rotate ") == true)
        #expect((fields["issues"] != nil) == root.isAuthority && (fields["ended"] != nil) == root.isAuthority)
    }

    @Test func `an authority names what it issues and who has it`() throws {
        let explanation = RootExplanation(.etcd, try SamplePlan.spec("lab-debian.yaml"))
        let text = explanation.fields.map(\.line).joined(separator: "\n")
        #expect(text.contains("etcd-peer") && text.contains("/etc/kubernetes/pki/etcd/ca.crt (controller-0, "))
        #expect(text.contains("pki/etcd-ca/ca.crt, ca.key"))
    }
}
