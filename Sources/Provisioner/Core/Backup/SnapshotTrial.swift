import Templates

/// Boots a snapshot in an etcd of its own on this machine's loopback and asks what is in it, as a POSIX sh script.
///
/// Everything lies in one private directory, and clients need a certificate of it, so that nobody else on the machine
/// can look in. Whatever happens, the process is ended and the directory removed by the script itself.
package struct SnapshotTrial: Sendable {
    package var directory: String
    package var snapshot: String
    package var etcd: String
    /// etcdctl, or etcdutl where the version has it.
    package var etcdctl: String
    package var fileTool: String
    package var clientPort: UInt16
    package var peerPort: UInt16
    package var authority: String
    package var certificate: String
    package var key: String
    /// How many Secrets are looked at.
    package var limit = 200

    package init(
        directory: String,
        snapshot: String,
        etcd: String,
        etcdctl: String,
        fileTool: String,
        ports: (client: UInt16, peer: UInt16),
        authority: String,
        certificate: String,
        key: String
    ) {
        self.directory = directory
        self.snapshot = snapshot
        self.etcd = etcd
        self.etcdctl = etcdctl
        self.fileTool = fileTool
        clientPort = ports.client
        peerPort = ports.peer
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }

    /// Prints `file JSON` (of the snapshot as a file), `status JSON` (of the member that booted from it), `keys N`,
    /// `secrets JSON`, `use N PREFIX` for each key under which Secrets lie, and `complete`.
    ///
    /// Prefixes are read where each value is quoted on one line of its own: a plain Secret may hold any line.
    package var script: String {
        let q = ShellQuoting.quote
        let (client, peer) = ("https://127.0.0.1:\(clientPort)", "http://127.0.0.1:\(peerPort)")
        return """
            set -eu; umask 077; export ETCDCTL_API=3 LC_ALL=C
            d=\(q(directory)) p=
            clean() { s=$?; trap - EXIT HUP INT TERM PIPE; [ -z "$p" ] || { kill "$p" 2> /dev/null || true; i=0
            while kill -0 "$p" 2> /dev/null && [ $i -lt 20 ]; do sleep 0.1; i=$((i + 1)); done; kill -9 "$p" 2> /dev/null || true; }
            rm -rf "$d"; exit $s; }
            trap clean EXIT; trap 'exit 1' HUP INT TERM PIPE
            ec() { \(q(etcdctl)) --endpoints \(client) --cacert \(q(authority)) --cert \(q(certificate)) --key \(q(key)) "$@"; }
            s=$(\(q(fileTool)) snapshot status \(q(snapshot)) -w json); echo "file $s"
            \(q(fileTool)) snapshot restore \(q(snapshot)) --name trial --initial-cluster trial=\(peer) \\
              --initial-advertise-peer-urls \(peer) --data-dir "$d/data" > "$d/log" 2>&1 || { tail -n 5 "$d/log"; exit 1; }
            \(q(etcd)) --name trial --data-dir "$d/data" --listen-client-urls \(client) --advertise-client-urls \(client) \\
              --listen-peer-urls \(peer) --initial-advertise-peer-urls \(peer) --initial-cluster trial=\(peer) \\
              --client-cert-auth --trusted-ca-file \(q(authority)) --cert-file \(q(certificate)) --key-file \(q(key)) \\
              --logger zap --log-outputs stderr > "$d/log" 2>&1 &
            p=$!; i=0
            until ec --command-timeout 2s endpoint health > "$d/health" 2>&1; do
            kill -0 "$p" 2> /dev/null && [ $i -lt 150 ] || { cat "$d/health"; tail -n 5 "$d/log"; exit 1; }; sleep 0.2; i=$((i + 1)); done
            s=$(ec endpoint status -w json); echo "status $s"
            s=$(ec get "" --prefix --keys-only | grep -c . || true); echo "keys $s"
            s=$(ec get /registry/secrets/ --prefix --limit \(limit) -w json); echo "secrets $s"
            ec --command-timeout 60s get /registry/secrets/ --prefix -w fields > "$d/values"
            grep -o '^"Value" : "k8s:enc:[a-z]*:v[0-9]*:[^:]*:' "$d/values" | cut -c12- | sort | uniq -c | while read -r n k; do echo "use $n $k"; done
            echo complete
            """
    }
}

/// What a trial found.
package struct TrialAnswer: Sendable {
    package var file: EtcdSnapshot?
    package var status: EtcdMember.Status?
    package var keys = 0
    /// Key and value, as etcd holds them.
    package var secrets: [(key: String, value: [UInt8])] = []
    /// All Secrets that are encrypted, by key.
    package var uses: [EncryptionUse] = []
    package var isComplete = false
    /// Lines that are no answers: the programs' own words.
    package var words: [String] = []

    package init(output: String) {
        for line in output.split(separator: "\n").map(String.init) {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("file", 2): file = EtcdSnapshot(json: parts[1])
            case ("status", 2): status = EtcdMember.Status(json: parts[1])
            case ("keys", 2): keys = Int(parts[1]) ?? 0
            case ("secrets", 2): secrets = Self.secrets(parts[1])
            case ("use", 2): uses += [EncryptionUse(parts[1])].compactMap(\.self)
            case ("complete", 1): isComplete = true
            default: words.append(line)
            }
        }
    }

    private static func secrets(_ json: String) -> [(key: String, value: [UInt8])] {
        (ConfigDocument(text: json)?["kvs"]?.items ?? []).compactMap { pair in
            guard let key = pair["key"]?.text.flatMap(Base64.decode),
                let value = pair["value"]?.text.flatMap(Base64.decode)
            else { return nil }
            return (String(decoding: key, as: UTF8.self), value)
        }
    }
}
