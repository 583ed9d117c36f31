/// What a rotation asks and does through the API, on a controller, as POSIX sh with the prelude's functions.
package enum RotationScripts {
    package static func framed(_ body: String) -> String {
        "\(Prelude.probing)\n\(Prelude.acting)\n( set -e\n\(body)\n) 2>&1\nrc=$?; echo; echo \"rotation-status $rc\""
    }

    /// A write and a read at this very API server.
    package static let readWrite = """
        t=$(date +%s%N)
        kc -n kube-system create configmap provision-gate --from-literal=at=$t --dry-run=client -o yaml | kc apply -f - > /dev/null
        [ "$(kc -n kube-system get configmap provision-gate -o 'jsonpath={.data.at}')" = $t ]
        """

    /// `e` is etcdctl at one member, as the cluster's health checks.
    static func etcdctl(_ address: String) -> String {
        let pki = "/etc/kubernetes/pki/etcd"
        let flags = "--cacert \(pki)/ca.crt --cert \(pki)/healthcheck-client.crt --key \(pki)/healthcheck-client.key"
        return "e() { ETCDCTL_API=3 etcdctl --endpoints https://\(address):2379 \(flags) \"$@\"; }"
    }

    /// Every namespace's bundle must be this one.
    package static func rootBundles(sha256: String) -> String {
        """
        T=10s K=120
        agree() {
          for n in $(kc get namespaces -o 'jsonpath={.items[*].metadata.name}'); do
            h=$(kc -n $n get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\\.crt}' | sha256sum | cut -c1-64)
            [ $h = \(sha256) ] || { echo "kube-root-ca.crt of $n is not the bundle"; return 1; }
          done; }
        await 120 kube-controller-manager.service agree
        """
    }

    /// Pods of kube-system read their token and their authority once: they start again, by their own roll-out rules, DNS
    /// before all that looks names up.
    package static let restartSystemPods = """
        for l in k8s-app=kube-dns 'k8s-app!=kube-dns'; do
          T=30s; o=$(kc -n kube-system get deployments,daemonsets,statefulsets -l "$l" -o name)
          for w in $o; do kc -n kube-system rollout restart $w; done
          for w in $o; do T=0 K=200; kc -n kube-system rollout status --timeout=180s $w; done
        done
        """

    /// API servers add what they trust to this ConfigMap and never take anything away.
    package static let renewAuthenticationConfig = """
        T=10s K=120
        kc -n kube-system patch configmap extension-apiserver-authentication --type merge \
        -p '{"data":{"client-ca-file":null,"requestheader-client-ca-file":null}}'
        back() { [ "$(kc -n kube-system get configmap extension-apiserver-authentication -o 'jsonpath={.data.requestheader-client-ca-file}{.data.client-ca-file}' | grep -c BEGIN)" -ge 2 ]; }
        await 120 - back
        """

    /// Reads and writes every Secret as it is; one that changes meanwhile is written by whoever changes it, and tried again.
    package static let rewriteSecrets = """
        T=60s K=300; s=1
        for i in 1 2 3 4 5; do
          if o=$(kc get secrets --all-namespaces -o json | kc replace -f - 2>&1); then s=0; break; fi
          echo "$o" | grep -v replaced | tail -n 3; sleep 1
        done
        [ $s = 0 ]
        """

    /// What lies in etcd must begin with this key's prefix.
    package static func encryptedWith(provider: String, key: String, address: String) -> String {
        """
        \(etcdctl(address))
        n=$(e get /registry/secrets/ --prefix --keys-only | grep -c '^/registry/secrets/' || true)
        m=$(e get /registry/secrets/ --prefix --print-value-only | grep -ac 'k8s:enc:\(provider):v1:\(key):' || true)
        o=$(e get /registry/secrets/ --prefix --print-value-only | grep -a 'k8s:enc:' | grep -avc 'k8s:enc:\(provider):v1:\(key):' || true)
        echo "$n secrets, $m under \(key), $o under another key"; [ $o = 0 ] && [ $m -ge $n ]
        """
    }

    /// Token Secrets as `namespace name account header`: of the token only its header, which is no secret.
    private static let tokens = #"""
        tokens() {
          kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\.io/service-account\.name} {.data.token}{"\n"}{end}' |
          while read -r n s a t; do [ -n "$t" ] && echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; done; }
        """#

    /// For every account whose token Secret is not signed by this key a new Secret is made and named first.
    package static func renewTokens(header: String) -> String {
        """
        T=30s
        \(tokens)
        tokens > /run/provision/tokens; trap 'rm -f /run/provision/tokens /run/provision/made' EXIT
        awk -v h=\(header) '$4 != h { print $1, $3 }' /run/provision/tokens | sort -u > /run/provision/made
        [ -s /run/provision/made ] || { echo "every token Secret is signed by the new key"; exit 0; }
        while read -r n a; do printf 'apiVersion: v1\\nkind: Secret\\ntype: kubernetes.io/service-account-token\\nmetadata:\\n  namespace: %s\\n  name: %s\\n  annotations:\\n    kubernetes.io/service-account.name: %s\\n---\\n' $n $a-token-\(suffix(header)) $a; done < /run/provision/made | kc apply -f - > /dev/null
        filled() { tokens > /run/provision/tokens; while read -r n a; do grep -q "^$n $a-token-\(suffix(header)) $a \(header)$" /run/provision/tokens || { echo "no token for $n/$a"; return 1; }; done < /run/provision/made; }
        await 120 kube-controller-manager.service filled
        while read -r n a; do kc -n $n patch serviceaccount $a --type merge -p '{"secrets":[{"name":"'$a-token-\(suffix(header))'"}]}' > /dev/null; done < /run/provision/made
        echo "$(wc -l < /run/provision/made) accounts have a new token Secret"
        """
    }

    /// A name for Secrets of one key.
    private static func suffix(_ header: String) -> String {
        String(SHA256Digest.hex(of: Array(header.utf8)).prefix(5))
    }

    /// Pods that mount a token Secret of another key, one per line.
    package static func podsWithOldTokens(header: String) -> String {
        """
        T=30s
        \(tokens)
        tokens | awk -v h=\(header) '$4 != h { print $1 "/" $2 }' | sort -u > /run/provision/old; trap 'rm -f /run/provision/old' EXIT
        kc get pods --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.spec.volumes[*].secret.secretName}{"\\n"}{end}' |
        while read -r n p v; do for s in $v; do grep -qxF "$n/$s" /run/provision/old && echo "pod $n/$p"; done; done | sort -u
        """
    }

    package static func deleteOldTokens(header: String) -> String {
        """
        T=30s
        \(tokens)
        tokens | awk -v h=\(header) '$4 != h { print $1, $2 }' | while read -r n s; do kc -n $n delete secret $s --wait=false > /dev/null; done
        """
    }
}
