import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

/// What goes to hosts as text is at least a script.
@Suite struct RotationScriptTests {
    static let scripts: [(String, String)] = [
        ("readWrite", RotationScripts.readWrite("server-0")),
        ("rootBundles", RotationScripts.rootBundles(sha256: "00")),
        ("restart", RotationScripts.restart(.system("k8s-app!=kube-dns"), mark: "ca-1/trust-both/kubernetes-ca")),
        ("rollouts", RotationScripts.rollouts(.all)),
        ("renewAuthenticationConfig", RotationScripts.renewAuthenticationConfig),
        ("secretCounts", RotationScripts.secretCounts),
        ("rewriteSecrets", RotationScripts.rewriteSecrets(SecretTurn.all(in: "secrets a 2\nsecrets b 1")[0])),
        ("encryptedWith", RotationScripts.encryptedWith(provider: "secretbox", key: "key2", address: "10.0.0.1")),
        ("renewTokens", RotationScripts.renewTokens(header: "h")),
        ("podsWithOldTokens", RotationScripts.podsWithOldTokens(header: "h")),
        ("deleteOldTokens", RotationScripts.deleteOldTokens(header: "h")),
        (
            "mountedBundles",
            RotationScripts.mountedBundles(
                wanted: ["aa", "bb"],
                unwanted: ["cc"],
                seconds: 180,
                in: "/var/lib/kubelet/pods"
            )
        ),
        ("mountedTokens", RotationScripts.mountedTokens(of: ["h", "i"], in: "/var/lib/kubelet/pods")),
        ("podNames", RotationScripts.podNames),
        ("objectsTrusting", RotationScripts.objectsTrusting(["aa"], without: ["bb"])),
        ("authenticationConfig", RotationScripts.authenticationConfig(clients: ["aa", "bb"], proxies: ["cc"])),
        ("otherPods", RotationScripts.otherPods),
        ("pendingRequests", RotationScripts.pendingRequests),
        ("etcdTroubles", RotationScripts.etcdTroubles(address: "10.0.0.1")),
        ("functions", RotationScripts.functions(header: "h")),
        (
            "lookup",
            RotationScripts.lookup("kubernetes.default.svc.cluster.local", at: IPv4Address(bits: 0x0A20_000A))
        ),
    ]

    @Test(arguments: scripts) func `the shell can read it`(_ name: String, _ script: String) throws {
        let checked = try LocalShell.run(RotationScripts.framed(script), ["-n"])
        #expect(checked.status == 0, "\(name): \(checked.text)")
    }

    @Test(arguments: scripts) func `a script is the golden one`(_ name: String, _ script: String) throws {
        let golden = InventoryFixtures.core.appending(path: "Golden/rotation/\(name).sh")
        #expect(try InventoryFixtures.matchesGolden(script + "\n", golden), "\(script)")
    }

    /// Both sides compute the same prints, so that a shell can say which authorities a text holds.
    @Test(arguments: [("both", 0), ("old", 1)])
    func `a host compares authorities as this machine does`(_ held: String, _ status: Int32) async throws {
        let old = try #require(try await SamplePlan.make("lab-debian.yaml").materials.authorities["kubernetes-ca"])
        let new = try #require(try await SamplePlan.make("lab.yaml").materials.authorities["kubernetes-ca"])
        let text = String(decoding: held == "both" ? old + new : old, as: UTF8.self)
        let script = """
            kc() { cat <<'E'
            \(text)E
            }
            await() { shift 2; "$@"; }
            \(RotationScripts.authenticationConfig(clients: PEMBlocks.prints(old + new), proxies: PEMBlocks.prints(old)))
            """
        #expect(try LocalShell.run(script, ["-s"]).status == status)
    }

    /// What one server was asked to write must come back, whether or not the object was there.
    @Test(arguments: [(true, "$v", 0), (false, "$v", 0), (true, "1", 1)] as [(Bool, String, Int32)])
    func `a server is asked for what it was told`(_ isThere: Bool, _ read: String, _ status: Int32) throws {
        let standIns = #"""
            there=\#(isThere ? "configmap/provision-gate" : "")
            f=$(mktemp) c=$(mktemp); trap 'rm -f $f $c' EXIT
            kc() { case "$*" in
              *--ignore-not-found*) echo $there;;
              *" create "*) echo made >> $c;;
              *" patch "*) echo "$*" | sed 's/.*"server-1":"\([0-9]*\)".*/\1/' > $f;;
              *jsonpath=*server-1*) v=$(cat $f); echo "\#(read)";;
            esac; }
            """#
        let script = RotationScripts.readWrite("server-1") + "\nif [ -s $c ]; then echo created; else echo found; fi"
        let result = try LocalShell.run(script, standIns: standIns)
        #expect(result.status == status, "\(result.text)")
        guard status == 0 else { return }
        #expect(result.text == (isThere ? "found" : "created"))
    }

    @Test(arguments: [("printf uid", "uid\nrotation-status 0"), ("false; echo never", "rotation-status 1")])
    func `its status is the last line, whatever it printed`(_ script: String, _ end: String) throws {
        let text = try LocalShell.run(RotationScripts.framed(script), ["-s"]).text
        #expect(text.split(separator: "\n").joined(separator: "\n").hasSuffix(end))
        #expect(!text.contains("never"))
    }

    @Test func `an inspection reads files and says where its end is`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let host = try #require(spec.hosts.first { $0.name == "client-0" })
        let inspection = CertificateInspection(spec: spec, host: host)
        let answer = try #require(inspection.answer(try LocalShell.run(inspection.script, ["-s"]).text))
        #expect(answer.pairs.isEmpty && answer.live.isEmpty)
        for host in spec.hosts {
            #expect(try LocalShell.run(CertificateInspection(spec: spec, host: host).script, ["-n"]).status == 0)
        }
    }

    /// The bytes themselves stay on the host; a key that was cut off has no digest.
    @Test(arguments: [(32, true), (31, false)])
    func `an encryption key is read as the digest of its bytes`(_ count: Int, _ isKey: Bool) throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let host = try #require(spec.hosts(.controller).first)
        let inspection = CertificateInspection(spec: spec, host: host)
        let file = try #require(inspection.trustFiles.first { $0.form == .names })
        let key = [UInt8](repeating: 7, count: count)
        let path = NSTemporaryDirectory() + "provision-encryption-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = EncryptionConfig(keys: [.init(name: "key1", bytes: Secret(key))]).rendered().text
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let script = inspection.diskScript.replacing(file.path, with: path)
        let output = try LocalShell.run(script).text
        #expect(!output.contains(Base64Text.encode(key)))
        let answer = try #require(inspection.answer(output))
        let word = try #require(answer.trust[file])
        #expect(word == (isKey ? "key1=\(SHA256Digest.hex(of: key)),," : "key1,,"))
        #expect(file.isUnreadable(word) != isKey)
    }

    @Test func `a matrix is a script that leaves nothing behind`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let canaries = TrustRoot.allCases.map {
            HandshakeMatrix.Canary(root: $0, isNew: true, identity: Secret(Array("pem\n".utf8)), token: Secret("t"))
        }
        for host in spec.hosts {
            let script = HandshakeMatrix(spec: spec, host: host, canaries: canaries).script
            #expect(try LocalShell.run(script, ["-n"]).status == 0)
            #expect(script.contains("trap 'rm -rf $w' EXIT"))
        }
    }
}
