import Testing

@testable import ProvisionArtifacts

@Suite struct ProxyEnvironmentTests {
    private let environment = ProxyEnvironment([
        "http_proxy": "http://plain:3128", "https_proxy": "http://secure:3128",
        "no_proxy": "localhost,127.0.0.1, .internal,example.org",
    ])

    @Test(arguments: [
        ("http://dl.k8s.io/x", "http://plain:3128"),
        ("https://dl.k8s.io/x", "http://secure:3128"),
        ("https://notexample.org/x", "http://secure:3128"),
    ])
    func chooses(url: String, proxy: String) {
        #expect(environment.proxy(for: url) == proxy)
    }

    @Test(arguments: [
        "http://127.0.0.1:8080/x", "https://a.internal/x", "https://example.org/", "http://b.example.org/",
    ])
    func leavesOut(url: String) {
        #expect(environment.proxy(for: url) == nil)
    }

    @Test func ignoresUpperCaseHTTPProxy() {
        #expect(ProxyEnvironment(["HTTP_PROXY": "http://x:1"]).proxy(for: "http://dl.k8s.io/") == nil)
    }

    @Test func refusesOtherKindsWithoutShowingThePassword() throws {
        let environment = ProxyEnvironment(["all_proxy": "socks5://user:geheim@x:1"])
        let error = #expect(throws: ArtifactError.self) { try environment.clientProxy(for: "http://dl.k8s.io/") }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("geheim") == false)
    }
}
