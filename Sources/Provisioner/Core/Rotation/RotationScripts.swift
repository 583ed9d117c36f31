/// What a rotation asks and does through the API, on a controller, as POSIX sh with the prelude's functions.
package enum RotationScripts {
    package static func framed(_ body: String) -> String {
        "\(Prelude.probing)\n\(Prelude.acting)\n( set -e\n\(body)\n) 2>&1\nrc=$?; echo; echo \"rotation-status $rc\""
    }

    /// A write and a read at this very API server, beside those of the others.
    ///
    /// - Parameter key: The server's own in the one object: a word of letters, digits and `-`.
    /// - Returns: The script.
    package static func readWrite(_ key: String) -> String {
        """
        t=$(date +%s%N)
        o=$(kc -n kube-system get configmap provision-gate --ignore-not-found -o name)
        w=; [ -n "$o" ] || w=$(kc -n kube-system create configmap provision-gate 2>&1) || true # or another one did
        kc -n kube-system patch configmap provision-gate --type merge -p '{"data":{"\(key)":"'$t'"}}' > /dev/null || { echo "$w"; false; }
        [ "$(kc -n kube-system get configmap provision-gate -o 'jsonpath={.data.\(key)}')" = $t ]
        """
    }

    /// `$d` is a directory of the script's own in memory, which goes with it.
    ///
    /// What is asked goes there first: in a pipe a shell takes the answer that never came for an empty one.
    static func scratch(_ name: String) -> String {
        "d=/run/provision/\(name); rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT"
    }

    /// `e` is etcdctl at one member, as the cluster's health checks.
    static func etcdctl(_ address: String) -> String {
        let pki = "/etc/kubernetes/pki/etcd"
        let flags = "--cacert \(pki)/ca.crt --cert \(pki)/healthcheck-client.crt --key \(pki)/healthcheck-client.key"
        let patience = "--dial-timeout 10s --command-timeout 60s"
        return "e() { ETCDCTL_API=3 etcdctl --endpoints https://\(address):2379 \(flags) \(patience) \"$@\"; }"
    }

    /// Every namespace's bundle must be this one; one that is being deleted gets none any more.
    package static func rootBundles(sha256: String) -> String {
        """
        T=10s K=120
        agree() {
          o=$(kc get namespaces --field-selector status.phase=Active -o 'jsonpath={.items[*].metadata.name}') || return 1
          [ -n "$o" ] || { echo "no namespace is listed"; return 1; }
          for n in $o; do
            h=$(kc -n $n get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\\.crt}' | sha256sum | cut -c1-64)
            [ $h = \(sha256) ] || { echo "kube-root-ca.crt of $n is not the bundle"; return 1; }
          done; }
        await 120 kube-controller-manager.service agree
        """
    }

    /// API servers add what they trust to this ConfigMap and never take anything away.
    package static let renewAuthenticationConfig = """
        T=10s K=120
        kc -n kube-system patch configmap extension-apiserver-authentication --type merge \
        -p '{"data":{"client-ca-file":null,"requestheader-client-ca-file":null}}'
        back() { [ "$(kc -n kube-system get configmap extension-apiserver-authentication -o 'jsonpath={.data.requestheader-client-ca-file}{.data.client-ca-file}' | grep -c BEGIN)" -ge 2 ]; }
        await 120 - back
        """
}
