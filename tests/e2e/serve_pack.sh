# An upstream that is data only: every auth scheme, alternatives of them, operations with roles, and a task that is over.
. "$(dirname "$0")/lib.sh"

pack=$scratch/fixtures/pack
mkdir -p "$pack/replies" "$pack/scenarios"
cat >"$pack/openapi.json" <<'END'
{"openapi": "3.1.0", "info": {"title": "a pack", "version": "1"}, "servers": [{"url": "https://pack.test"}],
 "security": [{"token": []}],
 "components": {"securitySchemes": {
   "token": {"type": "http", "scheme": "bearer"},
   "user": {"type": "http", "scheme": "basic"},
   "key": {"type": "apiKey", "in": "header", "name": "X-Pack-Key"},
   "query": {"type": "apiKey", "in": "query", "name": "k"}},
   "schemas": {LEVELS"L24": {"const": 7}}},
 "paths": {
   "/jobs": {"post": {"x-task": {"role": "create", "scenario": [{"in": "body", "pointer": "/metadata/scenario"}]},
     "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["prompt"]}}}},
     "responses": {"200": {"description": "made"}}}},
   "/jobs/{id}/film": {"get": {"security": [{}], "x-task": {"role": "content"}, "responses": {"200": {"description": "bytes"}}}},
   "/jobs/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
     "get": {"responses": {"200": {"description": "state"}}},
     "delete": {"x-task": {"role": "cancel", "then": "stopped"}, "responses": {"200": {"description": "gone"}}},
     "head": {"security": [{"user": []}, {"key": [], "query": []}], "responses": {"200": {"description": "state"}}}},
   "/open/{id}": {"get": {"security": [{}], "parameters": [
       {"name": "page", "in": "query", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
       {"name": "deep", "in": "query", "schema": {"$ref": "#/components/schemas/L0"}}], "responses": {"200": {"description": "state"}}}}},
 "x-task": {"id": [{"in": "path", "name": "id"}],
   "status": {"pointer": "/s", "source": "obs", "states": {"running": ["run"], "succeeded": ["done"]}},
   "polite": {"interval_s": 1, "interval_source": "inf"}}}
END
# 24 levels of alternatives, each of which tries the next level twice.
levels=
for i in {0..23}; do
    next="{\"\$ref\": \"#\/components\/schemas\/L$((i + 1))\"}"
    levels+="\"L$i\": {\"anyOf\": [$next, $next]}, "
done
sed -i "s/LEVELS/$levels/" "$pack/openapi.json"
reply() { printf 'HTTP/1.1 %s\nContent-Type: application/json\n\n%s' "$2" "$3" >"$pack/replies/$1.http"; }
reply run "200 OK" '{"s":"run"}'
reply done "200 OK" '{"s":"done"}'
reply stopped "200 OK" '{"s":"stopped"}'
for name in not_found no_route bad_request; do reply "error.$name" "404 Not Found" "{\"e\":\"$name\"}"; done
reply error.unauthorized "401 Unauthorized" '{"e":"unauthorized"}'
scenario() { echo "{\"title\": \"t\", \"end\": \"$2\", \"steps\": [{\"reply\": \"run\"}, {\"reply\": \"done\"}], \"expect\": {\"outcome\": \"succeeded\"}}" >"$pack/scenarios/$1.json"; }
scenario success hold
scenario gone gone
scenario dropped drop
cat >"$pack/scenarios/busy.json" <<'END'
{"title": "t", "steps": [{"reply": "run"}, {"reply": "done"}], "create": [{"reply": "error.bad_request"}, {"reply": "run", "fault": {"empty": true}}],
 "content": [{"reply": "run", "fault": {"truncate": 3}}, {"reply": "run"}], "cancel": [{"reply": "error.not_found"}], "expect": {"outcome": "succeeded"}}
END

"$BIN/harness" check --fixtures "$scratch/fixtures" >"$scratch/check" 2>&1
is "the pack loads" "$(cat "$scratch/check")" "$scratch/fixtures: 1 upstream, 7 replies, 4 scenarios: good"

