import Templates
import Testing

@Suite struct FlagTableTests {
    @Test(arguments: [FlagTable.Component.kubeAPIServer, .kubeControllerManager, .kubeScheduler, .kubelet])
    func knowsExactlyTheFlagsOfTheDefaultVersion(component: FlagTable.Component) throws {
        let fact = Set(try Fixture.lines("flags-1.36/\(component.rawValue).txt"))
        #expect(Set(FlagTable.of(component).names(in: KubernetesVersion(1, 36, 2))) == fact)
    }

    /// Flags which --help hides but the binary takes are in the table as well.
    @Test(arguments: FlagTable.Component.allCases.filter { $0 != .etcd })
    func knowsTheFlagsOfTheOldestVersion(component: FlagTable.Component) throws {
        let fact = Set(try Fixture.lines("flags-1.20/\(component.rawValue).txt"))
        let known = Set(FlagTable.of(component).names(in: KubernetesVersion(1, 20, 2)))
        #expect(fact.subtracting(known).isEmpty)
        let hidden: Set = [
            "insecure-port", "insecure-bind-address", "kubelet-https", "target-ram-mb",
            "experimental-cluster-signing-duration", "horizontal-pod-autoscaler-use-rest-clients",
        ]
        #expect(known.subtracting(fact).isSubset(of: hidden), "\(known.subtracting(fact).subtracting(hidden))")
    }

    @Test(arguments: 20...37)
    func everyRenderedFlagExists(minor: Int) {
        let version = KubernetesVersion(1, minor)
        let topology = Topology.lab(version)
        var apiServer = topology.apiServer(topology.controllers[0])
        apiServer.staticTokenFile = true
        apiServer.abacPolicyFile = true
        var manager = topology.controllerManager
        manager.signsCertificates = true
        var docker = topology.kubelet(0)
        docker.runtime = .docker
        let sets = [
            apiServer.flags, manager.flags, topology.scheduler.flags, topology.kubelet(0).flags, docker.flags,
            KubeProxyUnit().flags, topology.etcdUnit(topology.etcd[0]).flags,
        ]
        for set in sets { #expect(set.problems(for: version) == [], "\(set.component)") }
    }

    @Test func namesTheFlagThatWasMeant() throws {
        let flags = FlagSet(.kubeAPIServer).merging(["--anonymus-auth": "false"])
        let problem = try #require(flags.problems(for: KubernetesVersion(1, 36)).first)
        #expect(problem.reason == .unknown)
        #expect(problem.nearest == "anonymous-auth")
        #expect(
            String(describing: problem)
                == "kube-apiserver 1.36.0 has no flag --anonymus-auth; did you mean --anonymous-auth?"
        )
    }

    @Test func tellsRemovedFromNotYetThere() {
        let flags = FlagSet(.kubelet, ["network-plugin": "cni", "config-dir": "/etc/x"])
        #expect(flags.problems(for: KubernetesVersion(1, 23)).map(\.reason) == [.notYet(since: 28)])
        #expect(flags.problems(for: KubernetesVersion(1, 36)).map(\.reason) == [.removed(last: 23)])
    }

    @Test func userFlagsReplaceInPlaceAndAppendInOrder() {
        let flags = FlagSet(.kubeScheduler, ["config": "/a", "v": "1"]).merging(["v": "4", "--profiling": "false"])
        #expect(flags.arguments == ["--config=/a", "--v=4", "--profiling=false"])
    }

    @Test(arguments: [("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0)])
    func editDistance(left: String, right: String, distance: Int) {
        #expect(EditDistance.between(left, right) == distance)
    }

    @Test(arguments: [
        ("sta", "status"), ("wor", "worker-0"), ("STATUS", "status"), ("stauts", "status"), ("worker_0", "worker-0"),
        ("run", nil), ("s", nil), ("", nil), ("sxxxus", nil),
    ])
    func theNearestBeginsSoOrDiffersInAThird(_ name: String, _ nearest: String?) {
        #expect(EditDistance.nearest(to: name, among: ["worker-10", "worker-0", "status", "list"]) == nearest)
    }
}
