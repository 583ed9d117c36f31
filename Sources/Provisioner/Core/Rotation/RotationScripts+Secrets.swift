import Templates

/// Secrets, and the key under which they lie in etcd.
extension RotationScripts {
    /// How many Secrets each namespace has, as `secrets NAMESPACE COUNT`.
    package static let secretCounts = #"""
        T=60s K=300
        \#(scratch("secrets"))
        kc get secrets --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace}{"\n"}{end}' > $d/all
        sort $d/all | uniq -c | while read -r c n; do echo "secrets $n $c"; done
        """#

    /// Writes every Secret of some namespaces as it was read, one after another.
    ///
    /// One that changed meanwhile is read again and tried again, one that is gone needs nothing. Secrets go from one
    /// program to the other and lie nowhere.
    package static func rewriteSecrets(_ turn: SecretTurn) -> String {
        """
        T=60s K=\(turn.seconds)
        \(scratch("secrets"))
        again() { # namespace, secret/NAME
          for i in 1 2 3 4 5; do
            : > $d/why
            if kc -n $1 get $2 -o json 2>> $d/why | kc replace -f - > /dev/null 2>> $d/why; then return 0; fi
            if o=$(kc -n $1 get $2 --ignore-not-found -o name 2>> $d/why) && [ -z "$o" ]; then return 0; fi
            sleep 1
          done
          echo "$1/${2#secret/}: $(tail -n 1 $d/why)"; return 1; }
        names() { kc -n $n get secrets -o name > $d/all; }
        s=0
        for n in \(turn.namespaces.map(ShellQuoting.quote).joined(separator: " ")); do
          await 60 - names
          if kc -n $n get secrets -o json 2> $d/why | kc replace -f - -o name > $d/done 2>> $d/why; then continue; fi
          grep -vxFf $d/done $d/all > $d/left || true
          while read -r x; do again $n $x || s=1; done < $d/left
        done
        [ $s = 0 ]
        """
    }

    /// What lies in etcd must begin with this key's prefix, Secret by Secret.
    ///
    /// It is read a page at a time, each value quoted on one line of its own: a plain Secret may hold any line.
    ///
    /// - Parameters:
    ///   - provider: `secretbox` or `aescbc`.
    ///   - key: The key's name.
    ///   - address: A member's.
    ///   - prefix: Where API servers keep their objects.
    /// - Returns: The script.
    package static func encryptedWith(
        provider: String,
        key: String,
        address: String,
        prefix: String = "/registry"
    ) -> String {
        let (first, end) = (ShellQuoting.quote("\(prefix)/secrets/"), ShellQuoting.quote("\(prefix)/secrets0"))
        return #"""
            \#(etcdctl(address))
            n=0 m=0 o= k=\#(first) more=true
            while [ $more = true ]; do
              p=$(e get "$k" \#(end) --limit 200 -w fields | sed -n 's/^"Key" : "\([^"]*\)"$/key \1/p; s/^"Value" : "\(.\{0,99\}\).*/value \1/p; s/^"More" : /more /p' | awk -v k="$k" -v p='value k8s:enc:\#(provider):v1:\#(key):' '
                $1 == "key" { s = $2 }
                $1 == "value" && s != k { n++; if (index($0, p) == 1) m++; else if (n - m < 4) o = o " " s }
                $1 == "more" { more = $2 }
                END { if (more == "") exit 1; print n + 0, m + 0, more, s, o }') || { echo "the answer of etcd has no end"; exit 1; }
              read -r a b more k w <<P
            $p
            P
              n=$((n + a)) m=$((m + b)); [ "$o" ] || o=$w
            done
            echo "$n secrets, $m under \#(key)"; [ $m = $n ] || { echo "not under it: $o"; exit 1; }
            """#
    }
}
