#!/usr/bin/env bash
# Waits for a task of one of eight services to end, politely: bash, curl and jq.
#
#     poll.sh UPSTREAM BASE_URL TASK_ID [GOAL [INTERVAL_S [TIMEOUT_S]]]
#
# Credentials come from the environment: MOCK_TOKEN, or MOCK_APP_ID and MOCK_SECRET for ZEGO.
# The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
set -uo pipefail
troubles_max=8    # exchanges in a row that told nothing of the task
backoff_max=60
attempt_s=60      # for one exchange

upstream=${1:-} base_url=${2:-} task_id=${3:-} goal=${4:-} timeout=${6:-3600}
case $upstream in
    zego-stream | zego-drive) interval=${5:-2} ;;
    doubao | newapi | video | avatar | videos | ark) interval=${5:-5} ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# What a reply says, as "STATE TEXT": running, succeeded, failed, refused, or trouble.
read -r -d '' reader <<'JQ'
def text: if type == "string" then . else "" end;
def url: text | if test("^https?://") then . else "" end;
def first_url: map(url) | map(select(. != "")) | .[0] // "";
def object: if type == "object" then . else error("not an object") end;
def whole: if type == "string" then tonumber else . end | if . == floor then . else error("not whole") end;

def gateway_error:
    if (.error | type) == "object" and (has("data") | not) then "refused \(.error.message | text)"
    elif .code != null and (.code | tostring | ascii_downcase) != "success" then "refused \(.code) \(.message | text)"
    else empty end;
def word: if type == "string" and . != "" then ascii_downcase else error("no status") end;

# The gateway's record: doubao, newapi in both its dialects, resellers of avatar.
def record:
    gateway_error // (.data | object | (.status | word) as $status
    | if $status | IN("success", "succeeded")
      then "succeeded \([.result_url, .url, .fail_reason, (.data | objects | .work_video_path)] | first_url)"
      elif $status | IN("failure", "failed") then "failed \([.fail_reason, (.error | objects | .message)]
                                                         | map(text) | map(select(. != "")) | .[0] // "")"
      else "running" end);
def video:
    (if .status == null then gateway_error else empty end) // ((.status | word) as $status
    | if $status | IN("completed", "succeeded") then "succeeded \(.url | url)"
      elif $status == "failed" then "failed \(.error | arrays |= (.[0]) | objects |= .message | text)"
      else "running" end);
# OpenAI's style: without a URL in the record the video is where its content is.
def failed_words: IN("failed", "expired", "cancelled");
def reason: .error | objects |= .message | text;
def videos:
    (if .status == null then gateway_error else empty end) // ((.status | word) as $status
    | if $status | IN("completed", "succeeded")
      then "succeeded \([(.metadata | objects | .url), $content] | first_url)"
      elif $status | failed_words then "failed \(reason)"
      else "running" end);
def ark:
    (if .status == null then gateway_error else empty end) // ((.status | word) as $status
    | if $status == "succeeded" then "succeeded \([.content | objects | .video_url] | first_url)"
      elif $status | failed_words then "failed \(reason)"
      else "running" end);
def avatar:
    if .web_work_status == null then record
    else (.web_work_status | whole) as $status
    | if $status == 200
      then "succeeded \([.work_video_path, .no_wm_work_video_path, .wm_work_video_path] | first_url)"
      elif $status < 0 then "failed web_work_status \($status)"
      else "running" end end;

