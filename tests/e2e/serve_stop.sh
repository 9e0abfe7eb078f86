# SIGTERM: an answer under way goes out whole, new connections are refused, the exit is 0.
. "$(dirname "$0")/lib.sh"

mkdir -p "$scratch/fixtures"
cp -r "$FIXTURES/doubao" "$scratch/fixtures/"
cat >"$scratch/fixtures/doubao/scenarios/late.json" <<'END'
{"title": "answers late", "steps": [{"reply": "success", "fault": {"delay": "1s"}}], "expect": {"outcome": "succeeded"}}
END
start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0
get "${bearer[@]}" "$url/doubao:late/v1/video/generations/t" >"$scratch/answer" 2>"$scratch/curl" &
client=$!
until [ "$(get "$url/_mock/journal" | jq '.entries | length')" = 1 ]; do :; done
kill "$pid"
while curl -s -o /dev/null "$url/_mock/health"; do :; done
is "new connections are refused while the answer is under way" "$(kill -0 "$client" 2>/dev/null && echo yes)" yes
wait "$client"
is "the client is content" "$?" 0
is "the late answer came whole" "$(jq -r .data.task_id "$scratch/answer")" t
wait "$pid"
is "the server exits 0" "$?" 0

serve
exec 8<>"/dev/tcp/127.0.0.1/${url##*:}"
printf 'GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n' >&8
read -r line <&8
like "a connection is served and stays open" "$line" "HTTP/1.1 200*"
kill -INT "$pid"
wait "$pid"
is "SIGINT with an idle connection exits 0" "$?" 0

start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0 --clock manual
get "${bearer[@]}" "$url/doubao:late/v1/video/generations/t" >"$scratch/answer" &
client=$!
until [ "$(get "$url/_mock/journal" | jq '.entries | length')" = 1 ]; do :; done
kill "$pid"
wait "$client"
is "with a clock that nobody moves any more, an answer that waits goes out" "$(jq -r .data.task_id "$scratch/answer")" t
wait "$pid"
is "and the server exits 0" "$?" 0

# However often it is told, answers under way go out: with signals of all kinds in a row.
for first in TERM INT HUP QUIT; do
    start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0
    get "${bearer[@]}" "$url/doubao:late/v1/video/generations/t" >"$scratch/answer" 2>"$scratch/curl" &
    client=$!
    until [ "$(get "$url/_mock/journal" | jq '.entries | length')" = 1 ]; do :; done
    kill "-$first" "$pid"
    while curl -s -o /dev/null "$url/_mock/health"; do :; done
    for again in TERM INT HUP QUIT TERM; do kill "-$again" "$pid"; done
    wait "$client"
    is "after SIG$first and five more the late answer came whole" "$(jq -r .data.task_id "$scratch/answer")" t
    wait "$pid"
    is "and the server exits 0" "$?" 0
done

# What nohup starts does not wait for SIGHUP. The threads show what is waited for: they block it, and nothing else.
trap '' HUP
start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0
thread=$(ls -v "/proc/$pid/task" | tail -n 1)
until blocked=$(sed -n 's/^SigBlk:\t*/0x/p' "/proc/$pid/task/$thread/status") && ((!(blocked & 1 << 9))); do
    : # a thread that is being born blocks all there are
done
is "an ignored SIGHUP stays ignored, and SIGTERM is waited for" "$((blocked & 1)) $((blocked >> 14 & 1))" "0 1"
kill -HUP "$pid"
is "and it goes on after one" "$(status "$url/_mock/health")" 200
trap - HUP
