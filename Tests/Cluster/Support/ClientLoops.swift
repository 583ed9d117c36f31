import Foundation
import Testing

/// Clients that work without pause beside a rotation: writes and a watch through the load balancer, exec into a pod, and a
/// pod that uses its service account's token inside of the cluster.
struct ClientLoops: Sendable {
    struct Report: Sendable {
        var writes: ClientLog
        var watch: WatchLog
        var exec: ClientLog
        var token: ClientLog
        /// When the node's kubelet was down or had just come back.
        var kubeletRestarts: [ClosedRange<Double>]
        /// The same of etcd's members: one that stops cancels the writes that it has in hand.
        var etcdRestarts: [ClosedRange<Double>]

        var lines: [String] { [writes.summary, watch.summary, exec.summary, token.summary] }
    }

    /// Where the pod writes down what it got, on its node.
    private static let podLog = "/run/provision-clients"
    let cluster: TestCluster
    let node = "worker-0"

    private var stop: String { cluster.directory + "/clients-stop" }
    private func log(_ name: String) -> String { cluster.directory + "/clients-\(name)" }

    /// Lets all of them work while the body runs.
    func during<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> (result: Result, report: Report) {
        for path in [stop, log("writes"), log("watch"), log("events")] {
            try? FileManager.default.removeItem(atPath: path)
        }
        try await prepare()
        async let writing = cluster.run(["sh", "-c", writeScript], seconds: 3000)
        async let watching = cluster.run(["sh", "-c", watchScript], seconds: 3000)
        async let executing = cluster.on("client-0", execScript, seconds: 3000)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        _ = FileManager.default.createFile(atPath: stop, contents: nil)
        _ = try await cluster.on("client-0", "touch /run/clients-stop")
        _ = try await (writing, watching)
        let exec = try await executing
        let token = try await cluster.on(node, "sleep 3; cat \(Self.podLog)/*")
        try await clean()
        let writes = ClientLog("writes", try String(contentsOfFile: log("writes"), encoding: .utf8))
        let report = Report(
            writes: writes,
            watch: WatchLog(try String(contentsOfFile: log("watch"), encoding: .utf8), written: writes.succeeded),
            exec: ClientLog("exec", exec.text),
            token: ClientLog("token in a pod", token.text),
            kubeletRestarts: try await restarts(of: "kubelet", on: [node], settling: 45),
            etcdRestarts: try await restarts(
                of: "etcd",
                on: ["controller-0", "controller-1", "controller-2"],
                leading: 5,
                settling: 10
            )
        )
        return (try result.get(), report)
    }

    /// From just before a service is told to stop, since a leader of etcd passes its office on first, until it has been
    /// up for some seconds: a kubelet that came back does not know its pods at once.
    private func restarts(
        of unit: String,
        on hosts: [String],
        leading: Double = 1,
        settling seconds: Double
    ) async throws -> [ClosedRange<Double>] {
        let command = """
            journalctl --output short-unix --no-pager _PID=1 UNIT=\(unit).service | grep -E ' (Stopping|Stopped|Started) |exited'
            """
        var found: [ClosedRange<Double>] = []
        for host in hosts {
            var down: Double?
            for line in try await cluster.on(host, command).text.split(separator: "\n") {
                guard let time = line.split(separator: " ").first.flatMap({ Double($0) }) else { continue }
                if line.contains(" Started ") {
                    found.append((down ?? time) - leading...time + seconds)
                    down = nil
                } else {
                    down = down ?? time
                }
            }
        }
        return found
    }

    private func prepare() async throws {
        let made = try await cluster.on(
            "client-0",
            "rm -f /run/clients-stop; kubectl apply -f - > /dev/null <<'END'\n\(manifest)END\n"
                + "kubectl -n clients rollout status --timeout=120s deployment/token && kubectl -n clients wait --for=condition=Ready --timeout=60s pod/idle",
            seconds: 200
        )
        try #require(made.status == 0, "\(made.everything)")
    }

    private func clean() async throws {
        _ = try await cluster.on("client-0", "kubectl delete namespace clients --wait=true", seconds: 120)
        _ = try await cluster.on(node, "rm -rf \(Self.podLog)")
    }

