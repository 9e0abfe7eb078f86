# Words that a program does not take: it says which and why, on standard error alone, and exits with the right code.
. "$(dirname "$0")/lib.sh"

# refuses STATUS GLOB PROGRAM ARG...
refuses() {
    local want=$1 glob=$2 program=$3 code
    shift 3
    "$BIN/$program" "$@" >"$scratch/out" 2>"$scratch/why" </dev/null
    code=$?
    is "exit $want: $program ${*:0:7}" "$code" "$want"
    like "and why" "$(cat "$scratch/why")" "$glob"
    is "and nothing else" "$(cat "$scratch/out")" ""
}

known=(--fixtures "$FIXTURES")
refuses 2 "*xyzzy: serve takes options only*" mockserver serve xyzzy
refuses 2 "*--: serve takes options only*" mockserver serve -- xyzzy
refuses 2 "*no such command; the first is serve*" mockserver xyzzy
refuses 2 "*--default: no upstream xyzzy" mockserver "${known[@]}" --default xyzzy
refuses 2 "*--clock: no clock xyzzy; there is real, manual and auto*" mockserver "${known[@]}" --clock xyzzy
refuses 2 "*--port: --listen names a port already*" mockserver --listen 127.0.0.1:0 --port 1
refuses 2 "*--speed*" mockserver --speed 0
refuses 3 "*/proc/none*" mockserver "${known[@]}" --listen 127.0.0.1:0 --port-file /proc/none/port
printf '  \n' >"$scratch/empty"
refuses 1 "*the secret is empty*" mockserver "${known[@]}" --secret-file "$scratch/empty"
printf '%5000d' 1 >"$scratch/long"
refuses 1 "*$scratch/long*4095*" mockserver "${known[@]}" --secret-file "$scratch/long"

refuses 2 "*record what?*" mockserver record --out "$scratch/har"
refuses 2 "*--out: is required*" mockserver record doubao=http://h
refuses 2 "*--: record runs no command*" mockserver record doubao=http://h --out "$scratch/har" -- true
refuses 2 "*--outt*" mockserver record doubao=http://h --outt "$scratch/har"
refuses 2 "*upstream doubao is given twice*" mockserver record doubao=http://h doubao=http://i --out "$scratch/har"
refuses 3 "*no folder of fixtures*" mockserver record doubao=http://h --out "$scratch/har" --fixtures "$scratch/none"
refuses 3 "*$scratch/empty*" mockserver record doubao=http://h --out "$scratch/empty" "${known[@]}"
refuses 2 "*xyzzy*not an address*" mockserver record doubao=http://h --out "$scratch/har" "${known[@]}" --listen xyzzy
refuses 3 "*/proc/none*" mockserver record doubao=http://h --out "$scratch/har" "${known[@]}" --listen 127.0.0.1:0 \
    --port-file /proc/none/port

refuses 2 "*doubaoo: no upstream of that name in *; nearest: doubao" mockserver record doubaoo=http://h --out "$scratch/har" "${known[@]}"
refuses 2 "*xyzzy: no upstream of that name in *: make it a folder with its openapi.json" \
    mockserver record xyzzy=http://h --out "$scratch/har" "${known[@]}"
refuses 2 "*doubao:http://h: not of the form UPSTREAM=http://host*" mockserver record doubao:http://h --out "$scratch/har"

refuses 2 "*harness COMMAND*" harness
refuses 2 "*\"xyzzy\" is no command" harness xyzzy
refuses 2 "*\"wird\" is not direct, wire or both; nearest: wire*" harness run --transport wird
refuses 2 "*\"xyzzy\" is not direct, wire or both" harness run --transport xyzzy
refuses 2 "*--transport: a client of your own runs on the wire*" harness run "${known[@]}" --transport direct -- true
refuses 2 "*--report*xyzzy*" harness run --report xyzzy
refuses 2 "*--seed*" harness run --seed -1
refuses 3 "*none*" harness run "${known[@]}" --profile "$scratch/none"
# An unknown placeholder, wherever words of a client stand; what others mean by braces is none.
run=(harness run doubao:missing "${known[@]}")
refuses 2 "*--: {base-url} is no placeholder; nearest: {base_url}" "${run[@]}" -- true '{base-url}/x'
refuses 2 "*{taskid} is no placeholder; nearest: {task_id}" "${run[@]}" -- true --id={taskid}
refuses 2 "*{TOKEN} is no placeholder; nearest: {token}" "${run[@]}" -- true 'Bearer {TOKEN}'
refuses 2 "*{xyzzy} is no placeholder; known are {base_url} {task_id} *{prompt}" "${run[@]}" -- true '{xyzzy}'
echo '{"command": ["true", "{base_url}", "{tokn}"]}' >"$scratch/slip.json"
refuses 2 "*slip.json:1:36: {tokn} is no placeholder; nearest: {token}" "${run[@]}" --profile "$scratch/slip.json"
refuses 3 "*xyzzy-no-program*" "${run[@]}" -- xyzzy-no-program '%{http_code} ${xyzzy} {{xyzzy}} {} {1,3} {print $1}' 'awk {print}'
refuses 2 "*--: a client's command is wanted after it" "${run[@]}" --
echo '{"goal": "redy"}' >"$scratch/goal.json"
refuses 1 "*goal.json: \"goal\" is \"redy\", which no upstream has; nearest: ready" "${run[@]}" --profile "$scratch/goal.json" -- true
echo '{"bond": "10m"}' >"$scratch/key.json"
refuses 1 "*key.json:1:2: unknown key \"bond\"; did you mean \"bound\"?" "${run[@]}" --profile "$scratch/key.json" -- true

