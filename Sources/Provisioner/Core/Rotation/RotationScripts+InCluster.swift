import Templates

/// Trust inside the cluster: what pods have mounted, and what objects of the API carry.
extension RotationScripts {
    /// Where a worker's kubelet keeps what pods mount.
    package static func podDirectory(of host: HostSpec) -> String {
        let flags = FlagSet(.kubelet).merging(host.extraFlags[.kubelet] ?? [:])
        return "\(flags["root-dir"] ?? HostPaths.standard.kubeletDirectory)/pods"
    }

    /// SHA-256 of each certificate's base64 text on standard input, one per line.
    private static let prints = #"""
        prints() { awk '/-----BEGIN CERT/ { b = ""; i = 1; next } /-----END CERT/ { print b; i = 0 } i { gsub(/[ \t\r]/, ""); b = b $0 }' | while read -r b; do printf %s "$b" | sha256sum | cut -c1-64; done; }
        holds() { for x in $2; do case " $1 " in *" $x "*) return 0;; esac; done; return 1; }
        """#

    /// On a worker: pods whose mounted `ca.crt` is about this authority and is not the bundle yet, as `pod UID`.
    ///
    /// The kubelet follows a ConfigMap or a Secret within about a minute and a half, so the answer is waited for.
    ///
    /// - Parameters:
    ///   - wanted: Prints of the generations that must be in it.
    ///   - unwanted: Prints of the generations that must not be.
    ///   - seconds: How long to wait for the kubelet.
    ///   - directory: Where the kubelet keeps what pods mount.
    /// - Returns: The script.
    package static func mountedBundles(
        wanted: [String],
        unwanted: [String],
        seconds: Int,
        in directory: String
    ) -> String {
        """
        cd \(ShellQuoting.quote(directory))
        \(prints)
        stale() {
          s=0; for f in $(find . -mindepth 5 -maxdepth 5 -name ca.crt 2> /dev/null); do
            h=$(prints < "$f" 2> /dev/null | tr '\\n' ' '); u=${f#./}
            holds "$h" "\((wanted + unwanted).joined(separator: " "))" || continue
            for w in \(wanted.joined(separator: " ")); do holds "$h" $w || { echo "pod ${u%%/*}"; s=1; continue 2; }; done
            ! holds "$h" "\(unwanted.joined(separator: " "))" || { echo "pod ${u%%/*}"; s=1; }
          done; return $s; }
        e=$(($(date +%s) + \(seconds)))
        until o=$(stale); do [ "$(date +%s)" -lt $e ] || break; sleep 3; done
        echo "$o"
        """
    }

    /// Every pod as `UID NAMESPACE/NAME`.
    package static let podNames = #"""
        T=30s
        kc get pods --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.uid} {.metadata.namespace}/{.metadata.name}{"\n"}{end}'
        """#

    /// Objects that trust one generation and not another, as `object KIND/NAME`: webhooks, APIServices, CRDs, cluster-info.
    ///
    /// - Parameters:
    ///   - this: Prints of which at least one is in it.
    ///   - without: Prints of which none is in it; empty asks for everything that trusts `this`.
    /// - Returns: The script.
    package static func objectsTrusting(_ this: [String], without: [String]) -> String {
        """
        T=30s
        \(prints)
        \(scratch("bundles"))
        bundles() {
          kc get validatingwebhookconfigurations,mutatingwebhookconfigurations -o 'jsonpath={range .items[*]}{.kind}/{.metadata.name}{range .webhooks[*]} {.clientConfig.caBundle}{end}{"\\n"}{end}'
          kc get apiservices -o 'jsonpath={range .items[*]}APIService/{.metadata.name} {.spec.caBundle}{"\\n"}{end}'
          kc get customresourcedefinitions -o 'jsonpath={range .items[*]}CustomResourceDefinition/{.metadata.name} {.spec.conversion.webhook.clientConfig.caBundle}{"\\n"}{end}'
          c=$(kc -n kube-public get configmap cluster-info --ignore-not-found -o 'jsonpath={.data.kubeconfig}')
          echo "ConfigMap/kube-public/cluster-info $(printf '%s\\n' "$c" | sed -n 's/^ *certificate-authority-data: *//p')"; }
        bundles > $d/all
        while read -r o l; do
          h=; for b in $l; do h="$h $(echo "$b" | base64 -d 2> /dev/null | prints | tr '\\n' ' ')"; done
          holds "$h" "\(this.joined(separator: " "))" || continue
          holds "$h" "\(without.joined(separator: " "))" || echo "object $o"
        done < $d/all
        """
    }

    /// The ConfigMap from which extension servers learn whom to believe must hold these.
    package static func authenticationConfig(clients: [String], proxies: [String]) -> String {
        """
        T=10s K=120
        \(prints)
        told() {
          for k in client-ca-file requestheader-client-ca-file; do
            h=$(kc -n kube-system get configmap extension-apiserver-authentication -o "jsonpath={.data.$k}" | prints | tr '\\n' ' ')
            [ $k = client-ca-file ] && w="\(clients.joined(separator: " "))" || w="\(proxies.joined(separator: " "))"
            for x in $w; do holds "$h" $x || { echo "extension-apiserver-authentication does not hold every authority in $k"; return 1; }; done
          done; }
        await 120 - told
        """
    }

    /// What other namespaces run, as `KIND NAMESPACE/NAME`: workloads, and pods that none of them owns.
    package static let otherPods = #"""
        T=30s
        \#(scratch("pods"))
        kc get deployments,daemonsets,statefulsets,replicasets,pods --all-namespaces -o 'jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.ownerReferences[*].kind}{"\n"}{end}' > $d/all
        awk '$2 ~ "^kube-system/" { next }
        $1 == "ReplicaSet" { if ($3 == "Deployment") next } $1 == "Pod" { if ($3 ~ "^(ReplicaSet|DaemonSet|StatefulSet)$") next } { print $1, $2 }' $d/all
        """#

    /// Signing requests without an answer, as `request NAME`.
    package static let pendingRequests = #"""
        T=30s
        \#(scratch("requests"))
        kc get certificatesigningrequests -o 'jsonpath={range .items[*]}{.metadata.name} {.status.conditions[*].type}{"\n"}{end}' > $d/all
        awk 'NF == 1 { print "request " $1 }' $d/all
        """#

    /// What speaks against a change of etcd, as `etcd WORDS`: alarms and learners.
    package static func etcdTroubles(address: String) -> String {
        """
        \(etcdctl(address))
        a=$(e alarm list)
        m=$(e member list)
        [ -z "$a" ] || echo "$a" | sed 's/^/etcd /'
        echo "$m" | awk -F', ' '$6 == "true" { print "etcd " $3 " is a learner" }'
        """
    }
}
