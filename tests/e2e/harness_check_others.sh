# harness check: recordings and a live service against a contract, ages, and the findings in their forms.
. "$(dirname "$0")/lib.sh"

check() { "$BIN/harness" check --fixtures "$scratch/copy" "$@" >"$scratch/out" 2>"$scratch/err"; }
cp -r "$FIXTURES" "$scratch/copy"

# A recording: one good answer, one that the contract does not know, one page that is no operation.
har() { # har BODY [DATE]
    jq -n --arg body "$1" --arg date "${2:-}" '{log: {version: "1.2", entries: [
        {startedDateTime: "2024-01-15T16:00:00.000Z",
         request: {method: "GET", url: "https://your-domain.com/v1/video/generations/task_1"},
         response: {status: 200, content: {text: $body}, headers:
            ([{name: "Content-Type", value: "application/json"}, {name: "content-encoding", value: "gzip"}]
             + if $date == "" then [] else [{name: "Date", value: $date}] end)}},
        {request: {method: "GET", url: "https://your-domain.com/favicon.ico"},
         response: {status: 200, headers: [], content: {}}}]}}'
}
good='{"task_id":"task_1","status":"queued"}'
har "$good" >"$scratch/good.har"
check --upstream video "$scratch/good.har"
is "a recording that fits its contract is good" "$? $(cat "$scratch/out")" "0 $scratch/good.har: 1 answer of video: good"
is "without a warning" "$(cat "$scratch/err")" ""
check --upstream video --verbose "$scratch/good.har"
jq '.log.entries[0].response.content = {size: 38}' "$scratch/good.har" >"$scratch/dropped.har"
check --upstream video --verbose "$scratch/dropped.har"
like "a body that the recording did not keep is a note" "$? $(cat "$scratch/err")" "0 *dropped.har: /log/entries/0: note: GET *'s answer has no body here*"
check --upstream video --verbose "$scratch/good.har"
like "what is no operation is a note" "$(cat "$scratch/err")" "*good.har: /log/entries/1: note: GET https://*/favicon.ico is no operation of the contract"
check "$scratch/good.har"
like "a recording that fits several contracts asks which" "$? $(cat "$scratch/err")" "2 *--upstream: which one? *doubao, newapi, video"
har '{"task_id":7,"status":"waiting"}' >"$scratch/bad.har"
check --upstream video "$scratch/bad.har"
like "another type in a recording is wrong, with its entry, pointer and rule" "$? $(cat "$scratch/out")" \
    "1 *bad.har: /log/entries/0: /task_id: is number; * (contract: #/components/schemas/*/task_id/type)*"
sed 's|com/v1/|com/base/api/v1/|' "$scratch/bad.har" >"$scratch/below.har"
check --upstream video "$scratch/below.har"
like "a service may lie below a path of its own" "$? $(cat "$scratch/out")" "1 *below.har: /log/entries/0: /task_id: *"
check --upstream avatar "$scratch/good.har"
like "a recording of another service is an error, not good" "$? $(cat "$scratch/err")" "1 *good.har: holds no answer of avatar: *"
check --upstream vidoe "$scratch/bad.har"
like "an upstream that is none is told with the nearest" "$? $(cat "$scratch/err")" "2 *no upstream \"vidoe\"; nearest: video"

# Ages.
check --upstream video --max-age 90d "$scratch/good.har"
like "an old answer is named, by the time of its recording" "$? $(cat "$scratch/err")" "0 *entries/0: warning: is * days old: record it anew"
check --upstream video --max-age 90d --fail-on warning "$scratch/good.har"
is "and fails where it shall" "$?" 1
har "$good" "$(date -u '+%a, %d %b %Y %H:%M:%S GMT')" >"$scratch/new.har"
check --upstream video --max-age 90d --fail-on warning "$scratch/new.har"
is "its Date header counts before the time of the recording" "$?" 0
printf 'HTTP/1.1 200 OK\nDate: Mon, 15 Jan 2024 16:00:00 GMT\nContent-Type: application/json\n\n%s' "$good" \
    >"$scratch/copy/video/replies/queued.http"
