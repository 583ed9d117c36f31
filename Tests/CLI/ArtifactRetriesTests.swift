import Testing

@testable import provision

@Suite struct ArtifactRetriesTests {
    @Test func `files of one server that fail alike are told of once for each attempt`() {
        var retries = ArtifactProgressLine.Retries()
        let reason = "the name dl.k8s.io does not resolve"
        let told = ["a", "b", "a", "b"].map { retries.told("https://dl.k8s.io/\($0)", reason) }
        #expect(told == ["dl.k8s.io", nil, "dl.k8s.io", nil])
        #expect(retries.told("https://github.com/c", reason) == "github.com")
        #expect(retries.told("https://dl.k8s.io/c", "HTTP 503") == "dl.k8s.io")
    }
}
