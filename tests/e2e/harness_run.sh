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
is "and ends with the command that repeats it" "$again" "harness run $wrong --fixtures $FIXTURES --seed 42 --transport direct"
(cd "$scratch" && PATH=$BIN:$PATH bash -c "$again" >"$scratch/out2")
is "which repeats it" "$?" 1
is "to the same finding" "$(grep rule "$scratch/out2")" "$(grep rule "$scratch/out" | head -1)"

"${harness[@]}" doubau >"$scratch/out" 2>"$scratch/err"
is "a slip is a usage error" "$?" 2
like "that names the nearest" "$(cat "$scratch/err")" "*nearest: doubao*"
"${harness[@]}" doubao:overlod >"$scratch/out" 2>"$scratch/err"
like "of scenarios too" "$(cat "$scratch/err")" "*nearest: overloaded*"
"${harness[@]}" --transport wired 2>"$scratch/err"
is "so is an unknown transport" "$?" 2
like "that names the nearest too" "$(cat "$scratch/err")" "*nearest: wire*"
"$BIN/harness" runn 2>"$scratch/err"
is "and an unknown command" "$?" 2
like "nearest again" "$(cat "$scratch/err")" "*nearest: run*"
"$BIN/harness" run --fixtures "$scratch/nowhere" >"$scratch/out" 2>&1
is "fixtures that are not there are the environment's fault" "$?" 3
cp -r "$FIXTURES" "$scratch/copy"
for upstream in doubao video; do echo '{"titel": "a slip"}' >"$scratch/copy/$upstream/scenarios/bad.json"; done
"$BIN/harness" run --fixtures "$scratch/copy" >"$scratch/out" 2>&1
is "bad fixtures are told once each" "$(grep -c titel "$scratch/out")" 2
like "and then that they do not load" "$(tail -1 "$scratch/out")" "harness: $scratch/copy: the fixtures do not load"

is "the same seed gives the same table twice" \
    "$("${harness[@]}" newapi --transport direct --seed 7 | md5sum)" "$("${harness[@]}" newapi --transport direct --seed 7 | md5sum)"
is "no colour outside a terminal" "$("${harness[@]}" doubao:success | grep -c $'\033')" 0

# A shell that is taken for a Go program: libfaketime cannot reach one of those, so its clock is real.
{ cat "$(command -v bash)"; printf '\377 Go buildinf:'; } >"$scratch/unreached"
chmod +x "$scratch/unreached"
cat >"$scratch/client" <<'SH'
nonce=$(printf '%016x' $$) now=$(date +%s) common=AppId=$MOCK_APP_ID
signature=$(printf %s "$MOCK_APP_ID$nonce$MOCK_SECRET$now" | md5sum | cut -c1-32)
common+="&SignatureNonce=$nonce&Timestamp=$now&Signature=$signature&SignatureVersion=2.0"
echo "interval $1, speed $2, environment $MOCK_INTERVAL $MOCK_SPEED"
curl -sS -H 'Content-Type: application/json' -d "{\"TaskId\":\"$MOCK_TASK_ID\"}" \
    "$MOCK_BASE_URL/?Action=GetDigitalHumanStreamTaskStatus&$common"
exit 1
SH
# At this speed the mock is a day ahead within a second.
"${harness[@]}" zego-stream:ready --clock real --speed 100000 --report json -- \
    "$scratch/unreached" "$scratch/client" '{interval}' '{speed}' >"$scratch/out"
output=$(jq -r '.. | .output? // empty' "$scratch/out")
like "what cannot be sped up is told by how much the mock is" "$output" "*speed 100000, environment * 100000*"
like "and may sign with its own clock" "$output" "*\"Code\": 0*"
"${harness[@]}" doubao:success --clock real --speed 100 --report json -- \
    "$scratch/unreached" -c 'echo "interval $0, environment $MOCK_INTERVAL"' '{interval}' >"$scratch/out"
like "its interval is divided" "$(jq -r '.. | .output? // empty' "$scratch/out")" "interval 0.05, environment 0.05*"

# -- A client that cannot start is the environment's fault, and one that ends at once is nobody's verdict --

# ends CLAIM CODE GLOB CLIENT...
ends() {
    local claim=$1 code=$2 glob=$3
    shift 3
    "${harness[@]}" doubao:missing -- "$@" >"$scratch/out" 2>&1
    is "exit code: $claim" "$?" "$code"
    like "$claim" "$(cat "$scratch/out")" "$glob"
}

printf 'echo started\n' >"$scratch/no-first-line"
printf '#!/no/such/interpreter\n' >"$scratch/no-interpreter"
cp "$scratch/no-first-line" "$scratch/not-executable"
chmod +x "$scratch"/no-*
ends "a program that is nowhere" 3 "*no-such-client: is no program on PATH*" no-such-client
ends "a path where nothing is" 3 "*nothing-here: is not there*" "$scratch/nothing-here"
ends "a file that is not executable" 3 "*not-executable: is not executable: chmod +x*" "$scratch/not-executable"
ends "a folder" 3 "*$scratch: is no program*" "$scratch"
ends "a script that does not say what runs it" 3 "*unclear*cannot be started*#!/bin/sh*" "$scratch/no-first-line"
ends "a script whose interpreter is not there" 3 "*unclear*cannot be started*interpreter*" "$scratch/no-interpreter"
ends "a client that ends before it polls" 1 "*never polled: *it ended with exit code 7*" sh -c 'exit 7'
ends "a client that crashes before it polls" 1 "*never polled: *crashed: signal 11 (SEGV) ended it*" sh -c 'kill -SEGV $$'
