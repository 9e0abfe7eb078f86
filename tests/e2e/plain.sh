# What comes from outside stays one line of plain text: it forges no line, and no terminal obeys it.
. "$(dirname "$0")/lib.sh"

mkdir -p "$scratch/fixtures"
cp -r "$FIXTURES/doubao" "$scratch/fixtures/"
replies=$scratch/fixtures/doubao/replies
# A URL, a reason and a status with a line end, an escape, a C1 control and a turn of direction.
evil='\\n\\u001b[2J\\u009b2J\\u202ehttps://evil.example/v.mp4\\r\\nlast'
sed -i "s#https://storage[^\"]*#https://good.example/v$evil#" "$replies/success.http"
sed -i "s#\"fail_reason\": \"[^\"]*\"#\"fail_reason\": \"refused$evil\"#" "$replies/failure.http"
grep -q evil.example "$replies/success.http" && grep -q evil.example "$replies/failure.http" || echo "the fixtures have changed"
rm -f "$replies"/*.want.json "$scratch"/fixtures/doubao/scenarios/[!sf]*.json
"$BIN/harness" check "$scratch/fixtures" >"$scratch/check"
start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0

# is_plain CLAIM FILE: no control but the line's end, no C1, no turn
is_plain() {
    is "$1" "$(LC_ALL=C grep -c -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$2")" 0
}
poll() { "$BIN/taskpoll" doubao --base-url "$url/doubao:$1" --task "t$RANDOM" --token any --interval 10ms "${@:2}" 2>&1; }
poll success >"$scratch/out"
is "the last line is the URL, all of it, as one word" "$(tail -n 1 "$scratch/out")" \
    "https://good.example/v%0A%1B[2J%C2%9B2J%E2%80%AEhttps://evil.example/v.mp4%0D%0Alast"
is_plain "and taskpoll's lines are plain text" "$scratch/out"
poll failure >"$scratch/out"
is "the last line of a failure is its sentence" "$(tail -n 1 "$scratch/out")" \
    "the task failed: refused [2J2Jhttps://evil.example/v.mp4 last"
is_plain "and its lines are plain text" "$scratch/out"
poll failure --json >"$scratch/out"
is_plain "so they are as JSON" "$scratch/out"
is "where nothing is lost" "$(tail -n 1 "$scratch/out" | jq -r .reason | tr -d '\n')" \
    "$(printf 'refused\033[2J\302\2332J\342\200\256https://evil.example/v.mp4\rlast')"

# Errors quote what is wrong.
odd=$(printf 'a\033[2J\302\233\nb')
quotes() { # PROGRAM ARG...
    "$BIN/$1" "${@:2}" >"$scratch/out" 2>&1
    local words="$*"
    is_plain "${words//"$odd"/ODD}: what was typed is quoted as plain text" "$scratch/out"
    is "${words//"$odd"/ODD}: in one line" "$(wc -l <"$scratch/out")" 1
}
quotes mockserver "$odd"
quotes mockserver serve --listen "$odd"
quotes mockserver serve "--$odd"
quotes mockserver serve --seed "$odd"
quotes mockserver serve --fixtures "$odd"
quotes mockserver record "$odd" --out "$scratch"
quotes harness "$odd"
quotes harness run "$odd" --fixtures "$FIXTURES"
quotes harness run --report "$odd"
quotes harness check "$odd"
quotes harness distill "$odd" --out "$scratch"
quotes taskpoll "$odd" --base-url http://127.0.0.1 --task t
quotes taskpoll doubao --base-url "http://x$odd/" --task t --token t
mkdir "$scratch/fixtures/doubao/scenarios/$odd"
printf '{"title": "x", "steps": [{"reply": "a\\u001b[2J\\u009b"}], "expect": {"outcome": "succeeded"}}' \
    >"$scratch/fixtures/doubao/scenarios/sad.json"
"$BIN/harness" check "$scratch/fixtures" >"$scratch/out" 2>&1
is_plain "harness check names files and quotes them as plain text" "$scratch/out"
"$BIN/mockserver" serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0 >"$scratch/out" 2>&1
is_plain "so does mockserver" "$scratch/out"

mkdir "$scratch/$odd"
cp -r "$FIXTURES/doubao" "$scratch/$odd/"
quotes harness check "$scratch/$odd"
jq -n --arg body "$(sed '1,/^[[:space:]]*$/d' "$FIXTURES/doubao/replies/success.http")" '{log: {version: "1.2", entries: [{
    startedDateTime: "2026-01-01T00:00:00.000Z", time: 1,
    request: {method: "GET", url: "http://x/v1/video/generations/a%1B%5B2J%C2%9B", httpVersion: "HTTP/1.1", headers: []},
    response: {status: 200, statusText: "OK", httpVersion: "HTTP/1.1", headers: [{name: "Content-Type", value: "application/json"}],
        content: {size: 1, mimeType: "application/json", text: $body}}}]}}' >"$scratch/odd.har"
quotes harness distill "$scratch/odd.har" --out "$scratch/$odd/doubao"

# What a client prints, and the command that repeats its run.
"$BIN/harness" run --fixtures "$FIXTURES" doubao:success -- printf "$odd %s" "it's" >"$scratch/out" 2>&1
is_plain "the table shows a client's output and command as plain text" "$scratch/out"
again=$(sed -n 's/.*-- printf //p' "$scratch/out")
is "from which a shell makes the same words" "$(eval "printf '%s.' $again")" "$odd %s.it's."
