# harness run, however it is ended, ends all that its clients have started; so does the end of a client's own run.
. "$(dirname "$0")/lib.sh"

# A killed process stays in the table until somebody has waited for it: as a zombie it has ended too.
state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }
has_ended() { # PID: within some seconds
    local end=$((SECONDS + 20))
    until [[ $(state "$1") == Z || -z $(state "$1") ]]; do [ "$SECONDS" -lt "$end" ] || return 1; done
}
# wait_for FILE: until the client has written it, or the harness has ended
wait_for() { until [ -s "$1" ] || ! kill -0 "$harness" 2>/dev/null; do :; done; }

# A client that runs on, and has a child in its group and a daemon outside of it (double fork, setsid).
cat >"$scratch/client" <<'SH'
#!/bin/bash
note() { echo "$1" >"$2.part" && mv "$2.part" "$2"; }
sleep 1000 &
note $! "$1.child"
(setsid bash -c 'echo $$ >"$0.part"; mv "$0.part" "$0"; exec sleep 1000' "$1.daemon" >/dev/null 2>&1 &)
until [ -s "$1.daemon" ]; do :; done
note $$ "$1"
[ "${2:-}" = leave ] || until [ -e "$1.never" ]; do :; done # awake, or simulated time would run to its end
SH
chmod +x "$scratch/client"
for how in "HUP events" "INT events" "QUIT events" "KILL events" "TERM events" "INT real" "KILL real"; do
    read -r signal clock <<<"$how"
    pid=$scratch/pid.$signal.$clock
    # Its own bash: in the background of this one INT and QUIT would be ignored from the start.
    env "$BIN/harness" run --fixtures "$FIXTURES" doubao:success --clock "$clock" -- "$scratch/client" "$pid" >/dev/null 2>&1 &
    harness=$!
    pids+=("$harness")
    wait_for "$pid"
    is "$how: the client runs" "$(kill -0 "$(cat "$pid")" && echo yes)" yes
    kill "-$signal" "$harness"
    wait "$harness" 2>/dev/null
    is "$how: the harness says which signal ended it" "$?" "$((128 + $(kill -l "$signal")))"
    for who in "" .child .daemon; do
        is "$how: the client$who has ended" "$(has_ended "$(cat "$pid$who")" && echo yes)" yes
    done
done

# Side by side: the first to end takes its own daemon with it, and nobody else's.
cat >"$scratch/two" <<'SH'
#!/bin/bash
"$(dirname "$0")/client" "$1.$MOCK_TASK_ID" leave
touch "$1.$MOCK_TASK_ID.done"
[[ $MOCK_TASK_ID != *success* ]] || exit
until [ -e "$1.let-go" ]; do :; done
SH
chmod +x "$scratch/two"
"$BIN/harness" run --fixtures "$FIXTURES" -j 2 doubao:success doubao:failure -- "$scratch/two" "$scratch/side" \
    >/dev/null 2>&1 &
harness=$!
pids+=("$harness")
until compgen -G "$scratch/side.*success*.done" >/dev/null && compgen -G "$scratch/side.*failure*.done" >/dev/null \
    || ! kill -0 "$harness" 2>/dev/null; do :; done
ended=$(cat "$scratch"/side.*success*.daemon)
runs=$(cat "$scratch"/side.*failure*.daemon)
is "the daemon of a client that has ended has ended" "$(has_ended "$ended" && echo yes)" yes
is "the daemon of the client beside it runs" "$(state "$runs")" S
touch "$scratch/side.let-go"
wait "$harness"
is "and ends with its own" "$(has_ended "$runs" && echo yes)" yes

# nohup asks for SIGHUP to be ignored.
nohup "$BIN/harness" run --fixtures "$FIXTURES" doubao:success -- "$scratch/client" "$scratch/pid.nohup" >/dev/null 2>&1 &
harness=$!
pids+=("$harness")
wait_for "$scratch/pid.nohup"
kill -HUP "$harness"
kill -TERM "$harness"
wait "$harness"
is "under nohup SIGHUP ends nothing" "$?" 143
