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

refuses 2 "*harness COMMAND*" harness
refuses 2 "*\"xyzzy\" is no command" harness xyzzy
refuses 2 "*\"wird\" is not direct, wire or both; nearest: wire*" harness run --transport wird
refuses 2 "*\"xyzzy\" is not direct, wire or both" harness run --transport xyzzy
refuses 2 "*--transport: a client of your own runs on the wire*" harness run "${known[@]}" --transport direct -- true
refuses 2 "*--report*xyzzy*" harness run --report xyzzy
refuses 2 "*--seed*" harness run --seed -1
refuses 3 "*none*" harness run "${known[@]}" --profile "$scratch/none"
refuses 2 "*--verbos*" harness check --verbos
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

for words in 'mockserver help' 'mockserver record --help' 'harness -h' 'harness run --help' 'harness check --help' \
    'harness distill --help' 'harness sim --help'; do
    read -ra command <<<"$words"
    "$BIN/${command[0]}" "${command[@]:1}" >"$scratch/out" 2>"$scratch/why"
    is "exit 0: $words" "$? $(wc -c <"$scratch/why")" "0 0"
    like "and help" "$(cat "$scratch/out")" "*${command[0]}*--*"
done