refuses 2 "*--update-known: wants --known FILE*" harness run --update-known
refuses 3 "*none.json*" "${run[@]}" --known "$scratch/none.json"
echo '{"known": [{"client": "c", "scenario": "doubao", "rule": "r", "cause": "c"}]}' >"$scratch/known.json"
refuses 1 "*known.json:1:40: \"scenario\" must be \"upstream:scenario\"" "${run[@]}" --known "$scratch/known.json"
echo '{"known": [{"client": "c", "rule": "r", "reason": "c"}]}' >"$scratch/known.json"
refuses 1 "*known.json:1:41: unknown key \"reason\"*" "${run[@]}" --known "$scratch/known.json"
refuses 3 "*none.json*" "${run[@]}" --failed "$scratch/none.json"
refuses 1 "*known.json: is no report of harness run --report json=FILE" "${run[@]}" --failed "$scratch/known.json"
refuses 2 "*--repeat*1*1000*" "${run[@]}" --repeat 0
refuses 2 "*--knwon: unknown option; did you mean --known?" harness run --knwon x

refuses 2 "*--verbos*" harness check --verbos
refuses 2 "*--: check runs no command" harness check -- true
refuses 2 "*--: sim is for the built-in client; harness run judges one of your own" harness sim -- true
refuses 2 "*--: distill runs no command" harness distill a.har --out x -- true
echo '{"log": {"entries": [{"request": {"method": "GET", "url": "http://h/v1/video/generations/t-1"}, "response":
    {"status": 200, "headers": [], "content": {"text": "{\"task_id\": \"t-1\", \"status\": \"in_progress\"}"}}}]}}' >"$scratch/video.har"
refuses 2 "*--out: *dubao is no upstream's folder: it holds no openapi.json; nearest: doubao" \
    harness distill "$scratch/video.har" --out "$FIXTURES/dubao"
refuses 2 "*--out: the recording holds no poll of avatar, but 1 of video: --out *fixtures/video" \
    harness distill "$scratch/video.har" --out "$FIXTURES/avatar"
refuses 3 "*no folder of fixtures*" harness check --fixtures "$scratch/none"
refuses 2 "*one recording is wanted, 0 were given*" harness distill --out "$scratch"
refuses 2 "*one recording is wanted, 2 were given*" harness distill a.har b.har --out "$scratch"
refuses 2 "*--out: the upstream's folder is wanted*" harness distill a.har
refuses 2 "*--nam*" harness distill a.har --nam x
refuses 3 "*$scratch/none.har*" harness distill "$scratch/none.har" --out "$scratch"
refuses 2 "*\"xyzzy\" is one word too many*" harness sim xyzzy
refuses 2 "*no upstream \"xyzzy\"" harness sim "${known[@]}" --upstream xyzzy
refuses 2 "*--seeds*" harness sim --seeds 0
refuses 3 "*none*" harness sim --fixtures "$scratch/none"

refuses 2 "*no client in \"pythn\"; there is python" harness init pythn
refuses 2 "*a language is wanted, python, node, go, c or bash, and perhaps a folder" harness init
refuses 2 "*--: init runs no command" harness init go -- true
touch "$scratch/test.sh"
refuses 2 "*$scratch/test.sh: is there already: nothing is written" harness init go "$scratch"
is "and nothing is" "$(ls "$scratch/client.go" 2>/dev/null)" ""
refuses 2 "*a job for whom? There is github and gitlab" harness ci
refuses 2 "*--: merge runs no command" harness merge a.json -- true
refuses 2 "*xyzzy: where takes options only" harness where xyzzy
refuses 2 "*--: list runs no command" harness list -- true
refuses 2 "*xyzzy: list takes one word" mockserver list faults xyzzy
refuses 2 "*xyzzy: healthcheck takes options only" mockserver healthcheck xyzzy

for words in 'mockserver help' 'mockserver record --help' 'harness -h' 'harness run --help' 'harness check --help' \
    'harness distill --help' 'harness export --help' 'harness sim --help'; do
    read -ra command <<<"$words"
    "$BIN/${command[0]}" "${command[@]:1}" >"$scratch/out" 2>"$scratch/why"
    is "exit 0: $words" "$? $(wc -c <"$scratch/why")" "0 0"
    like "and help" "$(cat "$scratch/out")" "*${command[0]}*--*"
done
