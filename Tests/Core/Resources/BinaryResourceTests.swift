import ProvisionCore
import Testing

@Suite struct BinaryResourceTests {
    private static let upload = FakeUploads.upload("kubelet")
    private let resource = BinaryResource(
        path: "/usr/local/bin/kubelet",
        uploads: ["x86_64": upload],
        reason: "a test"
    )

    @Test(arguments: [
        ("x86_64 file 755 root:root 1048576 \(upload.sha256)", "same: hash, mode and owner are as wanted"),
        ("x86_64 absent", "change: is missing -> send /usr/local/bin/kubelet (1 MB)"),
        ("x86_64 file 755 root:root 1048576", "change: is missing -> send /usr/local/bin/kubelet (1 MB)"),
        ("x86_64 file 755 root:root 9 0123", "change: content differs -> send /usr/local/bin/kubelet (1 MB)"),
        (
            "x86_64 file 644 root:root 1048576 \(upload.sha256)",
            "change: is 644 root:root, must be 755 root:root -> set mode and owner of /usr/local/bin/kubelet"
        ),
        (
            "x86_64 file 755 ann:ann 1048576 \(upload.sha256)",
            "change: is 755 ann:ann, must be 755 root:root -> set mode and owner of /usr/local/bin/kubelet"
        ),
        ("riscv64 absent", "refused: there is no build of /usr/local/bin/kubelet for riscv64 absent"),
        ("", "refused: there is no build of /usr/local/bin/kubelet for "),
    ])
    func `an answer gives its verdict`(_ answer: String, _ outline: String) {
        #expect(resource.outline(answer) == outline)
    }

    @Test func `the file of the host's own machine is sent, with size and hash to prove it`() throws {
        let arm = Action.Upload(localPath: "/cache/arm", size: 5, sha256: "ab")
        let both = BinaryResource(
            path: "/opt/cni/bin/bridge",
            uploads: ["x86_64": Self.upload, "aarch64": arm],
            mode: 0o644,
            reason: ""
        )
        let action = try #require(
            both.verdict(for: ProbeAnswer(text: "aarch64 absent"), changed: []).actions.first
        )
        #expect(action.kind == .upload && action.upload == arm)
        #expect(action.script == "receive /opt/cni/bin/bridge 644 ab 5")
        #expect(action.sharedPath == "/opt/cni/bin/bridge")
    }

    @Test func `what a host holds is known by its digest only where all is as wanted`() {
        let answer = "x86_64 file 755 root:root 1048576 \(Self.upload.sha256)"
        #expect(resource.heldDigest(ProbeAnswer(text: answer)) == Self.upload.sha256)
        #expect(resource.heldDigest(ProbeAnswer(text: answer.replacing(" 755 ", with: " 644 "))) == nil)
        #expect(resource.heldDigest(ProbeAnswer(text: "x86_64 absent")) == nil)
    }

    @Test func `another build is another digest`() {
        let other = BinaryResource(
            path: resource.path,
            uploads: ["x86_64": FakeUploads.upload("kubelet-2")],
            reason: ""
        )
        #expect(other.digest != resource.digest && other.id == resource.id)
    }
}
