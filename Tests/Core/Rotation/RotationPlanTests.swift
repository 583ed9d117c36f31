import PKI
import ProvisionCore
import Templates
import Testing

@Suite struct RotationPlanTests {
    @Test func `every stage says what it does, restarts and proves`() throws {
        let way = RotationStage.way(of: [.kubernetes])
        #expect(way.map(\.phase) == [.trustBoth, .newLeaves, .distrust])
        #expect(way.allSatisfy { !$0.does.isEmpty && $0.restarts.count == 4 && $0.gates.count >= 3 })
        let keys = RotationStage.way(of: [.encryption])
        #expect(keys[1].gates.contains { $0.contains("every Secret in etcd") })
        #expect(keys.allSatisfy { $0.restarts == ["kube-apiserver, one at a time"] })
    }

    @Test(arguments: [
        (RotationPhase.newLeaves, false, [RotationPhase.trustBoth, .oldOnly]), (.trustBoth, false, [.oldOnly]),
        // A step back that was cut off is done again.
        (.trustBoth, true, [.trustBoth, .oldOnly]), (.oldOnly, true, [.oldOnly]), (.oldOnly, false, []),
    ])
    func `the way back has its own steps`(_ phase: RotationPhase, _ isUnderWay: Bool, _ steps: [RotationPhase]) {
        let way = RotationStage.wayBack(of: TrustRoot.allCases, from: phase, isUnderWay: isUnderWay)
        #expect(way.map(\.phase) == steps)
        #expect(way.allSatisfy { $0.does.count == 5 && $0.gates.contains { $0.contains("old key's prefix") } })
        let last = way.last?.gates.contains { $0.contains("the new canary is refused, the old one accepted") }
        #expect(last == (steps.isEmpty ? nil : true))
    }

