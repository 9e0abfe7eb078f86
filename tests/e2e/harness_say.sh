# harness run: what a user may say of a client, of findings that are accepted, and of what to run again.
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS=detect_leaks=0 # a sanitized client that is traced cannot look for leaks: that traces, too
cd "$scratch" || exit 1
ln -s "$FIXTURES" fixtures
PATH=$BIN:$PATH
unset UNDERSTUDY_REPORT

# "red" asks once and is satisfied; "green" does what it should. Both print how they were started.
mkdir 'my clients'
cat >'my clients/red.sh' <<'SH'
curl -s -o /dev/null -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID"
echo "told $MOCK_INTERVAL $MOCK_TIMEOUT"
SH
polls='"taskpoll", "{upstream}", "--base-url", "{base_url}", "--task", "{task_id}", "--token", "{token}"'
echo '{"command": ["bash", "my clients/red.sh"]}' >red.json
echo "{\"command\": [$polls]}" >green.json

# -- The profile's keys --

echo '{"command": ["bash", "my clients/red.sh"], "bound": "10m", "interval": "1.5s",
       "rules": {"off": {"outcome": "it reports nothing"}}}' >off.json
harness run doubao:success --profile off.json >out
is "a rule that a profile switches off is not judged" "$?" 0
harness run doubao:success --profile off.json --report json=off.out.json --report html=off.html >/dev/null
is "interval and bound are what the client is told" "$(jq -r '.scenarios[0].runs[0].output' off.out.json)" "told 1.5 600"
is "told -1 without them" "$(harness run doubao:success --profile red.json | sed -n 's/^ *told/told/p')" "told 5 3600"
echo "{\"command\": [$polls, \"--goal\", \"ready\", \"--app-id\", \"{app_id}\"], \"goal\": \"ready\"}" >goal.json
harness run zego-stream doubao:missing --profile goal.json --report json=goal.out.json >/dev/null
is "scenarios of another goal are skipped, where the upstream has the goal" \
    "$(jq -r '[.scenarios[] | select(.verdict == "skipped") | .scenario] | contains(["success"])' goal.out.json) $(
    jq -r '[.scenarios[] | select(.scenario == "ready" or .scenario == "missing" and .upstream == "doubao").runs | length] | add' goal.out.json)" "true 2"

# -- Known findings --

scenarios=(doubao:success doubao:missing video:success)
harness run "${scenarios[@]}" --profile red.json >out
is "a client that fails exits 1" "$? $(grep -c '^  FAIL' out)" "1 3"
harness run "${scenarios[@]}" --profile red.json --known known.json --update-known >out 2>err
is "with its findings written down it does not" "$? $(grep -c '^  known' out) $(wc -c <err)" "0 3 0"
is "a finding is client, scenario, rule and cause, sorted" \
    "$(jq -c '[.known[] | [.client, .scenario, .rule]]' known.json)" \
    '[["red","doubao:missing","outcome"],["red","doubao:success","outcome"],["red","video:success","outcome"]]'
cp known.json known.before
reports=(--report tap --report junit=told.xml --report json=told.json --report html=told.html)
harness run "${scenarios[@]}" --profile red.json --known known.json "${reports[@]}" >out 2>err
is "nor does it when they are read" "$? $(wc -c <err)" "0 0"
like "the summary counts them" "$(tail -1 out)" "# 0 passed, 0 failed, 0 unclear, 0 skipped, 3 known;*"
is "in TAP they are things to do" "$(grep -c '^not ok .* # TODO a known failure$' out)" 3
is "in JUnit XML skipped" "$(grep -c '<skipped message="a known failure"/>' told.xml) $(grep -c '<failure' told.xml)" "3 0"
is "in JSON failed, and known" \
    "$(jq -c '[.scenarios[0].verdict, .scenarios[0].known, .summary.known, .summary.failed]' told.json)" '["failed",true,3,0]'
