import Foundation
import PKI
import ProvisionCore
import Testing

/// The scripts that restart pods, run by a shell with a stand-in for the API.
@Suite struct PodRestartScriptTests {
    private let here = NSTemporaryDirectory() + "provision-restart-" + UUID().uuidString

    private func run(_ script: String, _ api: String) throws -> (status: Int32, text: String) {
        defer { try? FileManager.default.removeItem(atPath: here) }
        let standIns = "kc() { case \"$*\" in\n\(api)\nesac; }"
        return try LocalShell.run(script.replacing("/run/provision", with: here), standIns: standIns)
    }

    private static let three = """
        *' get deployments,'*) printf 'rollout|Deployment|kube-system|dns|before||||1|1|1|1|1|1\\n'
          printf 'rollout|DaemonSet|kube-system|cni|ca-1||||1|1|1|1|1|\\n'
          printf 'rollout|StatefulSet|kube-system|gone|||||1|1|1|1|1|1\\n';;
        """

    @Test func `only templates without the mark get it, and what is gone needs none`() throws {
        let api = """
            \(Self.three)
            *' patch StatefulSet gone '*) return 1;;
            *' patch '*) echo "$*" >&2;;
            *' get StatefulSet gone '*) ;;
            """
        let script = RotationScripts.restart(.ofSystem[1], mark: "ca-1")
        let answer = try run(script, api)
        #expect(answer.status == 0)
        let patch = #"{"spec":{"template":{"metadata":{"annotations":{"provision/trust":"ca-1"}}}}}"#
        #expect(answer.text == "-n kube-system patch Deployment dns --type merge -p \(patch)")
    }

    @Test(arguments: ["*' get StatefulSet gone '*) echo statefulset.apps/gone;;", "*' get StatefulSet '*) return 1;;"])
    func `a template that is there and cannot be marked ends it`(_ get: String) throws {
        let api = "\(Self.three)\n*' patch StatefulSet '*) echo denied >&2; return 1;;\n\(get)"
        let answer = try run(RotationScripts.restart(.ofSystem[1], mark: "ca-1"), api)
        #expect(answer.status != 0 && answer.text.contains("denied"))
    }

    @Test func `a look prints a line for each workload`() throws {
        let answer = try run(RotationScripts.rollouts(.ofSystem[0]), Self.three)
        #expect(answer.status == 0)
        let rollouts = WorkloadRollout.all(in: answer.text)
        #expect(rollouts.map(\.name) == ["dns", "cni", "gone"] && rollouts.allSatisfy(\.isDone))
    }

    @Test func `one workload is asked for by its name`() throws {
        let line = "rollout|StatefulSet|shop|db|||||1|1|1|1|1|1"
        let workload = try #require(WorkloadRollout(line: line))
        let api = "'-n shop get statefulsets --field-selector metadata.name=db '*) echo '\(line)';;"
        #expect(try run(RotationScripts.rollouts(.one(workload)), api).text == line)
    }
}

@Suite struct RotationRestartTests {
    private static let phases: [RotationPhase] = [.trustBoth, .newLeaves, .distrust]

    private func rotation(_ id: String, _ phase: RotationPhase, isBack: Bool = false) -> Rotation {
        var rotation = Rotation(id: id, roots: [.kubernetes, .serviceAccount], phase: phase, started: 0)
        rotation.isRollingBack = isBack
        return rotation
    }

    @Test func `a step that is done again has its mark, every other step another one`() {
        let mark = rotation("ca-1", .trustBoth).restartMark(for: [.kubernetes])
        #expect(mark == "ca-1/trust-both/kubernetes-ca")
        var copy = rotation("ca-1", .trustBoth)
        (copy.asked, copy.reissued, copy.started) = (.init(restartsPods: true), 7, 8)
        #expect(copy.restartMark(for: [.kubernetes]) == mark)
        var recovered = rotation("ca-1", .trustBoth)
        recovered.recovery = .pending
        let pending = recovered.restartMark(for: [.kubernetes])
        recovered.recovery = .done
        #expect(recovered.restartMark(for: [.kubernetes]) == pending, "it is the same step")
        let others = [
            rotation("ca-2", .trustBoth).restartMark(for: [.kubernetes]),
            rotation("ca-1", .trustBoth, isBack: true).restartMark(for: [.kubernetes]),
            rotation("ca-1", .distrust).restartMark(for: [.kubernetes]),
            rotation("ca-1", .trustBoth).restartMark(for: [.serviceAccount]), pending,
        ]
        #expect(Set(others + [mark]).count == 6)
    }

    @Test func `a stage says that every pod must have restarted where it must`() {
        func stages(_ root: TrustRoot) -> [Bool] {
            RotationStage.way(of: [root]).map { $0.gates.contains("every pod of kube-system has restarted") }
        }
        #expect(stages(.kubernetes) == [true, false, false] && stages(.serviceAccount) == [false, true, false])
        #expect(stages(.etcd) == [false, false, false])
        let back = RotationStage.wayBack(of: [.serviceAccount], from: .newLeaves, isUnderWay: false)
        #expect(back.map { $0.gates.contains("every pod of kube-system has restarted") } == [true, false])
    }

    /// API servers present the new authority from `new-leaves` on.
    @Test func `pods must all have restarted where the next step would lock them out`() {
        let authority = Self.phases.map { rotation("ca-1", $0).needsEveryPod(of: .kubernetes) }
        #expect(authority == [true, false, false])
        #expect(rotation("ca-1", .newLeaves).needsEveryPod(of: .serviceAccount))
        #expect(rotation("ca-1", .trustBoth, isBack: true).needsEveryPod(of: .serviceAccount))
    }
}
