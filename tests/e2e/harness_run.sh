# harness run: what it prints, what it exits with, and that its own command repeats a failure.
. "$(dirname "$0")/lib.sh"
harness=("$BIN/harness" run --fixtures "$FIXTURES")

"${harness[@]}" doubao:success >"$scratch/out"
is "a good client exits 0" "$?" 0
like "and its line tells both transports and parity" "$(grep ' success ' "$scratch/out")" \
    "*ok*direct 5 polls in 20 s*wire 5 polls in *parity"

mkdir -p "$scratch/doubao/scenarios"
wrong=$scratch/doubao/scenarios/wrong.json
cat >"$wrong" <<'JSON'
{
  // wanted on purpose: a URL that never comes
  "title": "takes the decoy",
  "steps": [{"reply": "queued"}, {"reply": "success"}],
  "expect": {"outcome": "succeeded", "url": "https://example.com/decoy.mp4"}
}
JSON
"${harness[@]}" "$wrong" --seed 42 >"$scratch/out"
is "a finding exits 1" "$?" 1
like "the story names the rule" "$(cat "$scratch/out")" "*rule      outcome (REQUIRED): wanted the URL \"https://example.com/decoy.mp4\"*"
like "tells what happened and where" "$(cat "$scratch/out")" "*poll 1 *queued*poll 2 *success*<- here*"
again=$(sed -n 's/^ *again *//p' "$scratch/out")
is "and ends with the command that repeats it" "$again" "harness run $wrong --seed 42 --transport direct"
(cd "$FIXTURES/.." && PATH=$BIN:$PATH bash -c "$again" >"$scratch/out2")
is "which repeats it" "$?" 1
is "to the same finding" "$(grep rule "$scratch/out2")" "$(grep rule "$scratch/out" | head -1)"

"${harness[@]}" doubau >"$scratch/out" 2>"$scratch/err"
is "a slip is a usage error" "$?" 2
like "that names the nearest" "$(cat "$scratch/err")" "*nearest: doubao*"
"${harness[@]}" --transport wired 2>"$scratch/err"
is "so is an unknown transport" "$?" 2
like "that names the nearest too" "$(cat "$scratch/err")" "*nearest: wire*"
"$BIN/harness" runn 2>"$scratch/err"
is "and an unknown command" "$?" 2
like "nearest again" "$(cat "$scratch/err")" "*nearest: run*"
"$BIN/harness" run --fixtures "$scratch/nowhere" >"$scratch/out" 2>&1
is "fixtures that are not there are the environment's fault" "$?" 3

is "the same seed gives the same table twice" \
    "$("${harness[@]}" newapi --transport direct --seed 7 | md5sum)" "$("${harness[@]}" newapi --transport direct --seed 7 | md5sum)"
is "no colour outside a terminal" "$("${harness[@]}" doubao:success | grep -c $'\033')" 0
