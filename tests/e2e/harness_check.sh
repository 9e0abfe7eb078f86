# harness check: good fixtures are counted, bad ones are named by file, line, column and key.
. "$(dirname "$0")/lib.sh"

"$BIN/harness" check "$FIXTURES" >"$scratch/out" 2>"$scratch/warnings"
is "the project's fixtures are good" "$?" 0
like "and counted" "$(cat "$scratch/out")" "*: 8 upstreams, * replies, * scenarios: good"
is "without a warning" "$(cat "$scratch/warnings")" ""

cp -r "$FIXTURES" "$scratch/copy"
contract=$scratch/copy/zego-drive/openapi.json
sed -i '0,/"minLength"/s//"minlength"/' "$contract"
"$BIN/harness" check "$scratch/copy" >"$scratch/out" 2>"$scratch/warnings"
is "an unknown keyword of a schema does not fail the check" "$?" 0
like "the fixtures are still good" "$(cat "$scratch/out")" "*: 8 upstreams, * replies, * scenarios: good"
like "and a warning names it with its place and the nearest" "$(cat "$scratch/warnings")" \
    "$contract:*:*: warning: unknown keyword \"minlength\" *\"minLength\"?"
sed -i 's/"minlength"/"$dynamicRef"/' "$contract"
"$BIN/harness" check "$scratch/copy" >"$scratch/out"
is "a keyword that is not supported fails it" "$?" 1
like "and is named with its place" "$(cat "$scratch/out")" "$contract:*:*: the keyword \"\$dynamicRef\" is not supported; *"
cp "$FIXTURES/zego-drive/openapi.json" "$contract"
mkdir "$scratch/copy/.common"
echo '{"$defs": {"text": {"type": "string", "minLength": -1}}}' >"$scratch/copy/.common/error.json"
sed -i '0,/"type": "string"/s//"$ref": "..\/.common\/error.json#\/$defs\/text"/' "$contract"
"$BIN/harness" check "$scratch/copy" >"$scratch/out"
like "a schema in a file beside is read, and its mistake told there" "$? $(cat "$scratch/out")" \
    "1 *.common/error.json:1:52: \"minLength\" must be a whole number*"
cp "$FIXTURES/zego-drive/openapi.json" "$contract"

cat >"$scratch/copy/doubao/scenarios/bad.json" <<'JSON'
{
  "title": "names what is not there",
  "steps": [{"reply": "sucess"}],
  "expect": {"outcome": "succeeded"}
}
JSON
cat >"$scratch/copy/video/scenarios/bad.json" <<'JSON'
{
  "titel": "a slip in a key",
  "steps": [{"reply": "completed"}],
  "expect": {"outcome": "succeeded"}
}
JSON
"$BIN/harness" check "$scratch/copy" >"$scratch/out"
is "bad ones exit 1" "$?" 1
like "a reply that is not there, with the nearest" "$(cat "$scratch/out")" "*/doubao/scenarios/bad.json:3:*no reply \"sucess\"*\"success\"*"
like "and an unknown key, with the nearest, in one run" "$(cat "$scratch/out")" "*/video/scenarios/bad.json:2:3: *titel*title*"

cat >"$scratch/copy/doubao/scenarios/bad.json" <<'JSON'
{"title": "t", "steps": [{"reply": "success"}], "expect": {"outcome": "succeeded"}, "rules": {"off": {"intervall": "why"}}}
JSON
rm "$scratch/copy/video/scenarios/bad.json"
"$BIN/harness" check "$scratch/copy" >"$scratch/out"
is "an unknown rule exits 1" "$?" 1
like "and is named with the nearest" "$(cat "$scratch/out")" "*bad.json: *\"intervall\"*nearest: interval*"
sed -i 's/"off": {"intervall": "why"}/"off": {"interval": "why"}, "required": ["pollite", "interval"]/' "$scratch/copy/doubao/scenarios/bad.json"
"$BIN/harness" check "$scratch/copy" >"$scratch/out"
is "so it does where its remarks shall fail, but for one that there is" "$? $(grep -c 'is no rule' "$scratch/out")" "1 1"
rm "$scratch/copy/doubao/scenarios/bad.json"
queued=$scratch/copy/video/replies/queued
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"task_id":"t","status":"waiting","eta":5}' >"$queued.http"
echo '{"status": "waiting", "id": "t"}' >"$queued.want.json"
"$BIN/harness" check "$scratch/copy" >"$scratch/out" 2>"$scratch/err"
is "a value that the contract does not list fails nothing" "$?" 0
like "but is warned of on standard error" "$(cat "$scratch/err")" "*queued.http:4:*: warning: /status: *waiting (contract: #/components/schemas/*/status/enum)"
"$BIN/harness" check --verbose "$scratch/copy" >"$scratch/out" 2>"$scratch/err"
like "a field that the contract does not name is said on request" "$(cat "$scratch/err")" "*queued.http:4:*: note: /eta: *"
echo '{"state": "queued", "status": "waiting", "id": "t"}' >"$queued.want.json"
"$BIN/harness" check "$scratch/copy" >"$scratch/out" 2>/dev/null
is "a want that the reply does not bear out exits 1" "$?" 1
like "and is named by key" "$(cat "$scratch/out")" "*queued.want.json:1:*: \"state\" is \"queued\"*"

"$BIN/harness" check "$scratch/nowhere" >"$scratch/out" 2>&1
is "a folder that is not there is the environment's fault" "$?" 3
