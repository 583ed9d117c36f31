import Testing

/// Runs before everything else on a fresh lab, so that the end can be compared with the beginning.
@Suite(.serialized, .enabled(if: TestCluster.runs("PictureTests"), "started by make cluster-test"))
struct PictureTests {
    @Test(.timeLimit(.minutes(3))) func `every host is pictured before the first apply`() async throws {
        let cluster = try #require(TestCluster.current)
        for (host, command) in EarlierThings.all {
            let placed = try await cluster.on(host, command)
            #expect(placed.status == 0, "\(host): \(placed.everything)")
        }
        let pictures = try await HostPicture.takeAll(of: try await cluster.hosts(), in: cluster)
        for (host, picture) in pictures {
            #expect(picture.lines.count > 1000, "\(host)")
            try picture.save(host, cluster)
        }
        let theirs = ["inet table inet theirs {", "rules iptables-nft -A INPUT -s 192.0.2.1/32 -j THEIRS"]
        #expect(pictures["worker-0"]?.lines.isSuperset(of: theirs) == true)
    }
}