    /// A pod for exec that nobody restarts, and one that asks as its own service account, by a token Secret or a
    /// projected token, whichever this version mounts.
    private var manifest: String {
        """
        apiVersion: v1
        kind: Namespace
        metadata: { name: clients }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: writes, namespace: clients }
        data: { value: "0" }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: view, namespace: clients }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
        subjects: [{ kind: ServiceAccount, name: default, namespace: clients }]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: robot, namespace: clients }
        ---
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/service-account-token
        metadata: { name: made-by-hand, namespace: clients, annotations: { kubernetes.io/service-account.name: robot } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: idle, namespace: clients }
        spec:
          nodeName: \(node)
          automountServiceAccountToken: false
          terminationGracePeriodSeconds: 1
          volumes: [{ name: hand, secret: { secretName: made-by-hand } }]
          containers:
            - name: idle
              image: provision.local/dnsmasq:2.90
              imagePullPolicy: Never
              volumeMounts: [{ name: hand, mountPath: /hand }]
              command: [sh, -c, "while :; do sleep 1; done"]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: token, namespace: clients }
        spec:
          replicas: 1
          strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
          selector: { matchLabels: { app: token } }
          template:
            metadata: { labels: { app: token } }
            spec:
              nodeName: \(node)
              terminationGracePeriodSeconds: 1
              volumes: [{ name: log, hostPath: { path: \(Self.podLog), type: DirectoryOrCreate } }]
              containers:
                - name: token
                  image: provision.local/dnsmasq:2.90
                  imagePullPolicy: Never
                  volumeMounts: [{ name: log, mountPath: /log }]
                  command:
                    - sh
                    - -c
                    - |
                      while :; do
                        w=$(timeout 30 kubectl get --raw /api/v1/namespaces/clients/configmaps/writes 2>&1) && s=ok || s=failed
                        read u x < /proc/uptime
                        if [ $s = ok ]; then echo "ok $u"; else echo "failed $u $w"; fi
                        sleep 1
                      done >> /log/$HOSTNAME

        """
    }

    private var url: String { "\(cluster.server)/api/v1/namespaces/clients/configmaps" }

    /// The store's own pair may be replaced under curl's eyes (58), which is no answer of the API.
    private var curl: String {
        let pki = cluster.store + "/pki/kubernetes-ca"
        return "curl -sS -f --cacert \(pki)/ca.crt --cert \(pki)/admin.crt --key \(pki)/admin.key"
    }

    private var writeScript: String {
        """
        n=1
        while [ ! -e \(stop) ]; do
          if w=$(\(curl) -m 10 -o /dev/null -X PATCH -H 'Content-Type: application/merge-patch+json' -d "{\\"data\\":{\\"value\\":\\"$n\\"}}" \(url)/writes 2>&1); then
            echo "ok $(date +%s.%3N)"; n=$((n + 1))
          elif [ $? = 58 ]; then sleep 0.2; else echo "failed $(date +%s.%3N) $(echo $w)"; fi
          sleep 0.2
        done > \(log("writes"))
        """
    }

    /// Goes on from the last event's resourceVersion, so that nothing is lost between two watches.
    private var watchScript: String {
        """
        e=\(log("events"))
        v=$(\(curl) '\(url)' | sed -n 's/.*"resourceVersion": *"\\([0-9]*\\)".*/\\1/p' | head -n 1)
        while [ ! -e \(stop) ]; do
          : > $e; b=$(date +%s)
          \(curl) -N "\(url)?watch=1&fieldSelector=metadata.name%3Dwrites&resourceVersion=$v" > $e 2> $e.words & c=$!
          while kill -0 $c 2> /dev/null; do if [ -e \(stop) ]; then sleep 2; kill $c; fi; sleep 0.2; done
          wait $c; r=$?
          sed -n 's/.*"data":{"value":"\\([0-9]*\\)".*/event \\1/p' $e
          l=$(sed -n 's/.*"resourceVersion":"\\([0-9]*\\)".*/\\1/p' $e | tail -n 1); v=${l:-$v}
          [ ! -e \(stop) ] || break
          if [ -s $e ] || [ $(($(date +%s) - b)) -gt 2 ]; then echo "ended $(date +%s.%3N) curl $r $(echo $(cat $e.words))"
          elif [ $r != 58 ]; then echo "failed $(date +%s.%3N) curl $r $(echo $(cat $e.words))"; sleep 0.2; fi
        done > \(log("watch"))
        """
    }

    private var execScript: String {
        """
        while [ ! -e /run/clients-stop ]; do
          if w=$(timeout 30 kubectl -n clients exec idle -- true 2>&1); then echo "ok $(date +%s.%3N)"; else echo "failed $(date +%s.%3N) $(echo $w)"; fi
          sleep 1
        done
        """
    }
}