harness run doubao:success --profile red.json --known known.json >out 2>err
is "what did not run is not missed" "$? $(wc -c <err)" "0 0"
harness run "${scenarios[@]}" --profile red.json --known <(cat known.before) >/dev/null 2>&1
is "a pipe is no file of known findings" "$?" 3
jq '.known |= map(select(.scenario != "video:success"))' known.before >known.json
harness run "${scenarios[@]}" --profile red.json --known known.json >out 2>err
is "a new finding fails, alone" "$? $(grep -c '^  FAIL' out) $(grep -c '^  known' out)" "1 1 2"
is "and is named" "$(cat err)" "known.json: new: red video:success outcome (few-polls)"
jq '.known += [{client: "red", scenario: "video:success", rule: "terminal", cause: "terminal"},
               {client: "other", scenario: "video:success", rule: "terminal", cause: "terminal"},
               {client: "red", scenario: "video:slow", rule: "terminal", cause: "terminal"}]' known.before >known.json
harness run "${scenarios[@]}" --profile red.json --known known.json >out 2>err
is "a repaired one that is still in the file fails too" "$? $(grep -c '^  FAIL' out)" "1 0"
is "and is named, but none of others" "$(cat err)" \
    "known.json: repaired: red video:success terminal (terminal): take it out, or have --update-known do it"
harness run "${scenarios[@]}" --profile red.json --known known.json --update-known >/dev/null 2>&1
is "an update takes it out, and keeps what did not run" "$? $(jq -r '.known[] | .client + " " + .scenario + " " + .rule' known.json | tr '\n' ';')" \
    "0 other video:success terminal;red doubao:missing outcome;red doubao:success outcome;red video:slow terminal;red video:success outcome;"
harness run "${scenarios[@]}" --profile red.json --known known.json --update-known >/dev/null 2>&1
is "the same findings make the same bytes" "$(harness run "${scenarios[@]}" --profile red.json --known known.before >/dev/null 2>&1; echo $?)" 0
harness run doubao:success --profile red.json --known known.json --speed 2 --clock real >/dev/null 2>&1
is "the clock does not matter" "$?" 0
harness run doubao:success --profile red.json --known no/folder/known.json 2>err >/dev/null
is "a file that is not there is the environment's fault" "$?" 3

# -- Run again what failed --

harness run "${scenarios[@]}" --profile red.json --profile green.json --seed 9 --report json=first.json >/dev/null
is "two clients, one of which fails" "$?" 1
harness run --failed first.json --report json=again.json >out 2>err
is "what failed runs again, with the clients and the seed of then" \
    "$? $(jq -c '[.seed, [.clients[].name], [.scenarios[] | .client + " " + .scenario + " " + .verdict]]' again.json)" \
    '1 [9,["red","green"],["red success failed","red missing failed","red success failed","green success skipped","green missing skipped","green success skipped"]]'
harness run --failed first.json doubao --profile red.json --seed 3 --report json=again.json >/dev/null
is "words, clients and seed narrow it" "$(jq -c '[.seed, [.scenarios[] | .client + " " + .upstream + ":" + .scenario]]' again.json)" \
    '[3,["red doubao:missing","red doubao:success"]]'
harness run "${scenarios[@]}" --profile green.json --report json=good.json >/dev/null
harness run --failed good.json >out 2>err
is "where nothing failed nothing runs, and that is good" "$? $(tail -1 out | cut -d: -f1)" "0 0 scenarios of 0 upstreams"
harness run --failed first.json --profile goal.json >/dev/null 2>err
is "a client that the report does not know is a usage error" "$? $(cat err)" \
    '2 harness: first.json: tells of no client "goal"; the first is "red"'
harness run "${scenarios[@]}" --profile red.json --known known.json --report json=first.json >/dev/null 2>&1
harness run --failed first.json >out 2>&1
is "a known failure did not fail" "$? $(tail -1 out | cut -d: -f1)" "0 0 scenarios of 0 upstreams"
harness run doubao:success --report json=first.json -- bash 'my clients/red.sh' >/dev/null 2>&1
harness run --failed first.json --report json=again.json >/dev/null 2>&1
is "a client that stood after -- stands there again" "$(jq -c '[.clients[0].command, .summary.failed]' again.json)" \
    '[["bash","my clients/red.sh"],1]'

# -- Repeats --

harness run doubao:missing --profile green.json --repeat 3 >out 2>err
is "a client whose verdict never differs is told so" "$? $(cat err) $(grep -c '^  ok' out)" \
    "0 --repeat: 3 runs: 0 of 1 verdicts differ 1"