start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0 --token right
base=$url/pack
is "bearer: the right token" "$(status -H 'Authorization: Bearer right' "$base/jobs/1")" 200
is "bearer: another token" "$(status -H 'Authorization: Bearer wrong' "$base/jobs/1")" 401
is "basic: the token as password" "$(status -I -u any:right "$base/jobs/1")" 200
is "basic: another password" "$(status -I -u any:wrong "$base/jobs/1")" 401
is "or: a key in header and query together" "$(status -I -H 'X-Pack-Key: right' "$base/jobs/1?k=right")" 200
is "and: a key in the header alone is not enough" "$(status -I -H 'X-Pack-Key: right' "$base/jobs/1")" 401
is "the token of another alternative is none" "$(status -I -H 'Authorization: Bearer right' "$base/jobs/1")" 401
is "none: no credentials are asked for" "$(status "$base/open/1")" 200

is "a parameter that matches its pattern" "$(status "$base/open/1?page=12")" 200
like "one that does not is refused, and the pattern named" "$(curl -s -i "$base/open/1?page=12a")" \
    "*X-Mock-Reason: *page: does not match the pattern of the contract: ^\[0-9]+\$*{\"e\":\"bad_request\"}"
like "a schema that would take for ever is refused with a number" "$(curl -s -i -m 5 "$base/open/1?deep=1")" \
    "*X-Mock-Reason: *deep: takes more than 100000 steps*{\"e\":\"bad_request\"}"

auth=(-H 'Authorization: Bearer right')
post() { curl -s -m 10 "${auth[@]}" -H 'Content-Type: application/json' -d "${2:-$asked}" "$1/jobs"; }
asked='{"prompt":"x"}'
is "what creates needs its credentials" "$(status -X POST "$base/jobs")" 401
is "and the body that the contract describes" "$(status "${auth[@]}" -H 'Content-Type: application/json' -d '{}' "$base/jobs")" 404
made=$(post "$base" | jq -r .id)
like "it then answers with a new id, in the pack's absence of a reply in a plain one" "$made" 'task_????????????'
is "which its polls find" "$(curl -s "${auth[@]}" "$base/jobs/$made"; curl -s "${auth[@]}" "$base/jobs/$made")" '{"s":"run"}{"s":"done"}'
another=$(post "$base" | jq -r .task_id)
[[ $another != "$made" ]] || fail "two tasks have one id"
chosen=$(post "$base" '{"prompt":"x","metadata":{"scenario":"dropped"}}' | jq -r .id)
is "the request may name the scenario, without a mount" \
    "$(get "$url/_mock/tasks?task=$chosen" | jq -c '.tasks[0].scenario')" '"dropped"'
is "a session has its own" "$(curl -s "${auth[@]}" "$url/pack:success:s1/jobs/$(post "$url/pack:success:s1" | jq -r .id)")" '{"s":"run"}'

is "content is not there before a poll has said so" "$(status "$base/jobs/$another/film")" 404
get -o /dev/null "${auth[@]}" "$base/jobs/$another"
is "nor while it runs" "$(status "$base/jobs/$another/film")" 404
get -o /dev/null "${auth[@]}" "$base/jobs/$another"
is "then it is, and fetching it polls nothing" \
    "$(curl -s -o "$scratch/film" -w '%{http_code} %{content_type}' "$base/jobs/$another/film"; get "$url/_mock/tasks?task=$another" | jq -c .tasks[0].polls)" \
    "200 video/mp42"
is "a range of it" "$(curl -s -r 4-7 "$base/jobs/$another/film"; status -r 4-7 "$base/jobs/$another/film")" "ftyp206"
is "the last bytes" "$(curl -s -r -4 "$base/jobs/$another/film" | od -An -tx1 | tr -d ' \n')" 00000001
like "says where they stand" "$(curl -s -D - -o /dev/null -r 132- "$base/jobs/$another/film")" "*206*Content-Range: bytes 132-135/136*Content-Length: 4*"
like "a range behind the end is refused" "$(curl -s -D - -o /dev/null -r 136- "$base/jobs/$another/film")" "*416*Content-Range: bytes \*/136*"
is "what is no range, or several, gets the whole" \
    "$(for r in 9-2 x 0-1,3-4; do status -H "Range: bytes=$r" "$base/jobs/$another/film"; done)" 200200200
