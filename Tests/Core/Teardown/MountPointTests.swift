import ProvisionCore
import Testing

@Suite struct MountPointTests {
    private static let pod = "/var/lib/kubelet/pods/160bd0d6-f687-4e67-a8b6-754662dc2f59"
    private static let task = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"

    private func owner(_ path: String, _ type: String) -> String {
        let line = "6281 3909 0:392 / \(path) rw,relatime shared:2497 - \(type) source rw"
        switch MountPoint(line: line)?.owner {
        case .component(let what)?: return what
        case .foreign?: return "foreign"
        case nil: return "unreadable"
        }
    }

    @Test(arguments: [
        ("\(pod)/volumes/kubernetes.io~secret/token", "tmpfs", "a pod's volume in memory"),
        ("\(pod)/volumes/kubernetes.io~secret/token", "ext4", "foreign"),
        ("\(pod)/volumes/kubernetes.io~empty-dir/m", "tmpfs", "a pod's volume in memory"),
        ("\(pod)/volumes/kubernetes.io~empty-dir/m", "ext4", "foreign"),
        ("\(pod)/volumes/kubernetes.io~empty-dir/m/deeper/down", "tmpfs", "foreign"),
        ("\(pod)/volumes/kubernetes.io~csi/pv/mount", "xfs", "a pod's volume"),
        ("\(pod)/volumes/kubernetes.io~csi/pv/other", "xfs", "foreign"),
        ("\(pod)/volumes/kubernetes.io~nfs/data", "nfs4", "a pod's volume"),
        ("\(pod)/volume-subpaths/v/c/0", "ext4", "a volume's sub-path"),
        ("\(pod)", "ext4", "foreign"), ("\(pod)/volumes", "tmpfs", "foreign"),
        ("/var/lib/kubelet/pods/x/bind", "ext4", "foreign"), ("/var/lib/kubelet/pods/x/tmpfs", "tmpfs", "foreign"),
        ("/var/lib/kubelet", "ext4", "foreign"),
        ("/var/lib/kubelet/plugins/kubernetes.io/csi/pv/v1/globalmount", "xfs", "a CSI volume's stage"),
        ("\(task)/0123/rootfs", "overlay", "a container's root"), ("\(task)/0123/rootfs", "tmpfs", "foreign"),
        ("\(task)/0123/rootfs/mnt", "overlay", "foreign"),
        ("/run/containerd/io.containerd.grpc.v1.cri/sandboxes/01/shm", "tmpfs", "a sandbox's shared memory"),
        ("/run/netns/cni-cf10cdd9", "nsfs", "a sandbox's network"), ("/run/netns/cni-cf10cdd9", "tmpfs", "foreign"),
        ("/run/netns/mine", "nsfs", "foreign"), ("/var/lib/containerd/disk", "ext4", "foreign"),
        ("/srv", "ext4", "foreign"),
    ])
    func `a mount is ours only where place and type are exactly a component's`(path: String, type: String, want: String)
    {
        #expect(owner(path, type) == want)
    }

    @Test func `a space in a mount point is read`() {
        #expect(MountPoint(line: #"1 2 0:1 / /var/lib/kubelet/a\040b rw - tmpfs t rw"#)?.path == "/var/lib/kubelet/a b")
    }

    @Test(arguments: ["", "1 2 3", "1 2 0:1 / /x rw shared:1 no dash at all"])
    func `half a line is no mount`(line: String) { #expect(MountPoint(line: line) == nil) }

    @Test func `a neighbour with a longer name is not below`() throws {
        let mount = try #require(MountPoint(line: "1 2 0:1 / /var/lib/kubelet2/x rw - tmpfs t rw"))
        #expect(!mount.isUnder("/var/lib/kubelet"))
        #expect(mount.isUnder("/var/lib/kubelet2") && mount.isUnder("/var/lib/kubelet2/x"))
    }
}
