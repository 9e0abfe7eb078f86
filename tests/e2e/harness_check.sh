# harness check: good fixtures are counted, bad ones are named by file, line, column and key.
. "$(dirname "$0")/lib.sh"

"$BIN/harness" check "$FIXTURES" >"$scratch/out"
is "the project's fixtures are good" "$?" 0
like "and counted" "$(cat "$scratch/out")" "*: 6 upstreams, * replies, * scenarios: good"

cp -r "$FIXTURES" "$scratch/copy"
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
{"title": "t", "steps": [{"reply": "success"}], "expect": {"outcome": "succeeded"}, "rules": {"off": ["intervall"]}}
JSON
rm "$scratch/copy/video/scenarios/bad.json"
"$BIN/harness" check "$scratch/copy" >"$scratch/out"
is "an unknown rule exits 1" "$?" 1
like "and is named with the nearest" "$(cat "$scratch/out")" "*bad.json: *\"intervall\"*nearest: interval*"
"$BIN/harness" check "$scratch/nowhere" >"$scratch/out" 2>&1
is "a folder that is not there is the environment's fault" "$?" 3
