import ProvisionCore
import Testing

@Suite struct WorkloadRolloutTests {
    /// A line as a host prints it: mark, paused, strategy, partition, generation, observed, wanted, updated, ready, total.
    private func rollout(_ kind: String, _ rest: String) throws -> WorkloadRollout {
        try #require(WorkloadRollout(line: "rollout|\(kind)|kube-system|one|\(rest)"))
    }

    private static let cases: [(String, String, Int?)] = [
        // Its controller has not seen the template; one pod of three has it; an old one still ends; done.
        ("Deployment", "m||||3|2|3|3|3|3", nil), ("Deployment", "m||||3|3|3|1|3|4", 5),
        ("Deployment", "m||||3|3|3|3|3|4", 1), ("Deployment", "m||||3|3|3|3|3|3", 0),
        // What Kubernetes leaves out is none.
        ("Deployment", "m||||3|3|0|||", 0), ("Deployment", "||||3|3|2|||2", 6),
        ("DaemonSet", "m||RollingUpdate||2|2|6|4|5|", 3), ("DaemonSet", "m||RollingUpdate||2|2|6|6|6|", 0),
        ("StatefulSet", "m||RollingUpdate|0|2|2|3|1|2|3", 5), ("StatefulSet", "m||RollingUpdate|0|2|2|3|3|3|3", 0),
    ]

    @Test(arguments: cases) func `what is left is counted in pods`(
        _ kind: String,
        _ rest: String,
        _ remaining: Int?
    ) throws {
        let rollout = try rollout(kind, rest)
        #expect(rollout.remaining == remaining && rollout.isDone == (remaining == 0))
        #expect(rollout.errand == nil, "its controller replaces every pod")
    }

    @Test(arguments: [
        ("Deployment", "m|true|||3|3|3||3|3", "is paused: kubectl -n kube-system rollout resume deployment/one"),
        ("DaemonSet", "m||OnDelete||2|2|6|4|6|", "is OnDelete: delete its pods, one after another"),
        ("StatefulSet", "m||RollingUpdate|2|2|2|3|1|3|3", "set its spec.updateStrategy.rollingUpdate.partition to 0"),
    ])
    func `what only a person restarts is named with what to do, until it is done`(
        _ kind: String,
        _ rest: String,
        _ words: String
    ) throws {
        let rollout = try rollout(kind, rest)
        #expect(rollout.errand?.hasPrefix("\(kind) kube-system/one ") == true)
        #expect(rollout.errand?.hasSuffix(words) == true, "\(rollout.errand ?? "-")")
        var watch = RolloutWatch()
        #expect(watch.look(at: [rollout], second: 0).going.isEmpty, "nobody waits for it")
        var done = rollout
        (done.updated, done.ready) = (rollout.wanted, rollout.wanted)
        if rollout.total != nil { done.total = rollout.wanted }
        #expect(done.errand == nil)
    }

    private static let unseen: [(String, String)] = [
        // A paused Deployment without replicas, an OnDelete DaemonSet without nodes, a StatefulSet that keeps pods back.
        ("Deployment", "m|true|||3|%|0|0|0|0"), ("DaemonSet", "m||OnDelete||3|%|0|0|0|"),
        ("StatefulSet", "m||RollingUpdate|1|3|%|0|0|0|0"),
    ]

    @Test(arguments: unseen) func `what has no pods asks nobody for anything, once its controller has seen it`(
        _ kind: String,
        _ rest: String
    ) throws {
        let unseen = try rollout(kind, rest.replacing("%", with: "2"))
        var watch = RolloutWatch()
        let first = watch.look(at: [unseen], second: 0)
        #expect(unseen.errand == nil && first.going == [unseen])
        let seen = try rollout(kind, rest.replacing("%", with: "3"))
        let second = watch.look(at: [seen], second: 2)
        #expect(seen.errand == nil && seen.isDone && second.going.isEmpty)
    }

    @Test(arguments: [
        ("Deployment", "m|true|||3|3|3|3|2|3"), ("DaemonSet", "m||OnDelete||2|2|6|6|5|"),
        ("StatefulSet", "m||OnDelete||2|2|3|3|2|3"),
    ])
    func `a last pod that still starts is waited for, and nobody is told to delete it`(
        _ kind: String,
        _ rest: String
    ) throws {
        let rollout = try rollout(kind, rest)
        var watch = RolloutWatch()
        #expect(rollout.errand == nil && !rollout.isDone)
        let first = watch.look(at: [rollout], second: 0)
        let last = watch.look(at: [rollout], second: RolloutWatch.patience)
        #expect(first.going == [rollout] && last.stuck == [rollout], "a pod that never starts is no errand either")
    }

    @Test func `other lines are none`() {
        let words = "Warning: a version is deprecated\nrollout|Deployment|a|b|m||||3|3|1|1|1|1\nrollout|short\n"
        let rollouts = WorkloadRollout.all(in: words)
        #expect(rollouts.map(\.title) == ["Deployment a/b"] && rollouts.map(\.mark) == ["m"])
        #expect(rollouts[0].account == "Deployment a/b: 1 of 1 pod restarted, 1 ready")
    }

    /// A hundred pods, each within its time: the whole may take as long as it does.
    @Test func `a roll-out is waited for as long as it goes on`() throws {
        var watch = RolloutWatch()
        var second = 0
        for updated in 0..<100 {
            let look = watch.look(at: [try rollout("DaemonSet", "m||||2|2|100|\(updated)|99|")], second: second)
            #expect(look.going.count == 1 && look.stuck.isEmpty)
            second += RolloutWatch.patience - 1
        }
        let end = watch.look(at: [try rollout("DaemonSet", "m||||2|2|100|100|100|")], second: second)
        #expect(end.going.isEmpty && end.stuck.isEmpty)
    }

    /// A pod that comes and goes is no progress.
    @Test func `what only moves back and forth is stuck in the end`() throws {
        var watch = RolloutWatch()
        var stuck: Int?
        for second in stride(from: 0, through: 1000, by: 10) where stuck == nil {
            let ready = second / 10 % 2
            let look = watch.look(at: [try rollout("Deployment", "m||||3|3|2|1|\(ready)|2")], second: second)
            if !look.stuck.isEmpty { stuck = second }
        }
        #expect(stuck == RolloutWatch.patience + 10)
    }

    @Test func `a template that changes meanwhile is another roll-out`() throws {
        var watch = RolloutWatch()
        _ = watch.look(at: [try rollout("Deployment", "m||||3|3|2|1|2|2")], second: 0)
        let later = watch.look(at: [try rollout("Deployment", "m||||4|4|2|0|2|2")], second: RolloutWatch.patience)
        #expect(later.going.count == 1 && later.stuck.isEmpty)
    }
}
