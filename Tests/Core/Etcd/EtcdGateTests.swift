import ProvisionCore
import Testing

/// When members of etcd are left alone.
@Suite struct EtcdGateTests {
    /// A member's answer with so many milliseconds for most of its writes, and etcd's errors.
    private static func answer(_ milliseconds: Int?, errors: String = "[]") -> String {
        let name = "metric etcd_disk_wal_fsync_duration_seconds_bucket"
        let writes = milliseconds.map {
            "\(name){le=\"\(Double($0) / 1000)\"} 1000\n\(name){le=\"+Inf\"} 1000\n"
        }
        return """
            unit active
            \(errors == "[]" ? "health true" : "")
            \(writes ?? "")status [{"Status":{"header":{"cluster_id":1,"member_id":2},"leader":2,"errors":\(errors)}}]
            """
    }

    private static func overview(_ answers: [String]) throws -> EtcdOverview {
        let hosts = try SamplePlan.spec("lab-debian.yaml").hosts(.etcd)
        return EtcdOverview(members: zip(hosts, answers).map { EtcdMember($0, answer: $1) })
    }

    private static let restart = EtcdOverview.Touch(stops: true)
    private static let join = EtcdOverview.Touch(stops: false)

    @Test func `fast members, and those that say nothing, may be touched`() throws {
        let overview = try Self.overview([Self.answer(2), Self.answer(90), Self.answer(nil)])
        #expect(overview.hindrance(Self.restart) == nil && overview.slowness(Self.restart) == [])
        #expect(overview.problems == [])
    }

    @Test func `a member that needs a tenth of a second is only spoken of`() throws {
        let overview = try Self.overview([Self.answer(2), Self.answer(400), Self.answer(2)])
        #expect(overview.hindrance(Self.restart) == nil)
        #expect(overview.slowness(Self.restart).count == 1 && overview.problems.count == 1)
        #expect(overview.slowness(Self.restart)[0].hasPrefix("controller-1: a synced write of etcd's log takes 396 ms"))
    }

    @Test func `one that needs seconds holds up whatever stops a member, unless it goes itself`() throws {
        let overview = try Self.overview([Self.answer(2), Self.answer(2), Self.answer(4000)])
        let refusal = try #require(overview.hindrance(Self.restart))
        #expect(refusal.why.contains("controller-2") && refusal.why.contains("etcd_disk_wal_fsync_duration_seconds"))
        #expect(overview.hindrance(Self.join) == nil && overview.slowness(Self.join).count == 1)
        #expect(overview.hindrance(EtcdOverview.Touch(stops: true, leaving: ["controller-2"])) == nil)
        let alone = EtcdOverview.Touch(stops: true, restarting: ["controller-2"])
        let both = EtcdOverview.Touch(stops: true, restarting: ["controller-1", "controller-2"])
        #expect(overview.hindrance(alone) == nil && overview.hindrance(both) != nil)
        #expect(overview.hindrance(Self.restart, bearsSlowness: true) == nil, "a lab's machines share one disk")
    }

    @Test(arguments: [("NOSPACE", "defrag --disarm"), ("CORRUPT", "etcd replace")])
    func `an alarm holds up everything`(alarm: String, remedy: String) throws {
        let sick = Self.answer(2, errors: "[\"memberID:2 alarm:\(alarm) \"]")
        let overview = try Self.overview([Self.answer(2), sick, sick])
        for touch in [Self.restart, Self.join] {
            let refusal = try #require(overview.hindrance(touch, bearsSlowness: true))
            #expect(refusal.why.contains("alarm \(alarm)") && refusal.remedy.contains(remedy))
        }
    }
}
