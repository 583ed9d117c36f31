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
        ("\(task)/0123/rootfs", "overlay", "a container's root"), ("\(task)/0123/rootfs", "tmpfs", "foreign"),
        ("\(task)/0123/rootfs/mnt", "overlay", "foreign"),
        ("/run/containerd/io.containerd.grpc.v1.cri/sandboxes/01/shm", "tmpfs", "a sandbox's shared memory"),
        ("/run/netns/cni-cf10cdd9", "nsfs", "a sandbox's network"), ("/run/netns/cni-cf10cdd9", "tmpfs", "foreign"),
        ("/var/lib/docker/overlay2/0a/merged", "overlay", "a container's root"),
        ("/var/lib/docker/overlay2/0a/merged", "nfs4", "foreign"), ("/var/lib/docker/overlay2", "ext4", "foreign"),
        ("/var/lib/docker/containers/0a/mounts/shm", "tmpfs", "a container's shared memory"),
        ("/var/lib/docker/containers/0a/other/shm", "tmpfs", "foreign"),
        ("/var/lib/docker/volumes/mine/_data", "ext4", "foreign"),
        ("/run/docker/netns/0a", "nsfs", "a container's network"), ("/run/docker/netns/0a", "tmpfs", "foreign"),
        ("/run/netns/mine", "nsfs", "foreign"), ("/var/lib/containerd/disk", "ext4", "foreign"),
        ("/srv", "ext4", "foreign"),
    ])
    func `a mount is ours only where place and type are exactly a component's`(path: String, type: String, want: String)
    {
        #expect(owner(path, type) == want)
    }

    @Test(arguments: [
        ("csi/pv/v1/globalmount", "a CSI volume's stage"), ("csi/pv/v1/other", "foreign"), ("csi", "foreign"),
        ("csi/volumeDevices/publish/v1/u", "a block volume"), ("rbd/mounts/rbd-image-v1", "a volume's stage"),
        ("aws-ebs/mounts/aws/eu-1a/vol-1", "a volume's stage"), ("rbd/mounts", "foreign"), ("rbd", "foreign"),
        ("iscsi/iface-default/10.0.0.9:3260-iqn.a:b-lun-0", "a volume's stage"),
        ("fc/50060e801049cfd1-lun-0", "a volume's stage"), ("fc", "foreign"),
    ])
    func `where the kubelet stages volumes its mounts are its own`(path: String, want: String) {
        #expect(owner("/var/lib/kubelet/plugins/kubernetes.io/\(path)", "xfs") == want)
        #expect(owner("/var/lib/kubelet/plugins/mine/\(path)", "xfs") == "foreign")
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
