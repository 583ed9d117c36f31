import Templates

/// One place on the way of a request, read from the live system and tried.
package struct TraceHop: Sendable, Equatable {
    package var host: String
    package var isWell: Bool
    package var text: String

    package init(host: String, isWell: Bool, text: String) {
        self.host = host
        self.isWell = isWell
        self.text = text
    }
}

/// The scripts that read and try one hop each; the last word that they print is `reached` or `lost`.
package enum TraceScript {
    /// A connection is all that is tried: whoever waits for other words than HTTP's says nothing (28, with a time to connect).
    private static func tries(_ address: String, _ port: Int) -> String {
        """
        t=$(curl -s -o /dev/null -w '%{time_connect}' --connect-timeout 3 -m 4 http://\(address):\(port)/); c=$?
        case "$c $t" in '7 '*|'28 0.000000'|'28 ') echo lost;; *) echo reached;; esac
        """
    }

    /// haproxy's own words about a frontend's servers, and a connection through it.
    package static func loadBalancer(_ service: String, address: String, port: UInt16) -> String {
        """
        \(Prelude.probing)
        awk -v b='backend service-\(service)' '$0==b{on=1;next} /^(backend|frontend)/{on=0} on&&$1=="server"{print $2, $3}' /etc/haproxy/haproxy.cfg
        \(tries(address, Int(port)))
        """
    }

    /// A connection to a service's port of a node, for another host to make.
    package static func nodePort(_ port: Int, of node: HostSpec) -> String {
        "\(Prelude.probing)\n\(tries(node.internalAddress.description, port))"
    }

    /// The nat table, then a connection to the service's cluster address.
    package static func natTable(of service: TracedService) -> String {
        """
        \(Prelude.probing)
        iptables-save -t nat
        \(tries(service.clusterAddress, service.port))
        """
    }

    /// The route from a host to a pod, and a connection over it.
    package static func route(to endpoint: TracedService.Endpoint) -> String {
        """
        \(Prelude.probing)
        ip -4 route get \(endpoint.address) | head -n 1
        \(tries(endpoint.address, endpoint.port))
        """
    }

    /// The pod's containers and who listens in its network namespace.
    package static func container(of endpoint: TracedService.Endpoint, under runtime: RuntimeSpec.Kind) -> String {
        """
        \(Prelude.probing)
        containers() { \(runtime == .docker ? docker(endpoint.pod) : containerd(endpoint.pod)); }
        containers | { r=lost; while read -r c p i; do
        echo "container $(echo "$c" | cut -c1-12) $i, process $p ($(cat /proc/$p/comm))"
        ! nsenter -t "$p" -n ss -ltnH "sport = :\(endpoint.port)" | grep -q . || r=reached
        done; echo $r; }
        """
    }

    /// Prints the id, process and image of each container that runs in a pod.
    private static func containerd(_ pod: String) -> String {
        """
        for c in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.pod.name"==\(pod)'); do
        p=$(ctr -n k8s.io tasks ls | awk -v c="$c" '$1==c{print $2}'); [ -n "$p" ] || continue
        echo "$c $p $(ctr -n k8s.io containers info "$c" | awk -F'"' '/"Image"/{print $4; exit}')"; done
        """
    }

    /// The same through dockerd.
    private static func docker(_ pod: String) -> String {
        """
        for c in $(docker ps -q --filter label=io.kubernetes.pod.name=\(pod)); do
        docker inspect -f '{{.Id}} {{.State.Pid}} {{.Config.Image}}' "$c"; done
        """
    }
}
