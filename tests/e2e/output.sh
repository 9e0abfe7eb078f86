# What a program prints and nobody can get is not lost in silence: exit code 3, and one sentence that says so.
. "$(dirname "$0")/lib.sh"

printf '{"log":{"entries":[]}}' >"$scratch/empty.har"
serve
task=(taskpoll doubao --base-url "$url/doubao" --token any --interval 10ms --task)
polite=(harness run --fixtures "$FIXTURES" --transport direct doubao:success)

# A pipe whose reader has gone.
mkfifo "$scratch/pipe"
exec 7<>"$scratch/pipe" 8>"$scratch/pipe" 7<&-

# lost WANTED PROGRAM ARG...: on each kind of output that takes nothing
lost() {
    local wanted=$1 program=$2 why code
    shift 2
    for why in 'No space left on device' 'Bad file descriptor' 'Broken pipe'; do
        case $why in
            No*) "$BIN/$program" "$@" >/dev/full 2>"$scratch/err"; code=$? ;;
            Bad*) "$BIN/$program" "$@" >&- 2>"$scratch/err"; code=$? ;;
            Broken*) "$BIN/$program" "$@" >&8 2>"$scratch/err"; code=$? ;;
        esac
        is "$why: $program ${*:0:3} exits $wanted" "$code" "$wanted"
        is "$why: and says why" "$(cat "$scratch/err")" "$program: standard output: cannot be written: $why"
    done
}

lost 3 mockserver --help
lost 3 mockserver serve --help
lost 3 mockserver record --help
lost 3 mockserver serve --fixtures "$FIXTURES" --listen 127.0.0.1:0
lost 3 taskpoll --help
lost 3 "${task[@]}" t-1
lost 3 "${task[@]}" t-2 --json
lost 3 harness --help
lost 3 harness run --help
lost 3 harness check "$FIXTURES"
lost 3 harness distill --help
lost 3 harness sim --fixtures "$FIXTURES" --seeds 2
for report in table tap junit json html github; do lost 3 "${polite[@]}" --report "$report"; done
lost 1 harness run --fixtures "$FIXTURES" doubao:success -- true
lost 1 harness check "$scratch"

# Files are no different.
"$BIN/${polite[0]}" "${polite[@]:1}" --report junit=/dev/full >/dev/null 2>"$scratch/err"
is "a report that cannot be written to its file exits 3" "$?" 3
like "and is named" "$(cat "$scratch/err")" "harness: /dev/full: cannot be written: No space left on device"
"$BIN/harness" run --fixtures "$FIXTURES" doubao:success --report junit=/dev/full -- true >/dev/null 2>"$scratch/err"
is "where a scenario failed as well, that decides the exit code" "$?" 1
like "and the file is named all the same" "$(cat "$scratch/err")" "harness: /dev/full: cannot be written*"
GITHUB_STEP_SUMMARY=/dev/full "$BIN/${polite[0]}" "${polite[@]:1}" --report github >/dev/null 2>"$scratch/err"
is "a summary that cannot be appended to exits 3" "$?" 3

# taskpoll does not wait on for a task whose end it cannot tell.
SECONDS=0
"$BIN/taskpoll" doubao --base-url "$url/doubao:stuck" --token any --interval 100ms --task t-3 >/dev/full 2>/dev/null
is "a wait that nobody hears of ends at its first line" "$? $((SECONDS < 20))" "3 1"
