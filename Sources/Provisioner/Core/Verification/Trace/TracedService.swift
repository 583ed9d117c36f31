/// A service and its endpoints as the API says them now.
package struct TracedService: Sendable, Equatable {
    package struct Endpoint: Sendable, Hashable {
        package var address: String
        package var port: Int
        /// Names of the node and of the pod; `-` where the API names none.
        package var node: String
        package var pod: String
    }

    package var namespace: String
    package var name: String
    package var clusterAddress: String
    package var port: Int
    /// Zero where it has none.
    package var nodePort: Int
    package var endpoints: [Endpoint]

    /// Without an address of its own.
    package var isHeadless: Bool { clusterAddress == "None" }

    /// POSIX sh for a controller, with the prelude's functions.
    ///
    /// - Parameters:
    ///   - namespace: Checked by the caller to be a DNS label.
    ///   - name: The same.
    /// - Returns: A script that prints what `init(output:)` reads.
    package static func script(namespace: String, name: String) -> String {
        """
        \(Prelude.probing)
        s() { kc -n \(namespace) get "$1" \(name) -o "jsonpath=$2" 2>&1; }
        tcp=$(s service '{range .spec.ports[?(@.protocol=="TCP")]}{.port}/{.nodePort}/{.name}{"\\n"}{end}' | head -n 1)
        name=${tcp##*/}; tcp=${tcp%/*}
        echo "service $(s service '{.spec.clusterIP}') ${tcp%/*} ${tcp#*/}"
        echo "port $(s endpoints '{range .subsets[0].ports[*]}{.name}/{.port}{"\\n"}{end}' | grep "^$name/" | head -n 1 | cut -d/ -f2)"
        s endpoints '{range .subsets[*].addresses[*]}endpoint {.ip} {.nodeName} {.targetRef.name}{"\\n"}{end}'
        """
    }

    /// Reads what the script printed; `nil` when the API knows no such service.
    package init?(namespace: String, name: String, output: String) {
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard let service = lines.first(where: { $0.first == "service" }), service.count >= 3,
            let port = Int(service[2])
        else { return nil }
        let target = lines.first { $0.first == "port" && $0.count == 2 }.flatMap { Int($0[1]) }
        self.namespace = namespace
        self.name = name
        clusterAddress = service[1]
        self.port = port
        nodePort = service.count > 3 ? Int(service[3]) ?? 0 : 0
        endpoints = lines.filter { $0.first == "endpoint" && $0.count >= 2 }.map { words in
            Endpoint(
                address: words[1],
                port: target ?? port,
                node: words.count > 2 ? words[2] : "-",
                pod: words.count > 3 ? words[3] : "-"
            )
        }
    }
}
