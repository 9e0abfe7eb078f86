#!/usr/bin/env bash
# Claim: bench/time measures a client and its floor and prints their ratio, and knows its own names. How fast anything is,
# is not claimed.
set -euo pipefail
measure=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/time
: "${BIN:?folder of harness and mockserver}"
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }

fail() { printf 'not ok: %s; got:\n%s\n' "$1" "$output"; exit 1; }

output=$("$measure" --bin "$BIN" --rounds 1 --only hour,wire 2>&1) || fail "it measures"
grep -qE '^hour +[0-9.]+ +[0-9.]+ to [0-9.]+ +[0-9.]+ +[0-9.]+ .* ratio 2$' <<<"$output" || fail "a row of hour with a ratio"
grep -qE '^hour_floor +[0-9.]+ ' <<<"$output" || fail "its floor beside it"
grep -qE '^wire +[0-9.]+ ' <<<"$output" || fail "a row of wire"

code=0
output=$("$measure" --bin "$BIN" --only houre 2>&1) || code=$?
[[ $code == 2 && $output == *"there is no houre"* ]] || fail "a name that there is not is an error of usage (exit $code)"
echo "time: rows, a floor and a wrong name are as claimed"
