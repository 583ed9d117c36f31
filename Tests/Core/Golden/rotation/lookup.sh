T=10s K=20
answers() { q=$1; shift; if o=$("$@" 2>&1); then echo "yes $q"; else echo "no $q: $(echo "$o" | tail -n 1 | cut -c1-200)"; fi; }
lookup() {
  b=$(timeout 5 bash -c 'exec 3<> /dev/tcp/$1/53; printf "$2" >&3; head -c 10 <&3 | od -An -tx1' - 10.32.0.10 '\000\066\160\122\001\000\000\001\000\000\000\000\000\000\012kubernetes\007default\003svc\007cluster\005local\000\000\001\000\001')
  set -- $b; [ $# = 10 ] && [ "${6#?}" = 0 ] && [ "$9${10}" != 0000 ] || { echo "the answer begins with${b:- nothing}"; return 1; }; }
answers "cluster DNS" lookup
