import Templates
import Testing

@Suite struct UserAccessManifestTests {
    @Test func `a role of its own and one of Kubernetes are the golden ones`() throws {
        let own = UserAccessManifest(
            user: "ci@example.org",
            groups: [],
            namespace: "shop",
            role: "deployer",
            rules: try ["get,list:pods,pods/log", "patch:deployments.apps"].map {
                try #require(UserAccessManifest.Rule($0))
            }
        )
        let known = UserAccessManifest(user: "jane", groups: ["developers"], namespace: "shop", role: "view", rules: [])
        #expect(try Fixture.golden("user-access.yaml", own.text + "---\n" + known.text) == nil)
    }

    @Test(arguments: [
        "", "get", "get:", ":pods", "get:pods:x", "get,:pods", "get:pods,deployments.apps", "g t:pods", "get:Po\"ds",
        "get:pods.-",
    ])
    func `what is no rule is none`(_ text: String) { #expect(UserAccessManifest.Rule(text) == nil) }

    @Test(arguments: [("shop", true), ("a.b-c", true), ("-a", false), ("A", false), ("a/b", false), ("", false)])
    func `names of objects are told from others`(_ text: String, _ isName: Bool) {
        #expect(UserAccessManifest.isName(text) == isName)
    }
}