def zego(answer):
    (.Code | text + (numbers // "" | tostring)) as $code
    | if $code == "0" then .Data | object | answer
      elif $code | IN("", "100000004", "400000008", "400000010", "400010002", "400010009") then "trouble code \($code)"
      elif $goal == "stopped" and ($code == "400000007" or ($code == "400000005" and $seen == "yes")) then "succeeded"
      else "refused code \($code)" end;
def stream: zego((.Status | whole) as $status
    | if $status == (if $goal == "ready" then 3 else 5 end) then "succeeded"
      elif $status == 2 or ($goal == "ready" and ($status | IN(4, 5))) then "failed \(.FailReason | text)"
      else "running" end);
def drives: zego(.DriveList | if type == "array" then map(.Status | whole) else error("no list") end
    | if . == [] or (. - [3, 4]) != [] then "running"
      elif index(3) then "failed a drive failed"
      else "succeeded" end);

object
| if $upstream == "zego-stream" then stream
  elif $upstream == "zego-drive" then drives
  elif $upstream == "avatar" then avatar
  elif $upstream == "video" then video
  elif $upstream == "videos" then videos
  elif $upstream == "ark" then ark
  else record end
JQ

# -- One exchange --------------------------------------------------------------------------------

status='' retry_after='' state='' text=''

encoded_id=$(jq -rn --arg id "$task_id" '$id | @uri')

# ZEGO's signature, with a fresh nonce.
signed_query() {
    local nonce now signature
    nonce=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
    now=$EPOCHSECONDS
    signature=$(printf '%s%s%s%s' "$MOCK_APP_ID" "$nonce" "$MOCK_SECRET" "$now" | md5sum | cut -d' ' -f1)
    printf 'Action=%s&AppId=%s&SignatureNonce=%s&Timestamp=%s&Signature=%s&SignatureVersion=2.0' \
        "$1" "$MOCK_APP_ID" "$nonce" "$now" "$signature"
}

# curl's own arguments for the next poll, into `request`.
request=()
make_request() {
    local action key=TaskId
    case $upstream in
        zego-*)
            action=GetDigitalHumanStreamTaskStatus
            if [[ $upstream == zego-drive ]]; then
                action=GetDriveStatus
                [[ $goal == all ]] || key=DriveId
            fi
            request=(--header 'Content-Type: application/json' "${base_url%/}/?$(signed_query "$action")"
                --data-binary "$(jq -cn --arg key "$key" --arg id "$task_id" '{($key): $id}')")
            ;;
        videos) request=(--header "Authorization: Bearer $MOCK_TOKEN" "${base_url%/}/v1/videos/$encoded_id") ;;
        ark) request=(--header "Authorization: Bearer $MOCK_TOKEN"
            "${base_url%/}/api/v3/contents/generations/tasks/$encoded_id") ;;
        avatar) request=(--header "Authorization: Bearer $MOCK_TOKEN" "${base_url%/}/avatar/task/$encoded_id") ;;
        *) request=(--header "Authorization: Bearer $MOCK_TOKEN" "${base_url%/}/v1/video/generations/$encoded_id") ;;
    esac
}

# Retry-After in whole seconds from now, in both its forms; nothing when absent or malformed.
seconds_of() {
    local at
    if [[ $1 =~ ^[0-9]{1,9}$ ]]; then
        printf '%d' "$((10#$1))"
    elif [[ $1 == *GMT ]] && at=$(date -d "$1" +%s 2>/dev/null); then
        printf '%d' "$((at > EPOCHSECONDS ? at - EPOCHSECONDS : 0))"
    fi
}

# One poll: sets status, retry_after, state and text.
poll() {
    local told
    make_request
    status='' retry_after='' state=trouble text='no whole reply'
    told=$(curl --silent --show-error --max-time "$attempt_s" --output "$work/body" \
        --write-out '%{http_code} %header{retry-after}' "${request[@]}" 2>"$work/why") || return
    read -r status retry_after <<<"$told"
    retry_after=$(seconds_of "$retry_after")
    text="HTTP $status"
    case $status in
        408 | 425 | 429 | 5??) return ;;
        2??) ;;
        *)
            state=refused
            [[ $status == 404 ]] || ! grep -q task_not_exist "$work/body" || text+=' task_not_exist'
            return
            ;;
    esac
    text='the reply is unreadable'
    told=$(jq -r --arg upstream "$upstream" --arg goal "$goal" --arg content "${base_url%/}/v1/videos/$encoded_id/content" --arg seen "$seen" "$reader" "$work/body" 2>/dev/null) &&
        [[ -n $told ]] || return
    state=${told%% *} text=${told#"$state"}
    text=${text# }
}

# -- The loop ------------------------------------------------------------------------------------

# Between the interval and its doubled, capped self, in seconds.
backoff() {
    awk -v interval="$interval" -v troubles="$troubles" -v most="$backoff_max" -v seed="$RANDOM" 'BEGIN {
        srand(seed)
        ceiling = interval * 2 ^ (troubles - 1)
        if (ceiling > most) ceiling = most
        if (ceiling < interval) ceiling = interval
        printf "%.3f", interval + rand() * (ceiling - interval) }'
}

finish() {
    printf '%s: %s\n' "$1" "$text"
    exit "$2"
}

troubles=0 seen=no started=$SECONDS first=yes
while :; do
    poll
    # In each service's own words: it is not there, or too new to be found. Once more, if this is the first answer.
    [[ $first$state != yesrefused || ! $text =~ 'HTTP 404'|task_not_exist|400000005 ]] || state=trouble
    first=no
    case $state in
        succeeded) finish url 0 ;;
        failed) finish failed 3 ;;
        refused) finish error 4 ;;
        trouble) troubles=$((troubles + 1)) ;;
        *) troubles=0 seen=yes ;;
    esac
    wait_s=$interval
    ((troubles < 2)) || wait_s=$(backoff)
    if [[ -n $retry_after ]]; then
        wait_s=$(printf '%s\n' "$interval" "$retry_after" | sort -g | tail -1)
    fi
    elapsed=$((SECONDS - started))
    if ((troubles > troubles_max)) || ((elapsed + ${wait_s%.*} + 1 > ${timeout%.*})); then
        finish 'gave up' 5
    fi
    sleep "$wait_s"
done