    @Test func `before distrust everybody must be there, as the plan wants it, and etcd whole`() throws {
        var seen = Unsteadiness()
        var spec = try SamplePlan.spec("lab-debian.yaml")
        #expect(RotationRefusal.checkpoint(spec, seen, inventory: "i.yaml") == [])
        // Who was lost has been taken out, and two members are left.
        spec.hosts.removeAll { $0.name == "controller-2" }
        #expect(RotationRefusal.checkpoint(spec, seen, inventory: "i.yaml") == [])
        seen.unreachable = ["controller-1": "timed out"]
        seen.drift = ["worker-0": ["file:/a"]]
        seen.etcd = ["memberID:1 alarm:NOSPACE"]
        seen.clocks = ["lb-0": 31_000]
        let refusals = RotationRefusal.checkpoint(spec, seen, inventory: "i.yaml")
        #expect(
            refusals.map(\.reason) == [
                "controller-1 is not reachable: timed out", "worker-0 is not as the plan wants it: file:/a",
                "etcd says: memberID:1 alarm:NOSPACE", "the clock of lb-0 is 31000 ms ahead of this machine",
            ]
        )
        #expect(refusals.allSatisfy { $0.remedy.hasSuffix("then: provision certs rotate --resume --apply i.yaml") })
    }

    @Test func `no step begins without every host, and what helps is said`() {
        let refusals = RotationRefusal.missing(["b": "refused", "a": "timed out"], inventory: "i.yaml")
        #expect(refusals.map(\.reason) == ["a is not reachable: timed out", "b is not reachable: refused"])
        #expect(refusals.allSatisfy { $0.remedy.contains("provision apply i.yaml") })
        #expect(RotationRefusal.missing([:], inventory: "i.yaml") == [])
    }

    @Test func `what goes on serving is said, and what does not`() {
        let many = RotationStage.survives([.kubernetes, .etcd], controllers: 3, members: 3)
        #expect(many.count == 3 && many[0].contains("2 of 3") && many[1].contains("keep the quorum"))
        let one = RotationStage.survives([.etcd], controllers: 1, members: 1)
        #expect(one[0].contains("nobody serves") && one[1].contains("without a quorum"))
    }

    private func refusals(
        _ sample: String = "lab-debian.yaml",
        roots: [TrustRoot] = [.etcd],
        seeing see: (inout Unsteadiness) -> Void = { _ in },
        editing: (inout ClusterSpec) -> Void = { _ in }
    ) throws -> [String] {
        var spec = try SamplePlan.spec(sample)
        editing(&spec)
        var seen = Unsteadiness()
        see(&seen)
        return RotationRefusal.judge(spec, roots: roots, seen, inventory: "i.yaml").map(\.reason)
    }

    @Test func `a steady cluster is not refused`() throws {
        #expect(try refusals { $0.clocks = ["lb-0": 29_000, "worker-0": -1000] }.isEmpty)
    }

    @Test func `where the hosts agree this machine's clock is the one that is off`() throws {
        let reasons = try refusals { $0.clocks = ["lb-0": 60_000, "worker-0": 60_000, "worker-1": 60_000] }
        #expect(reasons == ["the clock of this machine is 60000 ms behind the median of the hosts"])
    }

    @Test func `every reason is named at once`() throws {
        let reasons = try refusals {
            $0.unreachable = ["worker-1": "timed out"]
            $0.drift = ["controller-1": ["health:etcd", "file:/a"]]
            $0.clocks = ["worker-0": 31_000]
            $0.etcd = ["memberID:1 alarm:NOSPACE"]
            $0.ending = ["admin", "kube-proxy@worker-0"]
            $0.pendingRequests = ["csr-abc"]
        }
        #expect(
            reasons == [
                "worker-1 is not reachable: timed out",
                "controller-1 is not as the plan wants it: health:etcd, file:/a",
                "etcd is healthy on 2 of 3 members, all are needed", "etcd says: memberID:1 alarm:NOSPACE",
                "the clock of worker-0 is 31000 ms ahead of this machine",
                "admin, kube-proxy@worker-0 end within a day, perhaps in the middle of the rotation",
                "signing requests wait for an answer: csr-abc",
            ]
        )
    }

    @Test func `leaves that end soon and requests that wait do not keep leaves from being renewed`() throws {
        #expect(
            try refusals(roots: []) {
                $0.ending = ["admin"]
                $0.pendingRequests = ["csr-abc"]
            }.isEmpty
        )
    }

    @Test func `a store that does not know whom hosts trust is named instead of the difference`() throws {
        let refusals = RotationRefusal.judge(
            try SamplePlan.spec("lab-debian.yaml"),
            roots: [.kubernetes],
            {
                var seen = Unsteadiness()
                seen.drift = ["worker-0": ["file:/etc/kubernetes/pki/ca.crt"]]
                seen.strangers = ["worker-0 trusts kubernetes-ca-g2 as kubernetes-ca"]
                return seen
            }(),
            inventory: "i.yaml"
        )
        #expect(refusals.map(\.reason) == ["worker-0 trusts kubernetes-ca-g2 as kubernetes-ca"])
        #expect(refusals.allSatisfy { $0.remedy.contains("do not apply") })
    }

    @Test func `etcd's authority needs more than two members`() throws {
        let two: (inout ClusterSpec) -> Void = { $0.hosts.removeAll { $0.name == "controller-2" } }
        #expect(try refusals(editing: two) == ["etcd has two members: restarting one loses the quorum"])
        #expect(try refusals(roots: [.kubernetes], editing: two).isEmpty)
    }

    @Test func `the proof accepts every phase of a rotation`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let other = try await SamplePlan.make("lab.yaml").materials
        var both = sample.materials
        for name in both.authorities.keys { both.authorities[name]? += other.authorities[name] ?? [] }
        both.serviceAccountPublicKey += other.serviceAccountPublicKey
        both.encryptionKeys += [.init(generation: 2, bytes: Secret([UInt8](repeating: 7, count: 32)))]
        let plan = Planner(spec: sample.spec, materials: both).plan()
        #expect(ConsistencyProver(spec: sample.spec, plan: plan).violations().map(\.description) == [])
        let config = plan.lanes.flatMap(\.resources).compactMap { $0 as? FileResource }
            .first { $0.file.path.hasSuffix("encryption-config.yaml") }
        #expect(config?.file.text.contains("key2") == true)
    }

    @Test func `an offline plan has no guard and no rolling order`() async throws {
        let plan = OfflinePlan.make(from: try await SamplePlan.make("lab-debian.yaml").plan)
        let stages = plan.lanes.flatMap(\.stages)
        #expect(stages.allSatisfy { $0.rolling == nil })
        #expect(stages.flatMap(\.resources).compactMap { $0 as? ServiceResource }.allSatisfy { $0.guardScript == nil })
        #expect(stages.contains { $0.needs.contains(.etcdQuorum) })
    }
}

