import Templates

/// The hard way's last step: a client fetches the page, with nothing but the way that people have.
extension SmokeTest {
    /// Where `clientChecks` are tried, once everything else has passed.
    package var clients: [HostSpec] { spec.hosts(.client) }

    /// For each client's own shell; where the load balancer has the service, people may have no other way to it.
    package var clientChecks: [SmokeCheck] { [exposed == nil ? clientNodePort : clientLoadBalancer] }

    /// Sets `port` to the one that the test's service was given.
    private var port: String {
        """
        port=$(timeout 20 kubectl --kubeconfig /root/.kube/config --request-timeout 10s -n \(Self.namespace) \
        get service nginx -o 'jsonpath={.spec.ports[0].nodePort}')
        """
    }

    private var clientNodePort: SmokeCheck {
        let addresses = spec.hosts(.worker).map(\.internalAddress.description)
        return SmokeCheck(
            "client.nodeport",
            "a client fetches the page at the service's NodePort on every node",
            seconds: 60 + 2 * addresses.count,
            script: """
                \(port)
                for a in \(addresses.joined(separator: " ")); do
                \(curl) -o /dev/null http://$a:$port/ || { echo "$a:$port does not answer"; exit 1; }
                echo "$a:$port answers"; done
                """
        )
    }

    private var clientLoadBalancer: SmokeCheck {
        let url = "http://\(spec.endpoint.address):\(exposed?.port ?? 0)/"
        return SmokeCheck(
            "client.loadbalancer",
            "a client fetches the page through the load balancer",
            script: """
                \(port)
                # Somebody's own service may have the port, and may answer as it likes, if only it answers.
                reached() { rc=0; \(curl) -o /dev/null \(url) || rc=$?; \
                [ $rc = 0 ] || { [ "$port" != \(exposed?.nodePort ?? 0) ] && [ $rc != 7 ] && [ $rc != 28 ]; }; }
                await 20 - reached
                echo "\(url) answers"
                """
        )
    }
}
