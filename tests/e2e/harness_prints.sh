# harness run without a profile: the URL is found however a client prints it, and in however much else.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

cat >client <<'SH'
#!/bin/bash
# Polls well; prints its result as its first word says.
while state=$(curl -s -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID") \
    && ! url=$(jq -er 'select(.data.status // .status == "completed") | .. | strings | select(startswith("http"))' <<<"$state"); do
    sleep "$MOCK_INTERVAL"
done
log() { seq -f "line %06.0f of the log of a client that tells all, nothing to see here" 30000; }
json() { jq -cn --arg url "$url" '{url: $url}'; }
case $1 in
    sentence) echo "Done, see $url." ;;
    comma) echo "url=$url, took 3 s" ;;
    chinese) echo "视频：$url，完成" ;;
    colour) printf '\033[32m%s\033[0m\n' "$url" ;;
    link) printf '\033]8;;%s\033\\video\033]8;;\033\\\n' "$url" ;;
    json) json ;;
    slashes) json | sed 's|/|\\/|g' ;;
    codes) json | sed 's|/|\\u002F|g' ;;
    twice) json | sed 's|/|\\/|g' | jq -R '{log: .}' ;;
    nul) printf 'progress\0\n%s\0' "$url" ;;
    before) log; echo "$url" ;;
    after) echo "$url"; log ;;
    stderr) echo "$url" >&2; log ;;
    longer) echo "$url.part" ;;
    middle) log; echo "$url"; log ;;
esac
SH
chmod +x client

# prints CLAIM VERDICT FORM [OPTION...]
prints() {
    local claim=$1 verdict=$2 form=$3
    shift 3
    "$BIN/harness" run --fixtures "$FIXTURES" video:success "$@" --report json=report.json -- ./client "$form" >out 2>&1
    is "$claim" "$(jq -r '.scenarios[0].verdict' report.json)" "$verdict"
    [ "$(jq -r '.scenarios[0].verdict' report.json)" = "$verdict" ] || grep rule out
}

prints "a full stop behind a URL is no part of it" passed sentence
prints "nor is a comma" passed comma
prints "nor is one of another script" passed chinese
prints "a colour ends it" passed colour
prints "the target of a terminal's link is a URL" passed link
prints "so is a string of JSON" passed json
prints "whose slashes may be escaped" passed slashes
prints "or written as codes" passed codes
prints "or escaped twice" passed twice
prints "a NUL byte ends it, and what stands behind one counts" passed nul
prints "two megabytes of log may come before it" passed before
prints "or behind it" passed after
prints "or on the other stream" passed stderr
prints "a longer URL is another one" failed longer
prints "in the middle of more than is kept it is lost" failed middle
like "and the output says how much is missing" "$(jq -r '.scenarios[0].runs[0].output' report.json)" $'*\n[[]*[0-9] bytes left out]\n*'

# What a profile captures is a URL as it was printed, too.
cat >reads.json <<'JSON'
{"outcomes": [{"outcome": "succeeded", "exit": 0, "url": "\"url\":(.*)}"}]}
JSON
prints "a profile may capture it with quotes and escapes" passed slashes --profile reads.json
