# harness run with several clients side by side: who they are, that none disturbs another, and every misuse.
. "$(dirname "$0")/lib.sh"
harness=("$BIN/harness" run --fixtures "$FIXTURES")
cd "$scratch" || exit 1

# profile NAME JSON
profile() { printf '%s\n' "$2" >"$1"; }
taskpoll='"--base-url", "{base_url}", "--task", "{task_id}", "--interval", "{interval}"'
profile good.json '{"command": ["'"$BIN"'/taskpoll", "{upstream}", '"$taskpoll"', "--token", "{token}"]}'
profile bare.json '{"command": ["'"$BIN"'/taskpoll", "{upstream}", '"$taskpoll"'], "auth": "none"}'
profile shy.json '{"command": ["'"$BIN"'/taskpoll", "{upstream}", '"$taskpoll"']}'
profile marks.json '{"command": ["touch", "'"$scratch"'/started"]}'
profile reads.json '{"outcomes": [{"outcome": "succeeded", "exit": 0}]}'

# -- One client of a profile is told as one after --

"${harness[@]}" doubao:missing --profile good.json >one
is "a profile with a command needs nothing after --" "$?" 0
untimed() { sed -E 's/ polls? in .*/ polls/'; }
is "and its report is that of any one client" "$(untimed <one)" \
    "$("${harness[@]}" doubao:missing -- "$BIN/taskpoll" '{upstream}' --base-url '{base_url}' --task '{task_id}' \
        --interval '{interval}' --token '{token}' | untimed)"

# -- Two and three --

"${harness[@]}" doubao:missing --profile good.json --profile shy.json --report json=two.json >two
is "one of two that breaks a rule fails the run" "$?" 1
is "each client is named before its scenarios" "$(grep '^client' two | tr '\n' ' ')" "client good client shy "
is "in the order of the command line" \
    "$("${harness[@]}" doubao:missing --profile shy.json --profile good.json | grep '^client' | tr '\n' ' ')" "client shy client good "
is "the good one stays good" "$(jq -r '.scenarios[] | select(.client == "good") | .verdict' two.json)" passed
is "the other sends no token, as only it must answer for" \
    "$(jq -r '[.scenarios[] | select(.client == "shy") | .runs[].findings[].rule] | unique | join(" ")' two.json)" auth
again=$(sed -n 's/^ *again *//p' two)
is "the command that repeats it starts it alone" "$again" \
    "cd $PWD && harness run $FIXTURES/doubao/scenarios/missing.json --fixtures $FIXTURES --seed 1 --profile $PWD/shy.json"
(cd / && PATH=$BIN:$PATH bash -c "$again" >"$scratch/again.out")
is "and repeats it" "$? $(grep -c '^  FAIL  ' again.out) $(grep -c '^client' again.out)" "1 1 0"

"${harness[@]}" doubao:missing doubao:forbidden --profile good.json --profile bare.json --profile shy.json \
    --report json=three.json >three
is "a client may be let in without a token beside others that may not" \
    "$(jq -r '[.scenarios[] | select(.scenario == "missing") | .client + ":" + .verdict] | join(" ")' three.json)" \
    "good:passed bare:passed shy:failed"
is "clients x scenarios are counted" "$(jq -c '.summary | [.clients, .scenarios, .passed + .failed]' three.json)" "[3,2,6]"
is "and told in their order" "$(jq -r '[.scenarios[] | .client + ":" + .scenario] | join(" ")' three.json)" \
    "good:missing good:forbidden bare:missing bare:forbidden shy:missing shy:forbidden"

# Three impatient ones at once, on a scenario that fixes the task's id.
for name in a b c; do sed 's/{interval}/50ms/' good.json >"$name.json"; done
"${harness[@]}" doubao:encoded-id --profile a.json --profile b.json --profile c.json -j 3 --report json=same.json >same
is "clients that poll the same id at once each see the whole scenario" \
    "$(jq -r '[.scenarios[] | .client + ":" + (.runs[0].polls | map(.reply) | join(","))] | join(" ")' same.json)" \
    "a:queued,in_progress,success b:queued,in_progress,success c:queued,in_progress,success"

# What a client floods is its own mock's journal. In simulated time each run has a mock of its own anyway.
for name in here there; do profile "$name.json" '{"command": ["echo", "{base_url}"]}'; done
"${harness[@]}" doubao:missing doubao:forbidden --profile here.json --profile there.json --clock real --report json=mocks.json >mocks
is "each client has a mock of its own" \
    "$(jq -r '[.scenarios[] | .client + " " + (.runs[0].output | match(":[0-9]+/").string)] | unique | length' mocks.json)" 2
is "at an address of its own" "$(jq -r '.scenarios[].runs[0].output | match(":[0-9]+/").string' mocks.json | sort -u | wc -l)" 2

# -- Misuse: said before anything runs --

# refused CODE GLOB ARG...
refused() {
    local code=$1 glob=$2
    shift 2
    rm -f started
    "${harness[@]}" doubao:missing "$@" >out 2>err
    is "exit code of: $*" "$?" "$code"
    like "what it says of: $*" "$(cat err)" "$glob"
    is "nothing was started by: $*" "$([ -e started ] && echo started)" ""
}

mkdir other
cp good.json other/
profile nowhere.json '{"command": ["./no-such-client"]}'
profile 'my client.json' '{"command": ["true"]}'
refused 2 '*reads.json*"command"*after --*' --profile reads.json
refused 2 '*reads.json*names no client*' --profile marks.json --profile reads.json
refused 2 '*marks.json*after -- too*' --profile marks.json -- touch started
refused 2 '*one --profile at most*' --profile marks.json --profile good.json -- touch started
refused 2 '*one --profile at most*' --profile reads.json --profile reads.json -- touch started
refused 2 '*other/good.json*"good"*so is good.json*' --profile marks.json --profile good.json --profile other/good.json
refused 2 '*my client.json*no name for a client*' --profile marks.json --profile 'my client.json'
refused 3 '*nowhere.json: ./no-such-client*is not there*' --profile marks.json --profile nowhere.json
refused 2 '*--transport*on the wire*' --profile marks.json --transport direct

# A program's path is read from the folder in which the harness runs.
mkdir bin
printf '#!/bin/sh\necho here\n' >bin/client
chmod +x bin/client
profile other/near.json '{"command": ["bin/client"]}'
"${harness[@]}" doubao:missing --profile other/near.json >out 2>err
is "a path with a slash starts where the harness runs" "$(grep -c ' here$' out) $(cat err)" "1 "
