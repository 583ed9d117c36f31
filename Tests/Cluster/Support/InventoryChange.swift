/// An edit of the inventory that touches four things at once.
enum InventoryChange {
    /// A name in the API servers' certificates, a flag of theirs, a node's label, a service of the load balancer.
    static func apply(to inventory: String) -> String {
        inventory
            .replacing(
                "hosts:\n",
                with: """
                    endpoint:
                      extraSANs: [api.example.org]

                    extraFlags:
                      kube-apiserver:
                        max-requests-inflight: "500"

                    loadBalancer:
                      services:
                        - name: nginx
                          port: 8080
                          nodePort: 30080

                    hosts:

                    """
            )
            .replacing(
                "podCIDR: 10.200.1.0/24\n",
                with: "podCIDR: 10.200.1.0/24\n      labels:\n        disk: fast\n"
            )
    }

    /// Nothing but what depends on the change.
    static let restarts: Set<String> = [
        "controller-0 restart kube-apiserver.service", "controller-1 restart kube-apiserver.service",
        "controller-2 restart kube-apiserver.service", "lb-0 reload haproxy.service",
    ]
}
