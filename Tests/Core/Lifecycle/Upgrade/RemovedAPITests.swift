import ProvisionCore
import Templates
import Testing

@Suite struct RemovedAPITests {
    private func metric(_ group: String, _ version: String, _ resource: String) -> String {
        "requested apiserver_requested_deprecated_apis{group=\"\(group)\",removed_release=\"1.22\",resource=\"\(resource)\",subresource=\"\",version=\"\(version)\"} 1\n"
    }

    private func results(_ output: String, _ to: Int, accepted: Set<String> = []) -> [String] {
        let removed = RemovedAPI.between(KubernetesVersion(1, to - 1), KubernetesVersion(1, to))
        return RemovedAPIUse(output: output).results(removed, accepted: accepted).map {
            "\($0.level) \($0.id) \($0.host)"
        }
    }

    @Test func `the releases that take something away are those of the deprecation guide`() {
        #expect(Set(RemovedAPI.all.map(\.minor)) == [22, 25, 26, 27, 29, 32])
        #expect(RemovedAPI.between(KubernetesVersion(1, 20, 2), KubernetesVersion(1, 20, 3, label: "lab")) == [])
        #expect(RemovedAPI.between(KubernetesVersion(1, 22), KubernetesVersion(1, 23)) == [])
        let gone = RemovedAPI.between(KubernetesVersion(1, 24), KubernetesVersion(1, 25))
        #expect(gone.first { $0.name == "policy/v1beta1/podsecuritypolicies" }?.replacement == nil)
        #expect(gone.first { $0.name == "batch/v1beta1/cronjobs" }?.replacement == "batch/v1")
        #expect(Set(RemovedAPI.all.map(\.name)).count == RemovedAPI.all.count)
    }

    @Test func `an API that only people ask for is refused, one that Kubernetes asks for itself is not`() {
        let webhooks = "admissionregistration.k8s.io"
        let output =
            metric(webhooks, "v1beta1", "mutatingwebhookconfigurations") + metric("extensions", "v1beta1", "ingresses")
        #expect(
            results(output, 22) == [
                "failure upgrade.removed-api \(webhooks)/v1beta1/mutatingwebhookconfigurations",
                "warning upgrade.removed-api extensions/v1beta1/ingresses",
            ]
        )
        #expect(results(output, 23) == [])
        let accepted: Set = ["\(webhooks)/v1beta1/mutatingwebhookconfigurations"]
        #expect(results(output, 22, accepted: accepted).allSatisfy { $0.hasPrefix("warning") })
    }

    @Test func `the audit log names who asked, and the cluster's own are left out`() throws {
        let path = "/apis/extensions/v1beta1/namespaces/shop/ingresses/front"
        let output =
            "audited \(path) system:serviceaccount:kube-system:generic-garbage-collector\naudited \(path) jane\n"
        #expect(results(output, 22) == ["failure upgrade.removed-api extensions/v1beta1/ingresses"])
        let removed = RemovedAPI.between(KubernetesVersion(1, 21), KubernetesVersion(1, 22))
        let result = try #require(RemovedAPIUse(output: output).results(removed, accepted: []).first)
        #expect(result.text == "is gone in 1.22, and jane asked for it")
        #expect(result.fix.contains("use networking.k8s.io/v1"))
    }

    @Test func `objects that nothing reads any more stop an upgrade, old manifests are only named`() {
        let output = """
            objects policy/v1beta1/podsecuritypolicies 3
            manifest policy/v1beta1/poddisruptionbudgets shop/front

            """
        #expect(
            results(output, 25) == [
                "warning upgrade.removed-manifests policy/v1beta1/poddisruptionbudgets",
                "failure upgrade.removed-objects policy/v1beta1/podsecuritypolicies",
            ]
        )
        #expect(results("objects policy/v1beta1/podsecuritypolicies 0\n", 25) == [])
    }
}
