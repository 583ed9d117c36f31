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
    /// curl's 7 is a refused connection and 28 silence; anything else means that somebody answered.
    private static func tries(_ address: String, _ port: Int) -> String {
        """
        curl -s -o /dev/null --connect-timeout 3 -m 5 http://\(address):\(port)/; c=$?
        case $c in 7|28) echo lost;; *) echo reached;; esac
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
    package static func container(of endpoint: TracedService.Endpoint) -> String {
        """
        \(Prelude.probing)
        r=lost
        for c in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.pod.name"==\(endpoint.pod)'); do
        p=$(ctr -n k8s.io tasks ls | awk -v c="$c" '$1==c{print $2}'); [ -n "$p" ] || continue
        i=$(ctr -n k8s.io containers info "$c" | awk -F'"' '/"Image"/{print $4; exit}')
        echo "container $(echo "$c" | cut -c1-12) $i, process $p ($(cat /proc/$p/comm))"
        ! nsenter -t "$p" -n ss -ltnH "sport = :\(endpoint.port)" | grep -q . || r=reached
        done
        echo $r
        """
    }
}
