/// haproxy.cfg: the API as a TCP passthrough, health checks over TLS as a client of its own, services by NodePort.
package struct HAProxyConfig: Sendable {
    package struct Server: Sendable, Hashable {
        package var name: String
        package var address: IPv4Address

        package init(name: String, address: IPv4Address) {
            self.name = name
            self.address = address
        }
    }

    /// A NodePort of the workers under a port of the load balancer.
    package struct Service: Sendable, Hashable {
        package var name: String
        package var port: UInt16
        package var nodePort: UInt16

        package init(name: String, port: UInt16, nodePort: UInt16) {
            self.name = name
            self.port = port
            self.nodePort = nodePort
        }
    }

    package var apiPort: UInt16
    /// Where the API servers listen.
    package var serverPort: UInt16 = 6443
    package var controllers: [Server]
    package var workers: [Server]
    package var services: [Service]
    /// Each takes two file descriptors, and haproxy refuses to start where the limit on them is lower.
    package var maxConnections = 4000
    package var paths: HostPaths

    package init(
        apiPort: UInt16 = 6443,
        controllers: [Server],
        workers: [Server],
        services: [Service] = [],
        paths: HostPaths = .standard
    ) {
        self.apiPort = apiPort
        self.controllers = controllers
        self.workers = workers
        self.services = services
        self.paths = paths
    }

    private var global: [String] {
        [
            "global",
            "    log stderr format short daemon info",
            "    user haproxy",
            "    group haproxy",
            "    maxconn \(maxConnections)",
            "    stats socket \(quote(paths.haproxyStatsSocket)) mode 660 level admin expose-fd listeners",
            "    stats timeout 30s",
            "    hard-stop-after 30m",
            "",
            "defaults",
            "    mode tcp",
            "    log global",
            "    option dontlognull",
            // A server without power swallows packets: the next one is tried before a client gives up.
            "    timeout connect 2s",
            "    timeout check 2s",
            "    retries 2",
            "    option redispatch 1",
            "    timeout queue 10s",
            // Watches stay open and quiet for long: the API server ends them after at most an hour.
            "    timeout client 2h",
            "    timeout server 2h",
            "    timeout client-fin 30s",
            "    timeout server-fin 30s",
            "    timeout tunnel 2h",
        ]
    }

    private var api: [String] {
        let trust = "ca-file \(quote(paths.haproxyCA)) crt \(quote(paths.haproxyCheckPEM))"
        return [
            "",
            "frontend kubernetes-api",
            "    bind *:\(apiPort)",
            "    default_backend kubernetes-api",
            "",
            "backend kubernetes-api",
            "    balance leastconn",
            "    option httpchk",
            "    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes",
            "    http-check expect status 200",
            // A server that drains finishes what it began; one that lost its power is noticed by the kernel instead.
            "    option srvtcpka",
            "    srvtcpka-idle 5s",
            "    srvtcpka-intvl 2s",
            "    srvtcpka-cnt 3",
            "    default-server check check-ssl verify required \(trust) inter 2s fastinter 500ms fall 2 rise 2 tcp-ut 10s",
        ] + controllers.map { "    server \(quote($0.name)) \($0.address):\(serverPort)" }
    }

    private func lines(for service: Service) -> [String] {
        let name = quote("service-" + service.name)
        return [
            "",
            "frontend \(name)",
            "    bind *:\(service.port)",
            "    default_backend \(name)",
            "",
            "backend \(name)",
            "    balance roundrobin",
            "    default-server check inter 2s fastinter 500ms fall 2 rise 2",
        ] + workers.map { "    server \(quote($0.name)) \($0.address):\(service.nodePort)" }
    }

    /// One word: quotes, backslashes, `$`, `#` and spaces mean something to haproxy outside strong quotes.
    private func quote(_ word: String) -> String {
        let safe = word.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "_-./:".utf8.contains($0)
        }
        return safe ? word : ShellQuoting.quote(word)
    }

    package func rendered() -> RenderedFile {
        let text = (global + api + services.flatMap(lines)).joined(separator: "\n") + "\n"
        return RenderedFile(path: paths.haproxyConfig, text: text, mode: 0o600, secrecy: .open)
    }
}
