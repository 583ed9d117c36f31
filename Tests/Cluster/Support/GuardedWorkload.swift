/// Three web servers of which two must always be there, and somebody who watches that.
struct GuardedWorkload: Sendable {
    let cluster: TestCluster

    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: guarded}
        spec:
          replicas: 3
          selector: {matchLabels: {app: guarded}}
          template:
            metadata: {labels: {app: guarded}}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: web
                  image: provision.local/nginx:1.22.1
                  imagePullPolicy: Never
                  readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}
        ---
        apiVersion: policy/v1beta1
        kind: PodDisruptionBudget
        metadata: {name: guarded}
        spec:
          minAvailable: 2
          selector: {matchLabels: {app: guarded}}
        """

    func start() async throws -> Bool {
        let words = "kubectl apply -f - <<'EOF' && kubectl rollout status deployment/guarded --timeout 90s\n"
        return try await cluster.on("client-0", words + Self.manifest + "\nEOF\n", seconds: 120).status == 0
    }

    func remove() async throws {
        _ = try await cluster.on("client-0", "kubectl delete deployment,pdb guarded --wait=false")
    }

    /// Asks for the number of ready servers until the file is gone; writes the smallest.
    func watch() async throws {
        let script = """
            touch /root/watching; (min=3; while [ -e /root/watching ]; do
            n=$(kubectl get deployment guarded -o 'jsonpath={.status.readyReplicas}') && [ "${n:-0}" -lt $min ] && min=${n:-0}
            echo $min > /root/least; sleep 0.5; done) > /dev/null 2>&1 &
            """
        _ = try await cluster.on("client-0", script)
    }

    /// The smallest number that was seen.
    func least() async throws -> Int? {
        let output = try await cluster.on("client-0", "rm -f /root/watching; cat /root/least; rm -f /root/least")
        return Int(output.text.split(separator: "\n").first ?? "")
    }
}
