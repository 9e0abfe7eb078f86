# Packs: an upstream of a contract, three replies and a scenario is served, checked, judged and polled, without code.
. "$(dirname "$0")/lib.sh"

pack=$scratch/packs/depot
mkdir -p "$pack/replies" "$pack/scenarios"
cat >"$pack/openapi.json" <<'END'
{
  "openapi": "3.1.0",
  "info": {"title": "Jobs of a depot", "version": "1"},
  "servers": [{"url": "https://depot.example.com/api/v2"}],
  "security": [{"key": []}],
  "paths": {"/jobs/{job}": {"get": {}}},
  "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Depot-Key"}}},
  "x-task": {
    "id": [{"in": "path", "name": "job"}],
    "status": {"pointer": "/job/state", "states": {"queued": ["new"], "running": ["busy"], "succeeded": ["there"], "failed": ["lost"]}},
    "url": "/job/link", "progress": "/job/percent", "reply_id": "/job/id", "stamp": {"/job/id": "task.id"},
    "polite": {"interval_s": 2}
  }
}
END
reply() { printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n%s\n' "$2" >"$pack/replies/$1.http"; }
reply new '{"job":{"id":"j","state":"new"}}'
reply busy '{"job":{"id":"j","state":"busy","percent":40}}'
reply there '{"job":{"id":"j","state":"there","link":"https://depot.example.com/j.zip"}}'
cat >"$pack/scenarios/success.json" <<'END'
{
  "title": "waits for a job to be there",
  "steps": [{"reply": "new", "polls": 2}, {"reply": "busy"}, {"reply": "there"}],
  "expect": {"outcome": "succeeded", "url": "https://depot.example.com/j.zip", "polls": "4"}
}
END

serve --fixtures "$scratch/packs" --speed 100
is "it is served below its server's path, beside the other upstreams" \
    "$(get -H 'X-Depot-Key: any' "$url/depot/api/v2/jobs/7") $(status "${bearer[@]}" "$url/ark/api/v3/contents/generations/tasks/7")" \
    '{"job":{"id":"7","state":"new"}} 200'
is "and not elsewhere" "$(status -H 'X-Depot-Key: any' "$url/depot/jobs/7")" 404
is "its errors are the mock's own, in a plain shape" "$(get "$url/depot/api/v2/jobs/8")" \
    '{"error":{"code":"unauthorized","message":"the credentials are missing or wrong"}}'

poll() { "$BIN/taskpoll" "$@" --base-url "$url/$1" --task t-1 --token sk-e2e-0123456789 --interval 0.02; }
is "taskpoll waits for its task" "$(poll depot --fixtures "$scratch/packs")" "queued (new)
running (busy) 40%
succeeded (there)
https://depot.example.com/j.zip"
is "of several folders too" "$(poll depot --fixtures "$FIXTURES" --fixtures "$scratch/packs" | tail -1)" \
    https://depot.example.com/j.zip
is "a finished video is where its content is" "$(poll videos --fixtures "$FIXTURES" | tail -1)" "$url/videos/v1/videos/t-1/content"
is "an expired task of ark has failed" "$("$BIN/taskpoll" ark --fixtures "$FIXTURES" --base-url "$url/ark:expired" --task e-1 \
    --token any --interval 0.02 | tail -1)" "the task failed"
like "an upstream that is not there is told with the nearest" \
    "$(poll depto --fixtures "$scratch/packs" 2>&1)" "*there is no 'depto'; did you mean 'depot'?"
like "so is a folder that is not there" "$(poll depot --fixtures "$scratch/none" 2>&1)" "*$scratch/none*no folder of fixtures here"
poll depot --fixtures "$scratch/none" >/dev/null 2>&1
is "which is the environment's fault" $? 3

is "it is checked" "$("$BIN/harness" check "$scratch/packs")" "$scratch/packs: 1 upstream, 7 replies, 1 scenario: good"
like "the built-in client is judged on it" "$("$BIN/harness" run depot --fixtures "$FIXTURES" --fixtures "$scratch/packs" | tail -1)" \
    "1 scenario of 1 upstream: 1 passed,*"
cat >"$scratch/poll.sh" <<'END'
for _ in 1 2 3 4; do
    body=$(curl -s -H "X-Depot-Key: $3" "$1/api/v2/jobs/$2")
    case $body in *there*) grep -o 'http[^"]*' <<<"$body"; exit 0 ;; esac
    sleep 2
done
exit 1
END
like "and a client of one's own" "$("$BIN/harness" run depot --fixtures "$scratch/packs" -- \
    bash "$scratch/poll.sh" '{base_url}' '{task_id}' '{token}' | tail -1)" "1 scenario of 1 upstream: 1 passed,*"

out=$("$BIN/harness" run depot --fixtures "$scratch/packs" --fixtures "$scratch/packs/../packs" 2>&1)
is "one upstream in two folders is refused" $? 1
like "and both are named" "$out" "*there is an upstream \"depot\" already: $scratch/packs/depot*"
