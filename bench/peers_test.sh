#!/usr/bin/env bash
# Claim: bench/peers measures every contestant that is there and prints ratios, calls a row with errors invalid,
# says what to install, and leaves nothing behind when it is stopped. How fast anything is, is not claimed.
set -euo pipefail
peers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/peers
: "${BIN:?folder of mockserver and bench_civetweb}"
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
command -v wrk >/dev/null || { echo "skipped: no wrk"; exit 77; }
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
brief=(--bin "$BIN" --seconds 1 --rounds 1 --connections 2 --starts 1)

fail() { printf 'not ok: %s; got:\n%s\n' "$1" "$output"; exit 1; }

output=$("$peers" "${brief[@]}" --against "$BIN" 2>&1) || fail "it measures"
for name in against civetweb; do
    grep -qE "^ +$name +[0-9,]+ +[0-9.]+ +[0-9]+% +[0-9]+% +[0-9]+\.[0-9]{2} +[0-9.]+ to [0-9.]+$" <<<"$output" \
        || fail "a row of $name with a ratio"
done

code=0
output=$(PATH='' "$(python3 -c 'import sys; print(sys.executable)')" "$peers" "${brief[@]}" 2>&1) || code=$?
[[ $code == 77 && $output == *"apt-get install nginx-light wrk"* ]] || fail "without wrk it says what to install"

mkdir "$TMPDIR/bin"
printf '#!/bin/sh\necho peers 100 1000000 1000 3 1\n' >"$TMPDIR/bin/wrk"
chmod +x "$TMPDIR/bin/wrk"
code=0
output=$(PATH=$TMPDIR/bin:$PATH "$peers" "${brief[@]}" 2>&1) || code=$?
[[ $code == 1 && $output == *"invalid: 3 socket errors, 1 answers of 400 and above"* ]] || fail "errors make a row invalid"
rm -r "${TMPDIR:?}/bin"

# Stopped while wrk runs: by then every server runs too.
"$peers" "${brief[@]}" --seconds 60 >"$TMPDIR/output" 2>&1 &
pid=$!
children=
for ((i = 0; i < 100; i++)); do
    children=$(cat "/proc/$pid/task/$pid/children")
    # shellcheck disable=SC2046,SC2086 # a word a child
    if [[ -n $children ]] && grep -qsx wrk $(printf '/proc/%s/comm ' $children); then break; fi
    sleep 0.1
done
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
rm "$TMPDIR/output"
output=$(ls -A "$TMPDIR")
[[ $code == 143 && -n $children && -z $output ]] || fail "SIGTERM ends it and nothing stays (exit $code)"
for child in $children; do
    [[ ! -e /proc/$child ]] || fail "process $child is still there"
done
echo "peers: ratios, the advice, an invalid row and a stop are as claimed"
