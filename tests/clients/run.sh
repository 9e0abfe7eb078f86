#!/usr/bin/env bash
# Runs one of the good clients through every scenario of its upstreams: not a finding is allowed.
#
#     BIN=build/bin FIXTURES=fixtures tests/clients/run.sh python|javascript|shell|go|c [UPSTREAM...]
#
# Exit codes: 0 good, 1 a finding, 2 usage, 77 the language is not on this machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${BIN:?where harness is}" "${FIXTURES:=$here/../../fixtures}" "${JOBS:=8}"
language=${1:-}
shift || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

need() { command -v "$1" >/dev/null || { echo "SKIP: no $1 here"; exit 77; }; }

profile=profile.json left_out=
place=('{base_url}' '{task_id}')
case $language in
    python)
        need python3
        speed=200 command=("$(python3 -c 'import sys; print(sys.executable)')" "$here/poll.py" '{upstream}' "${place[@]}"
            --goal '{goal}' --timeout '{timeout}' --save /dev/null)
        ;;
    javascript)
        need node
        speed=100 command=(node "$here/poll.mjs" '{upstream}' "${place[@]}" --goal '{goal}' --timeout '{timeout}')
        ;;
    shell)
        need jq
        left_out=hour # hundreds of processes, for what the other languages show in seconds
        speed=40 command=(bash "$here/poll.sh" '{upstream}' "${place[@]}" '{goal}' '' '{timeout}')
        ;;
    go)
        need go
        CGO_ENABLED=0 GOFLAGS=-mod=mod GO111MODULE=off go build -o "$work/poll" "$here"/*.go
        speed=100 command=("$work/poll" -goal '{goal}' -interval '{interval}' -timeout '{timeout}' -speed '{speed}'
            '{upstream}' "${place[@]}")
        ;;
    c)
        export TASKPOLL=$BIN/taskpoll
        profile=taskpoll.json
        speed=200 command=(bash "$here/taskpoll.sh" '{upstream}' "${place[@]}" '{goal}' '{timeout}')
        ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

upstreams=("$@")
[[ $# -gt 0 ]] || upstreams=(doubao newapi video avatar zego-stream zego-drive)
if [[ -n $left_out && ${upstreams[0]} == doubao ]]; then
    upstreams=("${upstreams[@]:1}")
    for scenario in "$FIXTURES"/doubao/scenarios/*.json; do
        [[ $scenario == */"$left_out".json ]] || upstreams+=("doubao:$(basename "$scenario" .json)")
    done
fi
judge() { # SPEED JOBS SCENARIO...
    "$BIN/harness" run --fixtures "$FIXTURES" --report tap --speed "$1" -j "$2" \
        --profile "$here/$profile" "${@:3}" -- "${command[@]}"
}
judge "$speed" "$JOBS" "${upstreams[@]}" | tee "$work/tap" && exit 0
# Compressed time is real time, and a busy machine can lose some of it. An accusation that is really false is
# made again at a lower speed and with one client at a time.
mapfile -t accused < <(sed -n 's/^not ok [0-9]* - \([^/]*\)\/\([^ ]*\).*/\1:\2/p' "$work/tap")
[[ ${#accused[@]} -gt 0 && ${#accused[@]} -le 10 ]] || exit 1
echo "# again, slower and one at a time: ${accused[*]}"
judge $((speed / 4)) 1 "${accused[@]}"
