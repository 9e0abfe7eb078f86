# A recording with faults and waits, distilled, served, recorded again and distilled again: the same scenario.
. "$(dirname "$0")/lib.sh"
entry() { # SECOND RESPONSE: an entry of a browser's recording, given as JSON
    jq -cn --arg t "2026-01-01T00:00:$1.000Z" --argjson r "$2" '{startedDateTime: $t, time: 5,
        request: {method: "GET", url: "https://gateway.example/base/v1/video/generations/h-1",
            headers: [{name: "Authorization", value: "Bearer CANARY1"}, {name: "Cookie", value: "s=CANARY2"}]},
        response: $r}'
}
says() { # BODY: a response 200 with that body, as a browser's recording has it
    jq -cn --arg b "$1" '{status: 200, headers: [{name: "content-type", value: "application/json"},
        {name: "content-encoding", value: "gzip"}, {name: "set-cookie", value: "a=CANARY2\nb=CANARY2"}],
        content: {size: ($b | length), text: $b}}'
}
life() { jq -c '.steps' "$1/video/scenarios/got.json"; }
wants() { (cd "$1/video/replies" && grep -H '"state"\|"error"' got.*.want.json); }

page='{"request":{"method":"GET","url":"https://app.example/"},"response":{"status":-1}}'
busy='{"status":429,"headers":[{"name":"retry-after","value":"Thu, 01 Jan 2026 00:00:33 GMT"},
    {"name":"date","value":"Thu, 01 Jan 2026 00:00:03 GMT"}],"content":{"size":0,"text":""}}'
{
    echo "$page"
    entry 05 "$(says '{"task_id":"h-1","status":"completed","url":"https://cdn.example/v.mp4"}')"
    entry 01 "$(says '{"task_id":"h-1","status":"queued"}')"
    entry 02 '{"status":0,"_error":"net::ERR_CONNECTION_RESET"}'
    entry 03 "$busy"
    entry 04 "$(says '{"task_id":"h-1","status":"queued"}')"
    entry 06 "$(says '{"task_id":"h-1","status":"completed","url":"https://cdn.example/v.mp4"}')"
} | jq -s '{log: {entries: .}}' >"$scratch/browser.har"

mkdir "$scratch/first" "$scratch/second"
for copy in first second; do cp -r "$FIXTURES/video" "$FIXTURES/scenario.schema.json" "$scratch/$copy/"; done
"$BIN/harness" distill "$scratch/browser.har" --out "$scratch/first/video" --name got >"$scratch/out" 2>"$scratch/told"
is "a browser's recording is distilled" "$?" 0
like "in the order of time" "$(cat "$scratch/out")" "task h-1: 6 polls became 3 replies in 5 steps: *"
is "the poll that failed is told by its entry" "$(sed 's/.*browser/browser/' "$scratch/told")" \
    'browser.har: /log/entries/3: /response/status: no whole answer came (net::ERR_CONNECTION_RESET): a step with "empty"'
is "into steps with a fault" "$(life "$scratch/first")" \
    '[{"reply":"got.queued"},{"reply":"got.queued","fault":{"empty":true}},{"reply":"got.status_429"},{"reply":"got.queued"},{"reply":"got.succeeded"}]'
is "no secret is in it" "$(grep -rl CANARY "$scratch/first" | wc -l)" 0
"$BIN/harness" run --fixtures "$scratch/first" video:got >"$scratch/out"
is "the harness runs it as it is" "$?" 0

start serve --fixtures "$scratch/first" --listen 127.0.0.1:0
start record "video=$url/video:got" --fixtures "$FIXTURES" --out "$scratch/har" --listen 127.0.0.1:0
for i in 1 2 3 4 5 6; do get "${bearer[@]}" -o "$scratch/body" "$url/v1/video/generations/h-1" || true; done
kill "$pid" # what it has heard is written when it ends
wait "$pid"
is "six polls went through the recorder" "$(jq '.log.entries | length' "$scratch/har/video/h-1.har")" 6
"$BIN/harness" distill "$scratch/har/video/h-1.har" --out "$scratch/second/video" --name got >/dev/null 2>&1
is "what was recorded is distilled again" "$?" 0
is "into the same steps" "$(life "$scratch/second")" "$(life "$scratch/first")"
is "whose replies tell the same" "$(wants "$scratch/second")" "$(wants "$scratch/first")"
"$BIN/harness" check "$scratch/second" >/dev/null
is "and the folder is good" "$?" 0
