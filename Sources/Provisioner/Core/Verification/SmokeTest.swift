import Templates

/// The hard way's last chapter: what the cluster must do before anyone trusts it.
package struct SmokeTest: Sendable {
    /// Everything lies in this namespace and goes with it.
    package static let namespace = "provision-smoke"

    let spec: ClusterSpec

    package init(spec: ClusterSpec) { self.spec = spec }

    /// The controller that runs the checks.
    package var host: HostSpec? { spec.hosts(.controller).first }

    /// In order; the first ones make what the later ones try.
    package var checks: [SmokeCheck] {
        var checks = [create, deployment]
        if spec.features.encryption != .none { checks.append(encryption) }
        if spec.dns.provider != .none { checks += [serviceName, outsideName] }
        checks += [clusterIP, nodePort]
        if exposed != nil { checks.append(throughLoadBalancer) }
        return checks + [routes, execute, logs, portForward]
    }

    /// Removes everything; also safe where nothing is.
    package var cleanUp: SmokeCheck {
        SmokeCheck(
            "cleanup",
            "the test's namespace is removed",
            seconds: seconds(120),
            script: removal
        )
    }

    /// Owners first, then the pods by force: a 1.20 kubelet keeps a dead pod's object until it collects the sandbox, which
    /// takes up to a minute, and the namespace would wait for that.
    private var removal: String {
        """
        k() { kubectl --kubeconfig /etc/kubernetes/admin.conf "$@"; }
        k -n \(Self.namespace) delete deployments,replicasets --all --cascade=orphan > /dev/null
        k -n \(Self.namespace) delete pods --all --force --grace-period=0 > /dev/null 2>&1
        k delete namespace \(Self.namespace) --ignore-not-found --timeout \(seconds(100))s > /dev/null
        """
    }

    private var workers: Int { spec.hosts(.worker).count }

    /// What a check may take: so much in a small cluster, and some more for each worker.
    private func seconds(_ least: Int) -> Int { least + 2 * workers }

    /// What the inventory leaves untested, one sentence each.
    package var skipped: [String] {
        let service =
            exposed == nil && !spec.hosts(.loadBalancer).isEmpty
            ? ["a service through the load balancer: loadBalancer.services names none"] : []
        return service + (clients.isEmpty ? ["a client's way to a service: the inventory has no client"] : [])
    }

    var exposed: LoadBalancerSpec.Service? { spec.loadBalancer.services.first }
    var curl: String { "curl -fsS -m 5" }

    private var create: SmokeCheck {
        let objects =
            objects("nginx", replicas: min(2, workers), nodePort: exposed?.nodePort)
            + objects("probe", replicas: workers, nodePort: nil)
        return SmokeCheck(
            "objects.create",
            "objects can be created",
            seconds: seconds(120),
            script: """
                \(removal)
                \(Self.taken(exposed?.nodePort))
                \(HereDocument(content: objects).feeding("sed \"${taken:+/nodePort:/d}\" | kc apply -f - > /dev/null"))
                n create secret generic smoke --from-literal=key=written-by-the-smoke-test > /dev/null
                """
        )
    }

    /// Sets `taken` to the service of somebody's own that has the port already; the test then takes any other.
    private static func taken(_ port: UInt16?) -> String {
        guard let port else { return "taken=" }
        let names = "{.metadata.namespace}/{.metadata.name}{range .spec.ports[*]} {.nodePort}{end}{\"\\n\"}"
        let columns = "{range .items[*]}\(names){end}"
        return """
            taken=$(kc get services -A -o 'jsonpath=\(columns)' | grep -w \(port) | grep -v '^\(namespace)/' | cut -d' ' -f1)
            """
    }

    /// A web server on so many different workers, behind a service of the same name.
    private func objects(_ name: String, replicas: Int, nodePort: UInt16?) -> [UInt8] {
        var manifest = SmokeTestManifest(
            image: spec.images.smokeTest,
            imagePullPolicy: spec.images.preload ? "Never" : "IfNotPresent",
            nodePort: nodePort.map { Int64($0) }
        )
        manifest.namespace = Self.namespace
        manifest.name = name
        manifest.replicas = Int64(replicas)
        return manifest.rendered().content + Array("---\n".utf8)
    }

    private var deployment: SmokeCheck {
        SmokeCheck(
            "pods.run",
            "\(counted(min(2, workers), "nginx pod runs", "nginx pods run")) on \(counted(min(2, workers), "worker")), one probe on each worker",
            seconds: seconds(200),
            script: """
                n rollout status deployment/nginx --timeout 90s > /dev/null
                n rollout status deployment/probe --timeout \(seconds(90))s > /dev/null
                nodes=$(n get pods -l app=nginx -o 'jsonpath={range .items[*]}{.spec.nodeName}{"\\n"}{end}' | sort -u)
                echo $nodes; [ "$(echo "$nodes" | wc -l)" -ge \(min(2, workers)) ]
                """
        )
    }

    private var encryption: SmokeCheck {
        let members = spec.hosts(.etcd).map { "https://\($0.internalAddress):2379" }.joined(separator: ",")
        let paths = HostPaths.standard
        let client = paths.apiServerEtcdClient
        return SmokeCheck(
            "secret.encrypted",
            "a secret lies encrypted in etcd",
            script: """
                raw=$(ETCDCTL_API=3 etcdctl --endpoints \(members) --cacert \(paths.etcdCA) --cert \(client.certificate) \
                --key \(client.key) get /registry/secrets/\(Self.namespace)/smoke --print-value-only | head -c 60 | tr -c '[:print:]' .)
                echo "$raw" | cut -c1-40
                case $raw in k8s:enc:\(spec.features.encryption.rawValue):*) ;; *) false;; esac
                """
        )
    }

    /// Runs a command for the probe pod of every worker, eight at a time; `$pod` and `$node` are set.
    ///
    /// It ends with `exit 1` and says why where it fails; after that no more workers are tried. Eight are through once the last
    /// of them has closed the pipe; `wait` would hang where the shell was started with SIGCHLD blocked.
    private func onEveryWorker(_ command: String) -> String {
        """
        list=$(n get pods -l app=probe -o 'jsonpath={range .items[*]}{.metadata.name}={.spec.nodeName}{"\\n"}{end}')
        [ "$(echo "$list" | wc -l)" -ge \(workers) ] || { echo "there is no probe on every worker: $list"; exit 1; }
        try() {
        pod=${1%%=*} node=${1#*=}
        \(command)
        }
        set -- $list
        while [ $# -gt 0 ]; do
        bad=$(for line in $(echo "$@" | cut -d' ' -f1-8); do { why=$(try "$line" 2>&1) || echo "${line#*=}: $why"; } & done)
        [ -z "$bad" ] || { echo "$bad"; exit 1; }
        shift $(($# < 8 ? $# : 8))
        done
        """
    }

    private var serviceName: SmokeCheck {
        let name = "nginx.\(Self.namespace).svc.\(spec.network.clusterDomain)"
        return SmokeCheck(
            "dns.service",
            "a pod on every worker finds the service by name",
            seconds: seconds(200),
            script: """
                ip=$(n get service nginx -o 'jsonpath={.spec.clusterIP}')
                \(onEveryWorker("""
                    for name in \(name) nginx; do finds() { n exec $pod -- getent hosts $name | grep -q $ip; }
                    await 45 - finds || { echo "does not find $name"; exit 1; }; done
                    """))
                """
        )
    }

    private var outsideName: SmokeCheck {
        SmokeCheck(
            "dns.outside",
            "an outside name is \(spec.dns.upstreams.isEmpty ? "refused" : "passed on"), not hung",
            seconds: seconds(120),
            // getent says 2 for a name that does not exist; a time-out would be 124. Some upstreams answer for every name.
            script: onEveryWorker(
                "rc=0; n exec $pod -- timeout 15 getent hosts outside.invalid || rc=$?; [ $rc = 2 ] || [ $rc = \(spec.dns.upstreams.isEmpty ? 2 : 0) ] || { echo \"getent ended with $rc\"; exit 1; }"
            )
        )
    }

    private var clusterIP: SmokeCheck {
        SmokeCheck(
            "service.clusterip",
            "the service answers at its cluster address from every worker",
            seconds: seconds(60),
            script: "ip=$(n get service nginx -o 'jsonpath={.spec.clusterIP}')\n"
                + onEveryWorker(
                    "n exec $pod -- \(curl) -o /dev/null http://$ip/ || { echo \"does not reach $ip\"; exit 1; }"
                )
        )
    }

    private var nodePort: SmokeCheck {
        let addresses = spec.hosts(.worker).map(\.internalAddress.description).joined(separator: " ")
        return SmokeCheck(
            "service.nodeport",
            "the service answers at its NodePort on every node",
            seconds: seconds(60),
            script: """
                port=$(n get service nginx -o 'jsonpath={.spec.ports[0].nodePort}')
                for a in \(addresses); do \(curl) -o /dev/null http://$a:$port/; echo "$a:$port answers"; done
                """
        )
    }

    private var throughLoadBalancer: SmokeCheck {
        let url = "http://\(spec.endpoint.address):\(exposed?.port ?? 0)/"
        return SmokeCheck(
            "service.loadbalancer",
            "the service answers through the load balancer",
            script: """
                \(Self.taken(exposed?.nodePort))
                # Somebody's own service may answer as it likes, if only it answers.
                reached() { rc=0; \(curl) -o /dev/null \(url) || rc=$?; [ $rc = 0 ] || { [ -n "$taken" ] && [ $rc != 7 ] && [ $rc != 28 ]; }; }
                await 20 - reached
                echo "\(url) answers${taken:+ for $taken}"
                """
        )
    }

    /// Every pair of workers is a call, which takes some hundredths of a second; each pod makes its own in one go.
    private var routes: SmokeCheck {
        SmokeCheck(
            "routes",
            "every pod reaches the pods of every other worker, and controllers reach them too",
            seconds: seconds(120) + workers * workers / 50,
            script: """
                ips=$(n get pods -l app=probe -o 'jsonpath={range .items[*]}{.status.podIP} {end}')
                [ "$(echo $ips | wc -w)" -ge \(workers) ] || { echo "not every probe has an address: $ips"; exit 1; }
                for ip in $ips; do \(curl) -o /dev/null http://$ip/ || { echo "this controller does not reach $ip"; exit 1; }; done
                \(onEveryWorker("n exec $pod -- sh -c '\(Self.calls(curl))' sh $ips || exit 1"))
                """
        )
    }

    /// For the shell of a pod: calls every address that it is given, and gives up after the third that does not answer.
    private static func calls(_ curl: String) -> String {
        """
        bad=0; for ip in "$@"; do \(curl) -o /dev/null http://$ip/ || { echo "does not reach $ip"; bad=$((bad + 1)); }; \
        [ $bad -lt 3 ] || break; done; [ $bad = 0 ]
        """
    }

    private var execute: SmokeCheck {
        SmokeCheck("exec", "a command runs in a pod", script: "n exec deployment/nginx -- hostname")
    }

    private var logs: SmokeCheck {
        SmokeCheck("logs", "a pod's log can be read", script: "n logs deployment/nginx --tail 1 | cut -c1-80")
    }

    private var portForward: SmokeCheck {
        SmokeCheck(
            "port-forward",
            "a port can be forwarded",
            script: """
                words=$(mktemp)
                kubectl --kubeconfig /etc/kubernetes/admin.conf -n \(Self.namespace) port-forward deployment/nginx :80 \
                --address 127.0.0.1 > "$words" 2>&1 & pid=$!
                trap 'kill $pid 2> /dev/null; rm -f "$words"' EXIT
                forwarded() { port=$(sed -n 's/^Forwarding from 127.0.0.1:\\([0-9]*\\).*/\\1/p' "$words"); [ -n "$port" ] && \
                \(curl) -o /dev/null "http://127.0.0.1:$port/"; }
                await 30 - forwarded || { cat "$words"; exit 1; }
                echo "127.0.0.1 answers for a pod"
                """
        )
    }
}
