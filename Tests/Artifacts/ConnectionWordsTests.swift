import Testing

@testable import ProvisionArtifacts

@Suite struct ConnectionWordsTests {
    @Test(arguments: [
        (
            "DNS error: SocketAddressError.UnknownHost: Temporary failure in name resolution (error -3) for host github.com, port 443",
            "the name github.com does not resolve"
        ),
        (
            "Connection errors: SingleConnectionFailure(target: [IPv4]127.0.0.1:1, error: connection reset (error set): Connection refused (errno: 111))",
            "no connection: connection refused"
        ),
        ("Connection reset by peer", "Connection reset by peer"),
    ])
    func `what the library says is put into words`(_ text: String, _ plain: String) {
        #expect(ConnectionWords.plain(text) == plain)
    }

    @Test func `several failures are all named, and what to do is said once`() {
        let errors = ["a", "b"].map {
            ArtifactError(.transfer, subject: $0, attempted: "download it", reason: "no", remedy: "check the network")
        }
        let other = ArtifactError(.notFound, subject: "c", attempted: "download it", reason: "HTTP 404", remedy: "look")
        let lines = ArtifactFailures([errors[0], other, errors[1]]).description.split(separator: "\n")
        #expect(lines.map { $0.prefix(4) } == ["× a:", "× b:", "  tr", "× c:", "  tr"])
    }
}
