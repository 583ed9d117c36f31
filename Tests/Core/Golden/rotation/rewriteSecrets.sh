T=60s K=124
d=/run/provision/secrets; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
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
for n in a b; do
  await 60 - names
  if kc -n $n get secrets -o json 2> $d/why | kc replace -f - -o name > $d/done 2>> $d/why; then continue; fi
  grep -vxFf $d/done $d/all > $d/left || true
  while read -r x; do again $n $x || s=1; done < $d/left
done
[ $s = 0 ]
