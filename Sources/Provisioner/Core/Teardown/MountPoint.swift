/// One line of /proc/self/mountinfo.
package struct MountPoint: Sendable, Hashable {
    package let path: String
    package let type: String

    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count > 6, let dash = words.firstIndex(of: "-"), dash + 1 < words.count else { return nil }
        path = Self.unescaped(String(words[4]))
        type = String(words[dash + 1])
    }

    /// Who made a mount below a component's directory.
    package enum Owner: Sendable, Hashable {
        /// The kubelet, containerd or dockerd, and what for: unmounting it loses nothing.
        case component(String)
        case foreign
    }

    /// Decides by place and file system type; whatever does not look exactly like a component's own is foreign.
    package var owner: Owner {
        let words = path.split(separator: "/").map(String.init)
        if path.hasPrefix("/var/lib/kubelet/pods/") { return podVolume(Array(words.dropFirst(4))) }
        if path.hasPrefix("/var/lib/kubelet/plugins/kubernetes.io/") { return staged(Array(words.dropFirst(5))) }
        if path.hasPrefix("/run/containerd/io.containerd.runtime.v2.task/k8s.io/"), words.count == 6,
            words[5] == "rootfs", type == "overlay"
        {
            return .component("a container's root")
        }
        if path.hasPrefix("/run/containerd/io.containerd.grpc.v1.cri/sandboxes/"), words.count == 6,
            words[5] == "shm", type == "tmpfs"
        {
            return .component("a sandbox's shared memory")
        }
        if words.count == 3, path.hasPrefix("/run/netns/cni-"), type == "nsfs" {
            return .component("a sandbox's network")
        }
        return isBelowDocker ? dockers(words) : .foreign
    }

    /// Whose docker that is, the mount does not say.
    package var isBelowDocker: Bool { path.hasPrefix("/var/lib/docker/") || path.hasPrefix("/run/docker/") }

    private func dockers(_ words: [String]) -> Owner {
        switch (words.count, words.prefix(4).joined(separator: "/"), words.last ?? "", type) {
        case (6, "var/lib/docker/overlay2", "merged", "overlay"): return .component("a container's root")
        case (7, "var/lib/docker/containers", "shm", "tmpfs") where words[5] == "mounts":
            return .component("a container's shared memory")
        default:
            let isNetwork = words.count == 4 && words[2] == "netns" && type == "nsfs"
            return isNetwork ? .component("a container's network") : .foreign
        }
    }

    /// `csi/.../globalmount`, or `PLUGIN/mounts/VOLUME` and the like of a plugin that is part of the kubelet; only fc's
    /// volumes lie right below it.
    private func staged(_ words: [String]) -> Owner {
        if words.last == "globalmount", words.first == "csi" { return .component("a CSI volume's stage") }
        if words.count > 2, words[1] == "volumeDevices" { return .component("a block volume") }
        guard words.count > (words.first == "fc" ? 1 : 2), words.first != "csi" else { return .foreign }
        return .component("a volume's stage")
    }

    private static let inMemory: Set = [
        "kubernetes.io~secret", "kubernetes.io~projected", "kubernetes.io~configmap", "kubernetes.io~downward-api",
        "kubernetes.io~empty-dir",
    ]

    /// `POD/volumes/PLUGIN/NAME[/mount]` or `POD/volume-subpaths/...`, where POD is a UID.
    private func podVolume(_ words: [String]) -> Owner {
        guard words.count >= 4, Self.isUID(words[0]) else { return .foreign }
        if words[1] == "volume-subpaths", words.count == 5 { return .component("a volume's sub-path") }
        guard words[1] == "volumes", words[2].hasPrefix("kubernetes.io~"), words.count <= 5 else { return .foreign }
        if words.count == 5, words[4] != "mount" { return .foreign }
        guard Self.inMemory.contains(words[2]) else { return .component("a pod's volume") }
        return ["tmpfs", "hugetlbfs"].contains(type) ? .component("a pod's volume in memory") : .foreign
    }

    private static func isUID(_ word: String) -> Bool {
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && word.allSatisfy { $0 == "-" || $0.isHexDigit }
    }

    /// Whether it lies at or below a directory.
    package func isUnder(_ directory: String) -> Bool { path == directory || path.hasPrefix(directory + "/") }

    /// The kernel writes space, tab, line end and backslash as three octal digits.
    private static func unescaped(_ text: String) -> String {
        text.replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing("\\012", with: "\n")
            .replacing("\\134", with: "\\")
    }
}
