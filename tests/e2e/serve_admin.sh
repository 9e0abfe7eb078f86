# The admin pages on a running server.
. "$(dirname "$0")/lib.sh"

serve
json=(-H 'Content-Type: application/json')
get -o /dev/null "${bearer[@]}" "$url/doubao/v1/video/generations/one"
get -o /dev/null "${bearer[@]}" "$url/doubao/v1/video/generations/one"
get -o /dev/null "${bearer[@]}" "$url/video/v1/video/generations/two"
is "tasks lists them oldest first" "$(get "$url/_mock/tasks" | jq -c '[.tasks[] | [.upstream, .id, .polls]]')" \
    '[["doubao","one",2],["video","two",1]]'
is "the journal is complete" "$(get "$url/_mock/journal" | jq -c '[.complete, .evicted, (.entries | length)]')" '[true,null,3]'
is "and can be asked for one task" "$(get "$url/_mock/journal?task=one" | jq -c '[.entries[].seq]')" '[1,2]'
is "and from a place on" "$(get "$url/_mock/journal?since=2" | jq -c '[.entries[].seq]')" '[3]'
is "and in parts" "$(get "$url/_mock/journal?limit=2" | jq -c '[.complete, .next]')" '[false,2]'
is "every upstream is listed" "$(get "$url/_mock/upstreams" | jq -r '.upstreams[].name' | sort | xargs)" \
    "$(cd "$FIXTURES" && for d in */openapi.json; do dirname "$d"; done | sort | xargs)"
is "scenarios can be asked for one upstream" "$(get "$url/_mock/scenarios?upstream=doubao" | jq '[.scenarios[].upstream] | unique | .[]' -r)" doubao
is "a change needs application/json" "$(status -d '{}' "$url/_mock/reset")" 415
is "a foreign page is refused" "$(status -H 'Origin: http://evil.example' "${json[@]}" -d '{}' "$url/_mock/reset")" 403
is "a foreign name for this server is refused" "$(status -H 'Host: evil.example' "$url/_mock/journal")" 403
is "a contract's host is the mock's, not the admin's" \
    "$(status "${bearer[@]}" -H "Host: $(get "$url/_mock/upstreams" | jq -r '.upstreams[] | select(.name == "avatar") | .hosts[0]')" "$url/_mock/health")" 404
is "after all that nothing was reset" "$(get "$url/_mock/tasks?task=one" | jq '.tasks | length')" 1
is "tasks come in pages" \
    "$(get "$url/_mock/tasks?limit=1" | jq -c '[[.tasks[].id], .next]'; get "$url/_mock/tasks?limit=1&since=1" | jq -c '[[.tasks[].id], .next]')" \
    $'[["one"],1]\n[["two"],null]'
is "one task can be forgotten" \
    "$(get "${json[@]}" -d '{"task":"two","upstream":"video"}' "$url/_mock/reset" | jq -c .; get "$url/_mock/tasks" | jq -c '[.tasks[].id]')" \
    $'{"status":"ok","forgotten":1}\n["one"]'
like "a key that is none forgets nothing" "$(get "${json[@]}" -d '{"tasks":"one"}' "$url/_mock/reset")" "*the nearest is task*"
is "reset forgets" "$(get "${json[@]}" -d '{}' "$url/_mock/reset" | jq -r .status; get "$url/_mock/tasks" | jq -c .tasks; get "$url/_mock/journal" | jq -c .entries)" $'ok\n[]\n[]'
is "a name that nobody gave is refused" "$(status -H 'Host: mock:8080' "$url/_mock/health")" 403
is "so is a user before the host" "$(status -H 'Host: user@localhost' "$url/_mock/health")" 400
is "a real clock does not move" "$(status "${json[@]}" -d '{"advance":"1s"}' "$url/_mock/clock")" 409

serve --admin-host mock --admin-host mock.example
is "--admin-host is a name that may ask" \
    "$(for host in mock:8080 mock.example localhost evil.example; do status -H "Host: $host" -w '%{http_code} ' "$url/_mock/health"; done)" \
    "200 200 200 403 "
is "also as a URL through http_proxy" "$(status --noproxy '' --proxy "$url" http://mock:8080/_mock/health)" 200
