/// A pod on every worker whose volumes are mounts: in memory, a part of one on disk, and a directory of the host.
struct VolumeWorkload: Sendable {
    let cluster: TestCluster

    private static let manifest = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: volumes}
        spec:
          selector: {matchLabels: {app: volumes}}
          template:
            metadata: {labels: {app: volumes}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: web
                  image: provision.local/nginx:1.22.1
                  imagePullPolicy: Never
                  volumeMounts:
                    - {name: memory, mountPath: /memory}
                    - {name: disk, mountPath: /disk, subPath: part}
                    - {name: host, mountPath: /host, readOnly: true}
              volumes:
                - {name: memory, emptyDir: {medium: Memory}}
                - {name: disk, emptyDir: {}}
                - {name: host, hostPath: {path: /srv, type: Directory}}
        """

    func start() async throws -> Bool {
        let words = "kubectl apply -f - <<'EOF' && kubectl rollout status daemonset/volumes --timeout 90s\n"
        return try await cluster.on("client-0", words + Self.manifest + "\nEOF\n", seconds: 120).status == 0
    }

    /// Kinds of its mounts on one host.
    func mounts(on host: String) async throws -> [String] {
        let command = "grep -o -e volume-subpaths/disk -e empty-dir/memory /proc/self/mountinfo | sort -u"
        return try await cluster.on(host, command).text.split(separator: "\n").map(String.init)
    }
}
