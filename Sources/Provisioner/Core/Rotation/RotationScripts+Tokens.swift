import Templates

/// Tokens of service accounts that outlive the key that signed them.
extension RotationScripts {
    /// On a token Secret of Kubernetes' or a rotation's own: the name's end of its successor.
    package static let replaced = "provision/replaced-by"

    /// Token Secrets as `namespace name account header` in `$d/all`: of the token its header alone, which is no secret.
    ///
    /// Those of another key than the header's are in `$d/made` (`namespace account name`) where Kubernetes or a
    /// rotation made them, and in `$d/hand` (`namespace name account`) where people may have. Kubernetes lists what it
    /// makes in the account and ends its name in five signs of an alphabet without vowels; a rotation lists it too, and
    /// ends the name in a digest of the key. People may do one of both; a replaced one, listed no more, is marked.
    private static func tokens(_ header: String) -> String {
        let five = String(repeating: "[bcdfghjklmnpqrstvwxz2456789]", count: 5)
        return #"""
            \#(scratch("tokens"))
            tokens() {
              kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace}|{.metadata.name}|{.metadata.annotations.kubernetes\.io/service-account\.name}|{.metadata.annotations.\#(replaced)}|{.data.token}{"\n"}{end}' > $d/raw || return 1
              while IFS='|' read -r n s a r t; do
                [ -n "$t" ] || continue
                echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; [ -z "$r" ] || echo "$n $s" >&3
              done < $d/raw > $d/all 3> $d/replaced
              : > $d/raw; }
            tokens
            kc get serviceaccounts --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.secrets[*].name}{"\n"}{end}' > $d/listed
            cut -d' ' -f4 $d/all | sort -u | while read -r t; do echo "$t $(printf %s "$t" | sha256sum | cut -c1-5)"; done > $d/ends
            : > $d/made; : > $d/hand
            awk -v h=\#(header) -v d=$d 'BEGIN {
              while ((getline < (d "/replaced")) > 0) replaced[$1 " " $2]
              while ((getline < (d "/listed")) > 0) for (i = 3; i <= NF; i++) listed[$1 " " $2 " " $i]
              while ((getline < (d "/ends")) > 0) end[$1] = $2 }
            $4 == h { next }
            { p = $3 "-token-"; r = substr($2, length(p) + 1)
              named = index($2, p) == 1 && (r ~ /^\#(five)$/ || r == end[$4])
              if (($1 " " $2) in replaced || named && ($1 " " $3 " " $2) in listed) print $1, $3, $2 > (d "/made")
              else print $1, $2, $3 > (d "/hand") }' $d/all
            """#
    }

    /// Token Secrets that are not signed by this key: those that Kubernetes made get a successor under a new name, which
    /// their account names from then on, so that old tokens stay valid until the old key goes; those that people made keep
    /// their name, since pods and people name them, and the controller fills them again.
    package static func renewTokens(header: String) -> String {
        let end = nameEnd(header)
        let made = "$a-token-\(end)"
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
            awk '{ l[$1] = l[$1] " " $3 } END { for (n in l) print n l[n] }' $d/made > $d/marks
            while read -r n l; do kc -n $n annotate secrets $l --overwrite \(replaced)=\(end) > /dev/null; done < $d/marks
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

    /// The end of names of Secrets of one key.
    private static func nameEnd(_ header: String) -> String {
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

    /// On a worker: pods that have mounted a token of one of these keys, as `pod UID`.
    ///
    /// Whatever a pod calls the file: a projected volume names it, and how deep it lies.
    ///
    /// - Parameters:
    ///   - headers: Of tokens that the keys signed.
    ///   - directory: Where the kubelet keeps what pods mount.
    /// - Returns: The script.
    package static func mountedTokens(of headers: [String], in directory: String) -> String {
        """
        cd \(ShellQuoting.quote(directory))
        find . -mindepth 4 -maxdepth 4 -type d \\( -path '*/volumes/kubernetes.io~projected/*' -o -path '*/volumes/kubernetes.io~secret/*' \\) \
        -exec grep -rlsaE '^(\(headers.joined(separator: "|")))\\.' {} + | cut -d/ -f2 | sort -u | sed 's/^/pod /'
        """
    }
}
