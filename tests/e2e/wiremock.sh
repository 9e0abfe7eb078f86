# harness export --format wiremock: WireMock itself loads every scenario and answers as the mock does. Wants java, and WireMock
# from npm: npm install --prefix build/wiremock --ignore-scripts wiremock@3.13.2
. "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
jar=$(find "${UNDERSTUDY_WIREMOCK:-$root/build/wiremock}" -name 'wiremock-standalone-*.jar' 2>/dev/null | head -1)
command -v java >/dev/null || { echo "skipped: no java"; exit 77; }
[ -n "$jar" ] || { echo "skipped: no WireMock"; exit 77; }

"$BIN/harness" export --fixtures "$FIXTURES" --format wiremock --out "$scratch/wm" >"$scratch/out"
is "every scenario is exported" "$?" 0
exec 8< <(exec java -jar "$jar" --port 0 --root-dir "$scratch/wm" --disable-banner 2>&1)
pids+=($!)
port=
while [ -z "$port" ] && IFS= read -r -u 8 -t 60 line; do
    [[ $line =~ ^port:\ +([0-9]+) ]] && port=${BASH_REMATCH[1]}
done
[ -n "$port" ] || { echo "not ok - WireMock starts"; exit 1; }
wm=http://127.0.0.1:$port
is "WireMock has loaded every mapping" "$(get "$wm/__admin/mappings?limit=1" | jq .meta.total)" \
    "$(cat "$scratch"/wm/mappings/*.json | jq -s '[.[].mappings[]] | length')"

# Each answer of each scenario of a bearer upstream that no fault touches, byte for byte.
compared=0
for file in "$scratch"/wm/mappings/{doubao,video,newapi,avatar}-*.json; do
    count=$(jq '[.mappings[].response | if .fault or .fixedDelayMilliseconds or .base64Body then 99 else 1 end] | add' "$file")
    [ "$count" -le 12 ] || continue
    path=$(jq -r '.mappings[0].request.urlPathPattern' "$file" | sed 's|\[^/\]+|task-1|')
    urls=()
    for ((i = 0; i < count; i++)); do urls+=("$wm$path"); done
    jq -j '.mappings[].response | .body, "\n", .status, "\n"' "$file" >"$scratch/wanted"
    get -w '\n%{http_code}\n' "${urls[@]}" >"$scratch/got"
    compared=$((compared + count))
    cmp -s "$scratch/got" "$scratch/wanted" || is "$(basename "$file")" "$(cat "$scratch/got")" "$(cat "$scratch/wanted")"
done
is "more than a hundred answers were as recorded" "$((compared > 100))" 1

get -X POST "$wm/__admin/scenarios/reset" >/dev/null
"$BIN/taskpoll" doubao --base-url "$wm/doubao:success" --task t --token any --interval 0.1 >"$scratch/out" 2>&1
like "taskpoll polls a task there to its end" "$? $(tail -1 "$scratch/out")" "0 https://storage.example.com/videos/*.mp4"
