import Testing

/// Runs before everything else on a fresh lab, so that the end can be compared with the beginning.
@Suite(.serialized, .enabled(if: TestCluster.current != nil, "started by make cluster-test"))
struct PictureTests {
    @Test(.timeLimit(.minutes(3))) func `every host is pictured before the first apply`() async throws {
        let cluster = try #require(TestCluster.current)
        let pictures = try await HostPicture.takeAll(of: try await cluster.hosts(), in: cluster)
        for (host, picture) in pictures {
            #expect(picture.lines.count > 1000, "\(host)")
            try picture.save(host, cluster)
        }
    }
}
