#!/usr/bin/env bash
# Runs a command beside loops that keep processors busy, and ends those by their ids.    busy.sh LOOPS COMMAND...
set -uo pipefail
[[ ${1:-} =~ ^[0-9]+$ && $# -gt 1 ]] || { sed -n 's/^# //; 2p' "$0" >&2; exit 2; }
loops=() count=$1
shift
for ((i = 0; i < count; i++)); do
    while :; do :; done &
    loops+=($!)
done
"$@"
code=$?
kill "${loops[@]}"
wait "${loops[@]}" 2>/dev/null # or bash tells of each that it was terminated
exit "$code"
