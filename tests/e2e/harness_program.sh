# Whole programs against a pack whose service serves the content itself: what they create, fetch and cancel is judged.
. "$(dirname "$0")/lib.sh"

pack=$scratch/fixtures/films
mkdir -p "$pack/replies" "$pack/scenarios"
cat >"$pack/openapi.json" <<'END'
{"openapi": "3.1.0", "info": {"title": "films", "version": "1"}, "servers": [{"url": "https://films.test"}],
 "security": [{"token": []}], "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
 "paths": {
   "/films": {"post": {"x-task": {"role": "create", "created": ["/film/id"], "source": "doc"},
     "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["prompt"]}}}},
     "responses": {"201": {"description": "made"}}}},
   "/films/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
     "get": {"responses": {"200": {"description": "state"}}},
     "delete": {"x-task": {"role": "cancel", "source": "doc"}, "responses": {"200": {"description": "gone"}}}},
   "/films/{id}/content": {"get": {"x-task": {"role": "content", "source": "doc"}, "responses": {"200": {"description": "bytes"}}}}},
 "x-task": {"id": [{"in": "path", "name": "id"}], "stamp": {"/film/id": "task.id"},
   "status": {"pointer": "/state", "source": "doc", "states": {"running": ["run"], "succeeded": ["done"], "failed": ["cancelled"]}},
   "polite": {"interval_s": 2, "interval_source": "doc"}}}
END
reply() { printf 'HTTP/1.1 %s\nContent-Type: application/json\nX-Provenance: doc\n\n%s' "$2" "$3" >"$pack/replies/$1.http"; }
reply created "201 Created" '{"film":{"id":"film_0a1b2c3d4e5f"}}'
reply run "200 OK" '{"film":{"id":"film_0a1b2c3d4e5f"},"state":"run"}'
reply done "200 OK" '{"film":{"id":"film_0a1b2c3d4e5f"},"state":"done"}'
reply busy "429 Busy
Retry-After: 9" '{"e":"busy"}'
reply cancelled "200 OK" '{"film":{"id":"film_0a1b2c3d4e5f"},"state":"cancelled"}'
for name in not_found no_route bad_request; do reply "error.$name" "404 Not Found" "{\"e\":\"$name\"}"; done
reply error.unauthorized "401 Unauthorized" '{"e":"unauthorized"}'
printf 'HTTP/1.1 302 Found\nLocation: https://storage.test/film.mp4\nX-Provenance: doc\n\n' >"$pack/replies/content.elsewhere.http"
scenario() {
    echo "{\"title\": \"t\", \"steps\": [{\"reply\": \"run\"}, {\"reply\": \"done\"}], $2 \"expect\": {\"outcome\": \"succeeded\", \"polls\": \"2\"}}" >"$pack/scenarios/$1.json"
}
scenario success ''
scenario cut '"content": [{"reply": "run", "fault": {"truncate": 9}}, {"reply": "run"}],'
scenario busy '"create": [{"reply": "busy"}, {"reply": "created"}],'
scenario elsewhere '"content": [{"reply": "content.elsewhere"}],'
sed 's|"polls": "2"|"url": "/films/{id}/content"|' "$pack/scenarios/success.json" >"$pack/scenarios/address.json"
"$BIN/harness" check --fixtures "$scratch/fixtures" >"$scratch/check" 2>&1
is "the pack is good" "$(cat "$scratch/check")" "$scratch/fixtures: 1 upstream, 10 replies, 5 scenarios: good"

