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

    /// Token Secrets as `namespace name account header` in `$d/all`: of the token only its header, which is no secret.
    ///
    /// Those of another key than the header's are in `$d/made` (`namespace account name`) where Kubernetes or a rotation
    /// named them, and in `$d/hand` (`namespace name account`) where people did.
    private static func tokens(_ header: String) -> String {
        let five = String(repeating: "[bcdfghjklmnpqrstvwxz2456789]", count: 5)
        let hexadecimal = String(repeating: "[0-9a-f]", count: 5)
        return #"""
            d=/run/provision/tokens; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
            tokens() {
              kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\.io/service-account\.name} {.data.token}{"\n"}{end}' > $d/raw || return 1
              while read -r n s a t; do if [ -n "$t" ]; then echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; fi; done < $d/raw > $d/all
              : > $d/raw; }
            tokens
            awk -v h=\#(header) '$4 != h { p = $3 "-token-"; r = substr($2, length(p) + 1)
            if (index($2, p) == 1 && r ~ /^(\#(five)|\#(hexadecimal))$/) print $1, $3, $2 }' $d/all > $d/made
            awk -v h=\#(header) -v m=$d/made 'BEGIN { while ((getline l < m) > 0) { split(l, x, " "); o[x[1] " " x[3]] = 1 } } $4 != h && !(($1 " " $2) in o) { print $1, $2, $3 }' $d/all > $d/hand
            """#
    }

    /// Token Secrets that are not signed by this key: those that Kubernetes made get a successor under a new name, which
    /// their account names from then on, so that old tokens stay valid until the old key goes; those that people made keep
    /// their name, since pods and people name them, and the controller fills them again.
    package static func renewTokens(header: String) -> String {
        let made = "$a-token-\(suffix(header))"
        let manifest =
            #"apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata:\n  namespace: "%s"\n  name: "%s"\n  annotations:\n    kubernetes.io/service-account.name: "%s"\n---\n"#
        return """
            T=30s
            \(tokens(header))
            [ -s $d/made ] || [ -s $d/hand ] || { echo "every token Secret is signed by the new key"; exit 0; }
            awk '{ print $1, $2 }' $d/made | sort -u > $d/accounts
            while read -r n a; do printf '\(manifest)' $n \(made) $a; done < $d/accounts > $d/new
            [ ! -s $d/new ] || kc apply -f $d/new > /dev/null
            while read -r n s a; do kc -n $n patch secret $s --type json -p '[{"op":"remove","path":"/data/token"}]' > /dev/null; done < $d/hand
            filled() {
              tokens || return 1
              while read -r n a; do grep -q "^$n \(made) $a \(header)$" $d/all || { echo "no token for $n/$a"; return 1; }; done < $d/accounts
              while read -r n s a; do grep -q "^$n $s $a \(header)$" $d/all || { echo "no new token in $n/$s"; return 1; }; done < $d/hand; }
            await 120 kube-controller-manager.service filled
            while read -r n a; do
              o=$(kc -n $n get serviceaccount $a -o 'jsonpath={.secrets[*].name}'); l='{"name":"'\(made)'"}'
              for s in $o; do
                grep -qxF "$n $a $s" $d/made || [ $s = \(made) ] || l="$l,{\\"name\\":\\"$s\\"}"
              done
              kc -n $n patch serviceaccount $a --type merge -p "{\\"secrets\\":[$l]}" > /dev/null
            done < $d/accounts
            echo "$(wc -l < $d/accounts) accounts have a new one, $(wc -l < $d/hand) that people made were filled again"
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
        \(tokens(header))
        awk -v h=\(header) '$4 != h { print $1 "/" $2 }' $d/all > $d/old
        kc get pods --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.spec.volumes[*].secret.secretName}{"\\n"}{end}' > $d/pods
        while read -r n p v; do for s in $v; do ! grep -qxF "$n/$s" $d/old || echo "pod $n/$p"; done; done < $d/pods | sort -u
        """
    }

    /// Those that people made were filled again and are never deleted.
    package static func deleteOldTokens(header: String) -> String {
        """
        T=30s
        \(tokens(header))
        [ ! -s $d/hand ] || { echo "still of the old key: $(head -n 5 $d/hand | awk '{ print $1 "/" $2 }' | tr '\\n' ' ')"; exit 1; }
        while read -r n a s; do kc -n $n delete secret $s --wait=false > /dev/null; done < $d/made
        """
    }
}
