import ProvisionCore
import Testing

@testable import provision

@Suite struct RunningStepsTests {
    @Test func `who is left in the middle of what is named`() {
        let steps = RunningSteps()
        #expect(steps.farewell == "left at once; no step was running on any host")
        for host in ["worker-1", "controller-0", "worker-0"] {
            steps.follow(RunEvent(.stageStarted, host: host, stage: "kubelet", message: "3 actions"))
        }
        steps.follow(RunEvent(.stageDone, host: "worker-0", stage: "kubelet", message: ""))
        #expect(steps.farewell.contains("controller-0 (kubelet), worker-1 (kubelet)\n"))
    }
}