echo '{"state": "queued", "status": "queued", "id": "task_1"}' >"$scratch/copy/video/replies/queued.want.json"
check --max-age 90d
like "so it does in a reply of the fixtures" "$? $(cat "$scratch/err")" "0 *queued.http:5:1: warning: is * days old: *"
printf 'HTTP/1.1 200 OK\n\n\nDate: Mon, 15 Jan 2024 16:00:00 GMT\n' >"$scratch/copy/video/replies/queued.http"
check --max-age 90d --verbose
like "but not in a body" "$(cat "$scratch/err")" "*queued.http:3:1: note: says no date: *"
cp "$FIXTURES/video/replies/queued.http" "$scratch/copy/video/replies/queued.http"
check --max-age 9x
like "an age that is none is refused" "$? $(cat "$scratch/err")" "2 *--max-age: \"9x\" is no age*"
check --fail-on warnings
like "so is a level" "$? $(cat "$scratch/err")" "2 *\"warnings\" is not wrong, warning or note; nearest: warning"

# Forms.
check --upstream video --report json="$scratch/f.json" --report github "$scratch/bad.har"
is "findings are the exit code in every form" "$?" 1
is "as JSON with place, pointer and rule" \
    "$(jq -r '.findings[] | select(.value == "/task_id") | [.level, .where, .rule] | @text' "$scratch/f.json")" \
    "[\"wrong\",\"$scratch/bad.har: /log/entries/0\",\"$(jq -r '.findings[] | select(.value == "/task_id").rule' "$scratch/f.json")\"]"
is "with counts" "$(jq -c '[.format, .wrong, .warnings]' "$scratch/f.json")" "[1,1,1]"
like "as annotations" "$(cat "$scratch/out")" "::error file=*bad.har,title=harness check::/task_id: is number*::warning file=*::notice title=harness check::1 wrong, 1 warnings*"
echo '{"state": "running"}' >"$scratch/copy/video/replies/queued.want.json"
check --report github
like "which name line and column" "$(cat "$scratch/out")" "*::error file=*queued.want.json,line=1,col=11,title=*"
check --report jsn
like "a form that is none is told with the nearest" "$? $(cat "$scratch/err")" "2 *\"jsn\" is not text, json or github; nearest: json"

# Live.
serve --token sk-e2e-0123456789
mock=$url
live() { UNDERSTUDY_TOKEN=$token "$BIN/harness" check --fixtures "$FIXTURES" --live "$1" --task task_1 >"$scratch/out" 2>"$scratch/err"; }
token=sk-e2e-0123456789
for u in video doubao newapi avatar; do
    live "$u=$mock/$u"
    is "a live $u that fits is good" "$? $(cat "$scratch/out")" "0 $mock/$u: 1 answer of $u: good"
    is "of which nothing is said" "$(cat "$scratch/err")" ""
done
is "it has been asked once" "$(get "$mock/_mock/journal?upstream=video" | jq '[.entries[] | select(.upstream == "video")] | length')" 1
token=sk-other-0123456789
live "video=$mock/video"
like "a refusal is a warning" "$? $(cat "$scratch/err")" "0 *: warning: the service refuses the credentials: 401*"
is "and the token is told nowhere" "$(grep -c sk-other "$scratch/out" "$scratch/err" | cut -d: -f2 | paste -sd,)" "0,0"
token=sk-e2e-0123456789
jq '.components.schemas.Task.properties.status = {type: "integer"}' "$FIXTURES/video/openapi.json" >"$scratch/copy/video/openapi.json"
UNDERSTUDY_TOKEN=$token check --live "video=$mock/video" --task task_1
like "a service that speaks otherwise than the contract says is wrong" "$? $(cat "$scratch/out")" \
    "1 $mock/video: /status: is string; the contract says integer (contract: #/*)*"
live "video=ftp://x"
like "a URL that is none is refused" "$? $(cat "$scratch/err")" "2 *--live: the URL starts with http*"
live "video"
like "so is one without its upstream" "$? $(cat "$scratch/err")" "2 *UPSTREAM=URL is wanted*"
"$BIN/harness" check --fixtures "$FIXTURES" --live "video=$mock/video" 2>"$scratch/err"
like "a task is wanted" "$? $(cat "$scratch/err")" "2 *--task: which task?*"
live "video=http://127.0.0.1:9"
is "who does not answer is the environment's fault" "$?" 3
echo 9193cc662a4c0ec135ec71fb57194b38 >"$scratch/secret"
"$BIN/harness" check --fixtures "$FIXTURES" --live "zego-stream=$mock/zego-stream" --task t --app-id 12345 --secret-file "$scratch/secret" \
    >"$scratch/out" 2>"$scratch/err"
is "a signed poll is signed" "$? $(cat "$scratch/out")" "0 $mock/zego-stream: 1 answer of zego-stream: good"
