# A recording of a service, distilled and replayed: the client sees the same sequence of bodies.
. "$(dirname "$0")/lib.sh"
bodies() { # BASE N: the bodies of N polls, the stamped values left out
    for ((i = 0; i < $2; i++)); do
        get "${bearer[@]}" "$1/v1/video/generations/task-77" |
            jq -c 'del(.data.task_id, .data.submit_time, .data.start_time, .data.finish_time)'
    done
}

serve
service=$url
start record "doubao=$service/doubao:success" --fixtures "$FIXTURES" --out "$scratch/har" --listen 127.0.0.1:0
bodies "$url/doubao" 5 >"$scratch/recorded"
is "five polls went through the proxy" "$(wc -l <"$scratch/recorded")" 5

cp -r "$FIXTURES" "$scratch/copy"
"$BIN/harness" distill "$scratch/har/doubao/task-77.har" --out "$scratch/copy/doubao" --name again >"$scratch/out"
is "the recording is distilled" "$?" 0
like "its runs collapsed" "$(cat "$scratch/out")" "task task-77: 5 polls became 3 replies in 3 steps: *"
"$BIN/harness" check "$scratch/copy" >/dev/null
is "what was written is good" "$?" 0

start serve --fixtures "$scratch/copy" --listen 127.0.0.1:0
bodies "$url/doubao:again" 5 >"$scratch/replayed"
is "the replay gives the same bodies in the same order" "$(cat "$scratch/replayed")" "$(cat "$scratch/recorded")"
is "and they are not all the same" "$(sort -u "$scratch/replayed" | wc -l)" 3

"$BIN/harness" run --fixtures "$scratch/copy" doubao:again >"$scratch/out"
is "the harness runs it as it is" "$?" 0
"$BIN/harness" distill "$scratch/har/doubao/task-77.har" --out "$scratch/copy/doubao" --name again >/dev/null
is "distilling it again writes nothing new and is no error" "$?" 0