cat >fickle.sh <<'SH'
curl -s -o /dev/null -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID"
echo >>runs
[ "$(wc -l <runs)" = 2 ]
SH
harness run doubao:missing --repeat 5 -- bash fickle.sh >out 2>err
is "one whose verdict differs fails" "$?" 1
is "and it is said how often" "$(cat err)" "--repeat: bash fickle.sh doubao:missing: ok in 4 of 5 runs, FAIL in 1
--repeat: 5 runs: 1 of 1 verdicts differs"

# -- The command that repeats a failure --

mkdir elsewhere
again() { sed -n 's/^ *again *//p' "$scratch/out" | head -n 1; }
harness run doubao:success --profile ./red.json --fixtures fixtures --known known.before --seed 4 >out 2>&1
is "a known failure needs none" "$(again)" ""
echo '{"known": []}' >none.json
harness run doubao:success --profile ./red.json --fixtures fixtures --known none.json --seed 4 >out 2>&1
is "all that it takes is in it, from the root" "$(again)" "cd $scratch && harness run $scratch/fixtures/doubao/scenarios/success.json --fixtures $scratch/fixtures --seed 4 --known $scratch/none.json --profile $scratch/red.json"
(cd elsewhere && eval "$(again)") >again.out 2>&1
is "and it repeats the failure from another folder" "$? $(grep rule again.out)" "1 $(grep rule out)"
harness run doubao:success --clock real --speed 5 -- bash 'my clients/red.sh' "it's" >out 2>&1
is "clock, speed and words of a client too" "$(again)" \
    "cd $scratch && harness run $scratch/fixtures/doubao/scenarios/success.json --fixtures $scratch/fixtures --seed 1 --clock real --speed 5 -- bash 'my clients/red.sh' 'it'\\''s'"
(cd elsewhere && eval "$(again)") >again.out 2>&1
is "which finds the client's file from another folder" "$? $(grep rule again.out)" "1 $(grep rule out)"
mkdir -p 'odd $folder/doubao/scenarios'
sed 's/"succeeded"/"failed"/; s/"url": *"[^"]*",*//; s/doubao-success/doubao-strange/' fixtures/doubao/scenarios/success.json \
    >'odd $folder/doubao/scenarios/strange.json'
harness run 'odd $folder/doubao/scenarios/strange.json' >out 2>&1
is "a folder of any name is quoted" "$? $(again | cut -d' ' -f 3-4)" "1 '$scratch/odd \$folder/doubao/scenarios/strange.json'"
(cd elsewhere && eval "$(again)") >again.out 2>&1
is "and found" "$? $(grep rule again.out)" "1 $(grep rule out | head -1)"

# -- The curl that shows the poll --

serve --clock auto --no-auth
# shown SCENARIO: the status of the last answer that the curl of its first failed poll gets, and the poll's own.
shown() {
    local line
    harness run "$1" --report json=curl.json --profile red.json >/dev/null 2>&1
    line=$(jq -r '.scenarios[0].curl' curl.json)
    eval "${line/http:\/\/127.0.0.1:8080/$url}" 2>/dev/null | sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' | tail -n 1
    jq -r '.scenarios[0].runs[0] | .polls[.findings[0].poll - 1].status' curl.json
}
cat >'my clients/red.sh' <<'SH'
until curl -s -o /dev/null -f -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID"; [ $? = 22 ]; do sleep 5; done
exit 1
SH
is "one line asks for the answer at which a client failed" "$(shown doubao:blip)" $'500\n500'
is "whatever its number" "$(shown doubao:overloaded) $(jq '.scenarios[0].runs[0].findings[0].poll' curl.json)" $'429\n429 3'
is "a request that the contract does not describe is sent as it was" "$(shown doubao:encoded-id)" $'404\n404'
cat >'my clients/red.sh' <<'SH'
curl -s -o /dev/null -H 'Content-Type: application/json' -d "{\"TaskId\":\"$MOCK_TASK_ID\"}" "$MOCK_BASE_URL/?Action=GetDigitalHumanStreamTaskStatus&SignatureVersion=2.0"
SH
is "an id in a body stands there" "$(shown zego-stream:success | head -1)" 200