@Suite struct HandshakeMatrixTests {
    private func matrix(_ host: String) throws -> HandshakeMatrix {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let canaries = [false, true].map {
            HandshakeMatrix.Canary(
                root: .kubernetes,
                isNew: $0,
                identity: Secret(Array("pem\n".utf8)),
                token: Secret("")
            )
        }
        return HandshakeMatrix(spec: spec, host: try #require(spec.hosts.first { $0.name == host }), canaries: canaries)
    }

    @Test func `an endpoint is asked by both canaries, and an unfinished answer is none`() throws {
        let worker = try matrix("worker-0")
        let output = """
            cell 0 Forbidden (user=provision-canary, verb=get, resource=nodes)
            cell 1 Unauthorized
            end
            """
        let cells = try #require(worker.cells(output))
        #expect(cells.map(\.isAccepted) == [true, false] && cells.map(\.endpoint) == ["kubelet", "kubelet"])
        #expect(worker.cells("cell 0 Forbidden") == nil)
        #expect(try !matrix("client-0").isEmpty, "kubectl is a client too")
    }

    @Test func `a component must be accepted with its own leaf at any time`() throws {
        let controller = try matrix("controller-0")
        let worker = try matrix("worker-0")
        #expect(controller.script.contains("own 0 --cert /etc/kubernetes/pki/apiserver-kubelet-client.crt"))
        #expect(!controller.script.contains(":2379"), "etcd's authority is not rotated here")
        let cells = try #require(worker.cells("own 0 200\nown 1 curl: (60) SSL certificate problem 000\nend\n"))
        #expect(cells.map(\.canary) == ["kubelet-client", "kube-proxy"])
        #expect(
            HandshakeMatrix.table(cells, at: .trustBoth) == [
                "kube-proxy of worker-0: by the API endpoint refused (WRONG)",
                "kubelet-client of worker-0: by the API endpoint accepted",
            ]
        )
        for phase in [RotationPhase.oldOnly, .trustBoth, .newLeaves, .distrust] {
            #expect(cells.map { HandshakeMatrix.isRight($0, at: phase) } == [true, false])
        }
    }

    @Test(arguments: [
        (RotationPhase.oldOnly, [true, false]), (.trustBoth, [true, true]), (.newLeaves, [true, true]),
        (.distrust, [false, true]),
    ])
    func `a phase wants these answers of the old and the new canary`(_ phase: RotationPhase, _ wanted: [Bool]) {
        for (isNew, answer) in zip([false, true], wanted) {
            for isAccepted in [false, true] {
                let cell = HandshakeMatrix.Cell(
                    host: "h",
                    endpoint: "e",
                    canary: "c",
                    isNew: isNew,
                    isAccepted: isAccepted,
                    words: ""
                )
                #expect(HandshakeMatrix.isRight(cell, at: phase) == (isAccepted == answer))
            }
        }
    }

    @Test func `a token is three parts without padding, its kid the digest of the key`() throws {
        let token = ServiceAccountToken(
            issuer: "https://i",
            audiences: ["https://a", "b"],
            uid: "u",
            now: 100,
            keyIdentifier: "k"
        )
        let parts = token.signingInput.split(separator: ".")
        #expect(parts.count == 2 && !token.signingInput.contains("="))
        #expect(parts[0] == "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ")
        let claims = try #require(Base64.decode(parts[1].replacing("-", with: "+").replacing("_", with: "/")))
        let text = String(decoding: claims, as: UTF8.self)
        #expect(text.contains(#""aud":["https://a","b"],"#) && text.contains(#""iss":"https://i","#))
        #expect(ServiceAccountToken.keyIdentifier(ofDER: []) == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")
    }
}
