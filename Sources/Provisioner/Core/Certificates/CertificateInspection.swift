package import PKI

/// One host's certificates and endpoints, read in one round trip: hashes, modes and public parts; no secret travels.
package struct CertificateInspection: Sendable {
    /// A port that shows a certificate.
    package struct Endpoint: Sendable, Hashable {
        /// The certificate that must be shown; nil where any API server may answer.
        package var certificate: String?
        package var address: String
        package var title: String
    }

    package let entries: [CatalogCertificate]
    package private(set) var endpoints: [Endpoint]
    /// Files that say whom this host trusts, and with which key it signs or encrypts.
    package let trustFiles: [TrustFile]
    private var asksProcesses = true

    package init(spec: ClusterSpec, host: HostSpec) {
        self.init(host: host, spec: spec, catalog: CertificateCatalog.certificates(of: spec))
    }

    /// For many hosts: the catalog of a cluster is made once.
    package init(host: HostSpec, spec: ClusterSpec, catalog: [CatalogCertificate]) {
        entries = catalog.filter { $0.host == host.name }
        endpoints = Self.endpoints(of: host, in: spec)
        trustFiles = TrustFile.all(of: host, in: spec)
    }

    private static func endpoints(of host: HostSpec, in spec: ClusterSpec) -> [Endpoint] {
        let address = host.internalAddress
        func at(_ name: String, _ place: String) -> Endpoint {
            Endpoint(certificate: "\(name)@\(host.name)", address: place, title: "\(name) at \(place)")
        }
        var list: [Endpoint] = []
        if host.has(.etcd) { list += [at("etcd-server", "\(address):2379"), at("etcd-peer", "\(address):2380")] }
        if host.has(.controller) {
            list += [
                at("apiserver", "\(address):6443"), at("controller-manager-serving", "127.0.0.1:10257"),
                at("scheduler-serving", "127.0.0.1:10259"),
            ]
        }
        if host.has(.worker) { list.append(at("kubelet-serving", "\(address):10250")) }
        if host.has(.loadBalancer) {
            let place = "\(spec.endpoint.address):\(spec.endpoint.port)"
            list.append(Endpoint(certificate: nil, address: place, title: "the load balancer at \(place)"))
        }
        return list
    }

    /// POSIX sh; a handshake is made by openssl, or by curl where a host has no openssl.
    package var script: String {
        var lines = [Self.functions]
        for (index, entry) in entries.enumerated() {
            lines.append("file \(index) \(entry.certificatePath) \(entry.keyPath)")
        }
        for (index, file) in trustFiles.enumerated() { lines.append("\(file.form.rawValue) \(index) \(file.path)") }
        for (index, endpoint) in endpoints.enumerated() { lines.append("shown \(index) \(endpoint.address)") }
        for (index, entry) in entries.enumerated() where asksProcesses {
            lines += entry.readersOnce.map { "reader \(index) \($0) \(entry.certificatePath)" }
        }
        return (lines + ["echo end"]).joined(separator: "\n")
    }

    /// The same without handshakes and processes: what lies on the disk.
    package var diskScript: String {
        var copy = self
        copy.endpoints = []
        copy.asksProcesses = false
        return copy.script
    }

    private static let functions = #"""
        LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH
        pem() { sed -n '/BEGIN CERT/,/END CERT/p' | tr '\n ' ',_'; }
        one() { [ -f "$3" ] && echo "$1 $2 $(stat -c '%a %U:%G' "$3") $(sha256sum < "$3" | cut -c1-64)"; }
        file() {
          one cert $1 $2; one key $1 $3; [ -f $2 ] || return 0
          echo "pem $1 $(pem < $2)"; command -v openssl > /dev/null || return 0
          a=$(openssl x509 -in $2 -noout -pubkey 2> /dev/null) b=$(openssl pkey -in $3 -passin pass: -pubout 2> /dev/null)
          [ -n "$a" ] && [ "$a" = "$b" ] && echo "pair $1 yes" || echo "pair $1 no"; }
        bundle() { [ ! -f "$2" ] || echo "trust $1 $(tr '\n ' ',_' < "$2")"; }
        digest() { [ ! -f "$2" ] || echo "trust $1 $(sha256sum < "$2" | cut -c1-64) $(stat -c %a "$2")"; }
        names() { [ ! -f "$2" ] || echo "trust $1 $(keys "$2"), $(stat -c %a "$2")"; }
        bytes() { printf %s "$1" | base64 -d 2> /dev/null; }
        keys() {
          sed -n 's/^ *- name: */name /p;s/^ *secret: */secret /p' "$1" | tr -d "\"'" | while read -r what text; do
            [ $what = secret ] || { printf %s "$text"; continue; }
            [ $(bytes "$text" | wc -c) -ne 32 ] || printf '=%s' "$(bytes "$text" | sha256sum | cut -c1-64)"
            printf ,
          done; }
        shown() {
          if command -v openssl > /dev/null; then echo "live $1 $(timeout 5 openssl s_client -connect $2 < /dev/null 2> /dev/null | pem)"
          else echo "live $1 $(curl -ksm 5 -o /dev/null -w '%{certs}' https://$2/ 2> /dev/null | pem)"; fi; }
        reader() { # a reload leaves the main process as it is and gives it another child; /proc counts in hundredths of a second
          p=$(systemctl show -p MainPID --value "$2" 2> /dev/null) b=$(sed -n 's/^btime //p' /proc/stat)
          [ "${p:-0}" -gt 0 ] && [ -f "$3" ] || return 0
          n=$(cat /proc/[0-9]*/stat 2> /dev/null | sed 's/^\([0-9]*\) (.*) /\1 /' | awk -v p="$p" '($1 == p || $3 == p) && $21 + 0 > n + 0 { n = $21 } END { print n }')
          [ -z "$n" ] || echo "reader $1 $2 $(stat -c %Y "$3") $((${b:-0} + n / 100))"; }
        """#

    /// Reads what the script printed; `nil` where its end was not seen.
    package func answer(_ output: String) -> CertificateAnswer? {
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard lines.last == ["end"] else { return nil }
        var answer = CertificateAnswer()
        for words in lines where words.count >= 2 {
            guard let index = Int(words[1]) else { continue }
            if words[0] == "trust" {
                guard trustFiles.indices.contains(index) else { continue }
                answer.trust[trustFiles[index]] = words.count > 2 ? words[2] : ""
                answer.trustModes[trustFiles[index]] = words.count > 3 ? words[3] : nil
            } else if words[0] == "live" {
                guard endpoints.indices.contains(index) else { continue }
                answer.live[endpoints[index]] = words.count > 2 ? Self.facts(words[2]) : nil
            } else if entries.indices.contains(index) {
                answer.read(words, of: entries[index].identifier)
            }
        }
        return answer
    }

    /// PEM in one word: neither of the two signs is one of base64's.
    static func facts(_ word: String) -> CertificateFacts? {
        try? CertificateFacts(pem: Array(word.replacing(",", with: "\n").replacing("_", with: " ").utf8))
    }
}

/// What one host showed.
package struct CertificateAnswer: Sendable {
    package struct File: Sendable, Hashable {
        package var mode: String
        package var owner: String
        package var sha256: String
    }

    package struct Pair: Sendable {
        package var certificate: File?
        package var key: File?
        package var facts: CertificateFacts?
        /// `nil` where the host cannot tell.
        package var isPair: Bool?
        package var readers: [Reader] = []
    }

    /// A process that reads a file once; both times in seconds since 1970, by the host's clock.
    package struct Reader: Sendable, Hashable {
        package var unit: String
        /// When the file was written.
        package var written: Int64
        /// When the youngest of the unit's processes began.
        package var began: Int64
    }

    package var pairs: [String: Pair] = [:]
    /// What each trust file holds, in one word: PEM, a digest, or names with digests; one that is not there is missing.
    package var trust: [TrustFile: String] = [:]
    /// The modes of those that hold a secret, octal.
    package var trustModes: [TrustFile: String] = [:]
    /// By endpoint; one that showed nothing is missing.
    package var live: [CertificateInspection.Endpoint: CertificateFacts] = [:]

    package init() {}

    mutating func read(_ words: [String], of identifier: String) {
        var pair = pairs[identifier] ?? Pair()
        switch words[0] {
        case "cert" where words.count == 5: pair.certificate = File(mode: words[2], owner: words[3], sha256: words[4])
        case "key" where words.count == 5: pair.key = File(mode: words[2], owner: words[3], sha256: words[4])
        case "pem" where words.count == 3: pair.facts = CertificateInspection.facts(words[2])
        case "pair" where words.count == 3: pair.isPair = words[2] == "yes"
        case "reader" where words.count == 5:
            guard let written = Int64(words[3]), let began = Int64(words[4]) else { return }
            pair.readers.append(Reader(unit: words[2], written: written, began: began))
        default: return
        }
        pairs[identifier] = pair
    }
}
