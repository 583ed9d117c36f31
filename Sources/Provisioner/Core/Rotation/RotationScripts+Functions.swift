package import Templates

/// What people use beside plain calls of the API, asked one by one: `yes NAME`, or `no NAME: WHY`.
///
/// What a cluster has not got is not asked for; nothing is left behind.
extension RotationScripts {
    /// `answers NAME COMMAND` says whether a command succeeds.
    private static let answers = #"""
        T=10s K=20
        answers() { q=$1; shift; if o=$("$@" 2>&1); then echo "yes $q"; else echo "no $q: $(echo "$o" | tail -n 1 | cut -c1-200)"; fi; }
        """#

    /// On a controller, through its own API server: what it signs, and what others answer through it.
    ///
    /// A pod that a policy does not let in was judged all the same: only who cannot be asked holds anything up.
    ///
    /// - Parameter header: Of tokens that the key in force signs.
    /// - Returns: The script.
    package static func functions(header: String) -> String {
        #"""
        \#(answers)
        \#(scratch("functions"))
        signed() {
          r=$(printf '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600}}' | kc create --raw /api/v1/namespaces/kube-system/serviceaccounts/default/token -f -) || return 1
          r=${r#*\"token\":\"}; r=${r%%.*}; [ "$r" = \#(header) ] || { echo "another key signed it: $r"; return 1; }; }
        answers "a new token" signed
        kc -n kube-system get pods -l k8s-app=kube-dns --field-selector status.phase=Running -o 'jsonpath={range .items[*]}{.spec.nodeName} {.metadata.name}{"\n"}{end}' > $d/all
        awk '!s[$1]++' $d/all | head -n 5 > $d/pods
        logs() { while read -r x p; do kc -n kube-system logs $p --all-containers --tail 1 > /dev/null || return 1; done < $d/pods; }
        [ ! -s $d/pods ] || answers "logs of pods" logs
        kc get apiservices -o 'jsonpath={range .items[*]}{.spec.service.name}|{.metadata.name}|{.spec.group}/{.spec.version}|{.status.conditions[?(@.type=="Available")].status}{"\n"}{end}' > $d/apis
        served() { [ "$2" = True ] || { echo "it is not Available"; return 1; }; kc get --raw /apis/$1 > /dev/null; }
        while IFS='|' read -r s n p a; do [ -z "$s" ] || answers "APIService $n" served "$p" "$a"; done < $d/apis
        admitted() {
          p=$(printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"provision-gate"},"spec":{"containers":[{"name":"gate","image":"provision.local/gate"}]}}' | kc create --raw '/api/v1/namespaces/default/pods?dryRun=All' -f - 2>&1 > /dev/null) && return 0
          case $p in *"failed calling webhook"*) ;; *"denied the request"*|*"is forbidden"*|*"exceeded quota"*) return 0 ;; esac
          echo "$p"; return 1; }
        w=$(kc get validatingwebhookconfigurations,mutatingwebhookconfigurations -o name)
        [ -z "$w" ] || answers "admission of a pod" admitted
        """#
    }

    /// On a worker: cluster DNS at its service's address, by a question over TCP that the shell itself can ask.
    package static func lookup(_ name: String, at server: IPv4Address) -> String {
        #"""
        \#(answers)
        lookup() {
          b=$(timeout 5 bash -c 'exec 3<> /dev/tcp/$1/53; printf "$2" >&3; head -c 10 <&3 | od -An -tx1' - \#(server) '\#(question(name))')
          set -- $b; [ $# = 10 ] && [ "${6#?}" = 0 ] && [ "$9${10}" != 0000 ] || { echo "the answer begins with${b:- nothing}"; return 1; }; }
        answers "cluster DNS" lookup
        """#
    }

    /// A question for an IPv4 address as it goes over TCP (RFC 1035, 4.2.2), for `printf`.
    private static func question(_ name: String) -> String {
        let labels = name.split(separator: ".").map(String.init)
        let length = 12 + labels.reduce(1) { $0 + $1.utf8.count + 1 } + 4
        let head = octal([length / 256, length % 256, 0x70, 0x52, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        return head + labels.map { octal([$0.utf8.count]) + $0 }.joined() + octal([0, 0, 1, 0, 1])
    }

    private static func octal(_ bytes: [Int]) -> String {
        bytes.map { "\\\(String($0 + 0o1000, radix: 8).dropFirst())" }.joined()
    }
}
