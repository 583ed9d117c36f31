/// An edit of the inventory that touches many things at once.
enum InventoryChange {
    /// What the inventory then names, to lie beside it.
    static let files = [
        "tokens.csv": "walker-token,walker,1001,\"hikers\"\n",
        "policy.jsonl":
            #"{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","#
            + #""spec":{"user":"walker","resource":"nodes","readonly":true}}"# + "\n",
    ]

    /// A name in the API servers' certificates, a flag of theirs, their static tokens and ABAC rules, a node's label, a
    /// service of the load balancer.
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
                "features:\n",
                with: "features:\n  staticTokenFile: tokens.csv\n  abacPolicyFile: policy.jsonl\n"
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
