#!/usr/bin/env bash
# Runs one of the good clients through every scenario of its upstreams: not a finding is allowed.
#
#     BIN=build/bin FIXTURES=fixtures tests/clients/run.sh [--fast] python|python-program|python-stock|javascript|shell|go|c [UPSTREAM[:SCENARIO]...]
#
# --fast: on real clocks that run faster, instead of in simulated time: by libfaketime, or by the client's own
# division of its waits (go).
# Exit codes: 0 good, 1 a finding, 2 usage, 77 the language or libfaketime is not on this machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${BIN:?where harness is}" "${FIXTURES:=$here/../../fixtures}" "${JOBS:=8}"
clock=(--clock events) go_speed=()
if [[ ${1:-} == --fast ]]; then
    clock=(--clock real --speed 50) go_speed=(-interval '{interval}' -speed '{speed}')
    shift
fi
language=${1:-}
shift || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

need() { command -v "$1" >/dev/null || { echo "SKIP: no $1 here"; exit 77; }; }

[[ ${clock[1]} == events || $language == go ]] || need faketime
profile=profile.json left_out=
default=(doubao newapi video avatar videos ark zego-stream zego-drive)
place=('{base_url}' '{task_id}')
case $language in
    python)
        need python3
        command=("$(python3 -c 'import sys; print(sys.executable)')" "$here/poll.py" '{upstream}' "${place[@]}"
            --goal '{goal}' --timeout '{timeout}' --save /dev/null)
        ;;
    python-program) # creates its tasks, whatever the id that it could be given
        need python3
        default=(doubao newapi video)
        endpoint=/v1/video/generations # all that differs between services
        case ${1:-} in
            videos*) endpoint=/v1/videos ;;
            ark*) endpoint=/api/v3/contents/generations/tasks ;;
        esac
        command=("$(python3 -c 'import sys; print(sys.executable)')" "$here/create.py" "{base_url}$endpoint" '{prompt}'
            --timeout '{timeout}' --save /dev/null)
        ;;
    python-stock)
        /usr/bin/python3 -c 'import requests' 2>/dev/null || { echo "SKIP: no requests for python3 here"; exit 77; }
        default=(doubao newapi video avatar) # a signed call must not be sent again as it is
        command=(/usr/bin/python3 "$here/poll_stock.py" '{upstream}' "${place[@]}" --goal '{goal}' --timeout '{timeout}')
        ;;
    javascript)
        need node
        command=(node "$here/poll.mjs" '{upstream}' "${place[@]}" --goal '{goal}' --timeout '{timeout}')
        ;;
    shell)
        need jq
        left_out=hour # thousands of processes: a minute, for what the other languages show in seconds
        command=(bash "$here/poll.sh" '{upstream}' "${place[@]}" '{goal}' '' '{timeout}')
        ;;
    go)
        need go
        CGO_ENABLED=0 GOFLAGS=-mod=mod GO111MODULE=off go build -o "$work/poll" "$here"/*.go
        command=("$work/poll" -goal '{goal}' -timeout '{timeout}' "${go_speed[@]}" '{upstream}' "${place[@]}")
        ;;
    c)
        export TASKPOLL=$BIN/taskpoll
        profile=taskpoll.json
        command=(bash "$here/taskpoll.sh" '{upstream}' "${place[@]}" '{goal}' '{timeout}')
        ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

upstreams=("$@")
[[ $# -gt 0 ]] || upstreams=("${default[@]}")
if [[ -n $left_out && ${upstreams[0]} == doubao ]]; then
    upstreams=("${upstreams[@]:1}")
    for scenario in "$FIXTURES"/doubao/scenarios/*.json; do
        [[ $scenario == */"$left_out".json ]] || upstreams+=("doubao:$(basename "$scenario" .json)")
    done
fi
"$BIN/harness" run --fixtures "$FIXTURES" --report tap "${clock[@]}" -j "$JOBS" \
    --profile "$here/$profile" "${upstreams[@]}" -- "${command[@]}"
