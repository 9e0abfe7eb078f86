# mockserver record between a client and the service: the answer untouched, HAR on disk, no secret in it.
. "$(dirname "$0")/lib.sh"

serve --clock manual
service=$url
start record "doubao=$service/doubao:slow" "zego-drive=$service/zego-drive" --fixtures "$FIXTURES" --out "$scratch/har" --listen 127.0.0.1:0
proxy=$url
token=sk-very-secret-4711
auth=(-H "Authorization: Bearer $token" -H "Cookie: sid=cookie-secret-4711" -H 'Accept-Encoding: gzip')
poll() { get -i "${auth[@]}" "$1/v1/video/generations/task%2Fone"; }

direct=$(get -i "${auth[@]}" "$service/doubao:slow:other/v1/video/generations/task%2Fone")
recorded=$(poll "$proxy/doubao")
is "the answer comes back as the service gave it" "$recorded" "$direct"
get -o /dev/null -H 'Content-Type: application/json' -d '{"advance":"10m"}' "$service/_mock/clock"
poll "$proxy/doubao" >/dev/null
nonce=0123456789abcdef
secret=9193cc662a4c0ec135ec71fb57194b38
now=$(($(get "$service/_mock/clock" | jq .now) / 1000))
signature=$(printf '%s' "12345$nonce$secret$now" | openssl md5 | sed 's/.*= *//')
is "a signed POST passes" "$(get "$proxy/zego-drive/?Action=GetDriveStatus&AppId=12345&SignatureNonce=$nonce&Timestamp=$now&Signature=$signature&SignatureVersion=2.0" \
    -H 'Content-Type: application/json' -d '{"DriveId":"drive-7"}' | jq .Code)" 0
like "a service that repeats the token is passed on" "$(get "${auth[@]}" "$proxy/doubao/v1/video/generations/$token")" "*$token*"
kill "$pid"; wait "$pid" # all is on disk then
is "it exits 0" "$?" 0

har=$(ls "$scratch"/har/doubao/task*.har)
is "one file a task" "$(wc -l <<<"$har")" 1
is "it is HAR 1.2" "$(jq -r .log.version "$har")" 1.2
is "with an entry a poll" "$(jq '.log.entries | length' "$har")" 2
is "each whole" "$(jq -c '[.log.entries[] | has("startedDateTime") and has("time") and has("cache") and has("timings")
    and (.request | has("method") and has("url") and has("httpVersion") and has("cookies") and has("headers") and has("queryString") and has("headersSize") and has("bodySize"))
    and (.response | has("status") and has("statusText") and has("httpVersion") and has("cookies") and has("headers") and has("content") and has("redirectURL") and has("headersSize") and has("bodySize"))] | unique' "$har")" '[true]'
is "the body is kept" "$(jq -r '.log.entries[0].response.content.text | fromjson | .data.task_id' "$har")" "task/one"
is "the time adds up" "$(jq '[.log.entries[] | (.time - (.timings | add)) | fabs < 0.001] | all' "$har")" true
is "and is named by the id in its body" "$(jq -r '.log.entries[0].request.postData.text' "$scratch/har/zego-drive/drive-7.har")" '{"DriveId":"drive-7"}'
like "its signature is replaced" "$(jq -r '.log.entries[0].request.queryString[] | select(.name == "Signature").value' "$scratch/har/zego-drive/drive-7.har")" "REDACTED-*"

is "no secret is on disk" "$(grep -rlE "$token|cookie-secret|$signature" "$scratch/har")" ""
is "nor in a name" "$(find "$scratch/har" | grep -c "$token")" 0
is "nor a temporary file" "$(find "$scratch/har" -type f ! -name '*.har')" ""

start record "doubao=http://127.0.0.1:1/x" --fixtures "$FIXTURES" --out "$scratch/har" --listen 127.0.0.1:0
is "a service that is not there is 502" "$(status "${auth[@]}" "$url/v1/video/generations/task%2Fone")" 502
is "a path outside every mount goes to the only upstream" "$(status "$url/elsewhere")" 502
"$BIN/mockserver" record "doubao=http://127.0.0.1:1/x" --out "$scratch/har" --listen 127.0.0.1:0 2>"$scratch/two"
is "a second recorder is refused" "$?" 3
like "and told why" "$(cat "$scratch/two")" "mockserver: *har: another recorder writes here: end it, or give this one a folder of its own"
kill "$pid"; wait "$pid"
is "a service that is not there is recorded as status 0, after what an earlier recording left" \
    "$(jq -c '[.log.entries[].response.status]' "$har")" '[200,200,0]'

"$BIN/mockserver" record doubao=ftp://host --out "$scratch/har" 2>/dev/null
is "a URL that is not http is a usage error" "$?" 2
"$BIN/mockserver" record vidoe=http://host --out "$scratch/har" --fixtures "$FIXTURES" 2>"$scratch/two"
is "so is an unknown upstream" "$?" 2
like "with the nearest word" "$(cat "$scratch/two")" "*vidoe*nearest: video*"

# -- What cannot be recorded is said, and answered all the same --

mkdir -p "$scratch/other/doubao"
echo '{"log":{}}' >"$scratch/other/doubao/mine.har"
start record "doubao=$service/doubao" --fixtures "$FIXTURES" --out "$scratch/other" --listen 127.0.0.1:0 --proxy-env --json
like "with --json the ready line is an object" "$ready" '{"listening":"http://127.0.0.1:*","port":*}'
url=$(jq -r .listening <<<"$ready")
is "the answer comes" "$(status "${auth[@]}" "$url/doubao/v1/video/generations/mine")" 200
kill "$pid"; wait "$pid"
is "it exits 1 when something was not recorded" "$?" 1
like "what was not recorded is said" "$(cat "$err")" "mockserver: not recorded: *mine.har: not written by this program*1 exchange was not recorded"
is "and the file is as it was" "$(cat "$scratch/other/doubao/mine.har")" '{"log":{}}'

# A program that finds no fixtures records by path.
mkdir "$scratch/bin"
cp "$BIN/mockserver" "$scratch/bin/"
cd "$scratch" && BIN=$scratch/bin start record "doubao=$service/doubao" --out "$scratch/bare" --listen 127.0.0.1:0
is "without fixtures it records too" "$(status "${auth[@]}" "$url/doubao/v1/video/generations/a-1")" 200
kill "$pid"; wait "$pid"
is "by the path" "$(ls "$scratch/bare/doubao")" "v1_video_generations_a-1-$(
    hash=2166136261
    for byte in $(printf v1/video/generations/a-1 | od -An -v -tu1); do hash=$(((hash ^ byte) * 16777619 & 0xffffffff)); done
    printf %08x "$hash").har"
