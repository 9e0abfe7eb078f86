#!/usr/bin/env bash
# Waits for one video task to end, politely:  client.sh BASE_URL TASK_ID [TIMEOUT_S]   (curl and jq)
#
# The token is in MOCK_TOKEN. The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
set -uo pipefail
interval=5       # seconds between polls, as the service documents it
backoff_max=60
troubles_max=8   # exchanges in a row that told nothing of the task
attempt_s=60     # for one exchange

[[ $# -ge 2 ]] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
base_url=${1%/} task_id=$(jq -rn --arg id "$2" '$id | @uri') timeout=${3:-3600}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# What a reply says, as "STATE TEXT": running, succeeded, failed or refused. An error may come with status 200.
read -r -d '' reader <<'JQ'
def text: if type == "string" then . else "" end;
if type != "object" then error("no object")
elif (.error | type) == "object" and (has("data") | not) then "refused \(.error.message | text)"
elif .code != null and (.code | tostring | ascii_downcase) != "success" then "refused \(.code) \(.message | text)"
else .data | (.status | if type == "string" and . != "" then ascii_downcase else error("no status") end) as $status
| if $status | IN("success", "succeeded")
  then "succeeded \([.result_url, .url, .fail_reason] | map(text) | map(select(test("^https?://"))) | .[0] // "")"
  elif $status | IN("failure", "failed")
  then "failed \([.fail_reason, (.error | objects | .message)] | map(text) | map(select(. != "")) | .[0] // "")"
  else "running \($status)" end
end
JQ

# Retry-After in whole seconds from now, in both its forms; nothing when absent or malformed.
seconds_of() {
    local at
    if [[ $1 =~ ^[0-9]{1,9}$ ]]; then
        printf '%d' "$((10#$1))"
    elif [[ $1 == *GMT ]] && at=$(date -d "$1" +%s 2>/dev/null); then
        printf '%d' "$((at > EPOCHSECONDS ? at - EPOCHSECONDS : 0))"
    fi
}

# One poll: sets state, text and retry_after.
poll() {
    local told status
    state=trouble text='no whole reply' retry_after=''
    told=$(curl --silent --max-time "$attempt_s" --output "$work/body" --write-out '%{http_code} %header{retry-after}' \
        --header "Authorization: Bearer $MOCK_TOKEN" "$base_url/v1/video/generations/$task_id") || return
    read -r status retry_after <<<"$told"
    retry_after=$(seconds_of "$retry_after")
    text="HTTP $status"
    case $status in
        408 | 425 | 429 | 5??) return ;;
        2??) ;;
        *)
            state=refused
            ! grep -q task_not_exist "$work/body" || text+=' task_not_exist'
            return
            ;;
    esac
    text='the reply is unreadable'
    told=$(jq -r "$reader" "$work/body" 2>/dev/null) && [[ -n $told ]] || return
    state=${told%% *} text=${told#* }
}

# Between the interval and its doubled, capped self, in seconds.
backoff() {
    local ceiling=$((interval << (troubles - 1)))
    ((ceiling < backoff_max)) || ceiling=$backoff_max
    awk -v low="$interval" -v high="$ceiling" -v seed="$RANDOM" 'BEGIN { srand(seed); printf "%.3f", low + rand() * (high - low) }'
}

finish() {
    printf '%s: %s\n' "$1" "$text"
    exit "$2"
}

troubles=0 started=$SECONDS first=yes
while :; do
    poll
    # It may be too new to be found: once more, if this is the first answer.
    [[ $first$state != yesrefused || ! $text =~ 'HTTP 404'|task_not_exist ]] || state=trouble
    first=no
    case $state in
        succeeded) finish url 0 ;;
        failed) finish failed 3 ;;
        refused) finish error 4 ;;
        trouble) troubles=$((troubles + 1)) ;;
        *) troubles=0 ;;
    esac
    wait_s=$interval
    ((troubles == 0)) || wait_s=$(backoff)
    [[ -z $retry_after ]] || wait_s=$((retry_after > interval ? retry_after : interval))
    if ((troubles > troubles_max)) || ((SECONDS - started + ${wait_s%.*} + 1 > ${timeout%.*})); then
        finish 'gave up' 5
    fi
    sleep "$wait_s"
done
