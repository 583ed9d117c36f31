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
          while read -r n s a t; do if [ -n "$t" ]; then echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; fi; done; }
        """#

    /// Token Secrets that are not signed by this key: those that Kubernetes made get a successor under a new name, which
    /// their account names from then on, so that old tokens stay valid until the old key goes; those that people made keep
    /// their name, since pods and people name them, and the controller fills them again.
    package static func renewTokens(header: String) -> String {
        let made = "$a-token-\(suffix(header))"
        return """
            T=30s
            \(tokens)
            d=/run/provision/tokens; rm -rf $d; mkdir -m 700 $d; trap 'rm -rf $d' EXIT; : > $d/made; : > $d/hand
            tokens > $d/all
            awk -v h=\(header) -v d=$d '$4 == h { next } { p = $3 "-token-" }
            index($2, p) == 1 && length($2) == length(p) + 5 { print $1, $3 | "sort -u > " d "/made"; next } { print $1, $2, $3 > (d "/hand") }' $d/all
            [ -s $d/made ] || [ -s $d/hand ] || { echo "every token Secret is signed by the new key"; exit 0; }
            while read -r n a; do printf 'apiVersion: v1\\nkind: Secret\\ntype: kubernetes.io/service-account-token\\nmetadata:\\n  namespace: %s\\n  name: %s\\n  annotations:\\n    kubernetes.io/service-account.name: %s\\n---\\n' $n \(made) $a; done < $d/made > $d/new
            [ ! -s $d/new ] || kc apply -f $d/new > /dev/null
            while read -r n s a; do kc -n $n patch secret $s --type json -p '[{"op":"remove","path":"/data/token"}]' > /dev/null; done < $d/hand
            filled() {
              tokens > $d/all
              while read -r n a; do grep -q "^$n \(made) $a \(header)$" $d/all || { echo "no token for $n/$a"; return 1; }; done < $d/made
              while read -r n s a; do grep -q "^$n $s $a \(header)$" $d/all || { echo "no new token in $n/$s"; return 1; }; done < $d/hand; }
            await 120 kube-controller-manager.service filled
            while read -r n a; do
              l='{"name":"'\(made)'"}'
              for s in $(kc -n $n get serviceaccount $a -o 'jsonpath={.secrets[*].name}'); do
                case $s in "$a"-token-?????) ;; *) l="$l,{\\"name\\":\\"$s\\"}";; esac
              done
              kc -n $n patch serviceaccount $a --type merge -p "{\\"secrets\\":[$l]}" > /dev/null
            done < $d/made
            echo "$(wc -l < $d/made) accounts have a new one, $(wc -l < $d/hand) that people made were filled again"
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