is "a range under a condition that cannot hold gets the whole" "$(status -r 4-7 -H 'If-Range: "x"' "$base/jobs/$another/film")" 200
like "HEAD says its length" "$(curl -s -I "$base/jobs/$another/film")" "*200*Content-Length: 136*"

is "a task that runs can be cancelled" "$(status -X DELETE "${auth[@]}" "$base/jobs/c-1")" 200
is "and its polls say so" "$(curl -s "${auth[@]}" "$base/jobs/c-1")" '{"s":"stopped"}'
is "one that has ended cannot" "$(status -X DELETE "${auth[@]}" "$base/jobs/$another")" 409

busy=$url/pack:busy:b
is "create goes through its steps" "$(post "$busy")" '{"e":"bad_request"}'
post "$busy" >/dev/null && fail "the second answer should be lost"
lost=$(get "$url/_mock/journal" | jq -r '[.entries[] | select(.method == "POST")][-1].task')
is "a lost answer has made its task" "$(curl -s "${auth[@]}" "$busy/jobs/$lost"; curl -s "${auth[@]}" "$busy/jobs/$lost")" '{"s":"run"}{"s":"done"}'
is "so does content" "$(curl -s "$busy/jobs/$lost/film"; curl -s "$busy/jobs/$lost/film")" '{"s{"s":"run"}'
is "so does to cancel" "$(status -X DELETE "${auth[@]}" "$busy/jobs/x")" 404

for id in over-1 over-1 over-1; do get -o /dev/null -H 'Authorization: Bearer right' "$url/pack:gone/jobs/$id"; done
is "a task that is gone stands at its last step, and is over" \
    "$(get "$url/_mock/tasks?task=over-1" | jq -c '.tasks[0] | [.step, .over, .reply, .state]')" \
    '[1,true,"error.not_found","none"]'
for id in over-2 over-2 over-2; do get -o /dev/null -H 'Authorization: Bearer right' "$url/pack:dropped/jobs/$id" 2>/dev/null; done
is "so does one that is dropped, and gets no reply" \
    "$(get "$url/_mock/tasks?task=over-2" | jq -c '.tasks[0] | [.step, .over, .reply]')" '[1,true,null]'
is "one under way is not over" \
    "$(get "$url/_mock/tasks?task=1" | jq -c '.tasks[0].over')" false

is "HEAD without an operation of its own is answered by that of GET, and polls no task" \
    "$(status -I "$base/open/look"; get "$url/_mock/tasks?task=look" | jq -c .tasks)" "200[]"
is "an operation of its own wins, and polls" \
    "$(status -I -u any:right "$base/jobs/own"; get "$url/_mock/tasks?task=own" | jq -c '[.tasks[].polls]')" "200[1]"

cat >"$scratch/client.sh" <<'END'
curl -s -o /dev/null -H "Authorization: Bearer $3" -H 'Content-Type: application/json' -d '{"prompt":"x"}' "$1/jobs"
until curl -s -H "Authorization: Bearer $3" "$1/jobs/$2" | grep done; do sleep 1.1; done
END
"$BIN/harness" run --fixtures "$scratch/fixtures" pack:success --report json="$scratch/report.json" \
    -- bash "$scratch/client.sh" '{base_url}' '{task_id}' '{token}' >"$scratch/run" 2>&1
is "a request that creates is no poll, and breaks no rule" \
    "$(jq -c '[.scenarios[0].verdict, (.scenarios[0].runs[0].polls | length)]' "$scratch/report.json" 2>/dev/null)" '["passed",2]'

cat >"$scratch/looks.sh" <<'END'
curl -s -I "$1/open/$2"
until curl -s "$1/open/$2" | grep done; do curl -s -I "$1/open/$2"; sleep 1.1; done
END
"$BIN/harness" run --fixtures "$scratch/fixtures" pack:success --report json="$scratch/report.json" \
    -- bash "$scratch/looks.sh" '{base_url}' '{task_id}' >"$scratch/run" 2>&1
is "a client that looks with HEAD between its polls is not held to have polled" \
    "$(jq -c '[(.scenarios[0].runs[0].polls | length), [.scenarios[0].runs[0].findings[]? | select(.rule != "auth") | .rule]]' "$scratch/report.json")" '[2,[]]'