# program [EDIT...]: the good program, changed by sed.
cat >"$scratch/good.sh" <<'END'
films=$1/films prompt=$2 token=(-H "Authorization: Bearer $3")
create() { curl -sf "${token[@]}" -H 'Content-Type: application/json' -d "{\"prompt\":\"$prompt\"}" "$films" | jq -r .film.id; }
state() { curl -sf "${token[@]}" "$films/$1" | jq -r .state; }
content() { curl -sfL "${token[@]}" -o /dev/null "$films/$1/content"; }
half() { # of a request to create
    local rest=${films#http://}
    local host=${rest%%/*}
    exec 3<>"/dev/tcp/${host%:*}/${host#*:}"
    printf 'POST /%s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"prom' \
        "${rest#*/}" "$host" "${token[1]#*: }" >&3
    exec 3>&-
}
film=$(create)
until [ "$(state "$film")" = done ]; do sleep 2; done
until content "$film"; do sleep 2; done
echo "$films/$film/content"
END
program() { sed "$@" "$scratch/good.sh" >"$scratch/program.sh"; }

# verdict SCENARIO [OPTION...]: of the program, and the causes of what was found.
verdict() {
    local scenario=$1
    shift
    "$BIN/harness" run --fixtures "$scratch/fixtures" --report json="$scratch/report.json" "$@" "films:$scenario" \
        -- bash "$scratch/program.sh" '{base_url}' '{prompt}' '{token}' >"$scratch/out" 2>&1
    jq -r '.scenarios[0] | .verdict + (.runs[0].findings | map(" " + .rule + "/" + .cause) | join(""))' "$scratch/report.json"
}

program ''
is "a program that creates its own task needs no {task_id}" "$(verdict success)" passed
is "content that came cut is fetched again" "$(verdict cut)" passed
is "content elsewhere is fetched without the token, as curl does" "$(verdict elsewhere)" passed
is "the story tells what was created" \
    "$(program 's/^film=/create >\/dev\/null; film=/'; verdict success; grep -c '  create    created                  201  film_' "$scratch/out")" \
    "failed create/created-twice
2"
program 's/^film=/create >\/dev\/null; film=/'
is "and how long a refusal asked to wait" "$(verdict busy; grep -c '  create    busy                     429  Retry-After: 9$' "$scratch/out")" \
    "failed create/too-early
1"
program 's/^echo.*/echo http:\/\/films.test\/other.mp4/'
is "the address that was due is that of the task that was created" \
    "$(verdict address; grep -c 'wanted the URL "http.*/films/film_[0-9a-z]*/content"' "$scratch/out")" \
    "failed outcome/wrong-url
1"
program 's/^until content.*/content "$film"/'
is "content that came cut is no success" "$(verdict cut)" "failed content/cut-content"
program 's/^until \[/content "$film"; until [/'
is "content is not there before the end" "$(verdict success)" "failed content/early-content"
program 's/curl -sfL/curl -sfL --location-trusted/'
is "the token goes to no other host" "$(verdict elsewhere)" "failed auth/token-elsewhere"
program 's/^film=/half; film=/'
is "a request to create that was not read whole may be sent again" "$(verdict success)" passed
program '/^create/s/-d [^ ]*/-d "{}"/; s/^until \[/[ -n "$film" ] || exit 1; until [/'
is "a request to create is held to its contract" "$(verdict success)" "failed request/bad-request outcome/few-polls outcome/wrong-outcome"
program 's/^film=.*/&\ncurl -s -o \/dev\/null -X DELETE "${token[@]}" "$films\/$film"/; s/= done/= cancelled/; s/^until content.*//; s/^echo.*/echo cancelled; exit 1/'
is "a task that is cancelled says so to its polls" "$(verdict success; jq -r '.scenarios[0].runs[0].polls[0] | .reply + " " + .state' "$scratch/report.json" | tail -n 1)" \
    "failed outcome/few-polls outcome/wrong-outcome
cancelled failed"

cat >"$scratch/good.sh" <<'END'
films=$1/films prompt=$2 token=(-H "Authorization: Bearer $3")
create() { curl -sf "${token[@]}" -H 'Content-Type: application/json' -d "{\"prompt\":\"$prompt\"}" "$films" | jq -r .film.id; }
state() { curl -sf "${token[@]}" "$films/$1" | jq -r .state; }
one=$(create) two=$(create)
until [ "$(state "$one")$(state "$two")" = donedone ]; do sleep 2; done
echo "$films/$two/content"
END
echo '{"tasks": 2}' >"$scratch/two.json"
program ''
is "two tasks of one run are judged one by one" "$(verdict success --profile "$scratch/two.json")" passed
is "where one was asked for, the second is one too many" "$(verdict success)" "failed create/created-twice"
program 's/^echo/state "$two" >\/dev\/null; echo/'
is "and what is wrong with one of them is told of it" \
    "$(verdict success --profile "$scratch/two.json"; grep -c 'task 2: poll 3 came after poll 2' "$scratch/out")" \
    "failed terminal/polled-after-end outcome/many-polls
1"
