# harness run, ended from outside, ends the clients that it has started.
. "$(dirname "$0")/lib.sh"

cat >"$scratch/client" <<'SH'
#!/bin/bash
echo $$ >"$1.part" && mv "$1.part" "$1"
exec sleep 1000
SH
chmod +x "$scratch/client"
"$BIN/harness" run --fixtures "$FIXTURES" doubao:success -- "$scratch/client" "$scratch/pid" >/dev/null 2>&1 &
harness=$!
pids+=("$harness")
until [ -e "$scratch/pid" ] || ! kill -0 "$harness" 2>/dev/null; do :; done
client=$(cat "$scratch/pid")
is "the client runs" "$(kill -0 "$client" && echo yes)" yes
kill "$harness"
wait "$harness"
is "the harness says which signal ended it" "$?" 143
# A killed process stays in the table until somebody has waited for it: as a zombie it has ended too.
state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$client/status" 2>/dev/null; }
tries=0
until [[ $(state) == Z || -z $(state) ]] || [ $((tries += 1)) -gt 2000 ]; do :; done
is "and its client has ended" "$(state | tr -d Z)" ""
