# harness export: a scenario leaves as HAR, and what is distilled from it again is the same; so is a run.
. "$(dirname "$0")/lib.sh"

export_to() { "$BIN/harness" export --fixtures "$FIXTURES" "$@" >"$scratch/out" 2>"$scratch/err"; }
# steps FOLDER SCENARIO: its steps, each with its polls, and the bytes of their replies, but for what x-task.redact hides.
steps() {
    sed 's|^ *//.*||' "$1/scenarios/$2.json" | jq -r '.steps[] | [.reply, .polls // 1] | @tsv' |
        while read -r reply polls; do
            printf '%s ' "$polls"
            sed '1,/^\r\{0,1\}$/d' "$1/replies/$reply.http" |
                sed -E 's/("(input|animate_params_str)" *: *)"([^"\\]|\\.)*"/\1"REDACTED"/' | cksum
        done
}
cp -r "$FIXTURES" "$scratch/copy"

for name in doubao:success video:success newapi:success avatar:success doubao:failure; do
    upstream=${name%%:*} scenario=${name#*:}
    [ -e "$FIXTURES/$upstream/scenarios/$scenario.json" ] || { is "$name is there" no yes; continue; }
    export_to --format har --out "$scratch/har" "$name"
    is "$name leaves as HAR" "$?" 0
    "$BIN/harness" distill "$scratch/har/$upstream-$scenario.har" --out "$scratch/copy/$upstream" --name "back-$scenario" >/dev/null 2>"$scratch/err"
    is "$name is distilled again" "$? $(cat "$scratch/err")" "0 "
    is "to the same steps and bytes" "$(steps "$scratch/copy/$upstream" "back-$scenario")" "$(steps "$FIXTURES/$upstream" "$scenario")"
done
like "what HAR cannot say is said" "$(cat "$scratch/out")" "1 file, * answers: *HAR says what was answered, once and in order: not *"
is "its entries are HAR 1.2 of one task, in order" \
    "$(jq -c '[.log.version, ([.log.entries[].request.url] | unique | length), ([.log.entries[].startedDateTime] | . == sort)]' "$scratch/har/doubao-success.har")" \
    '["1.2",1,true]'

# A signed poll, and one whose task is in the body.
export_to --format har --out "$scratch/har" zego-drive:success
is "an operation and a task in the body leave too" \
    "$(jq -r '.log.entries[0].request | .method, .url, .postData.text' "$scratch/har/zego-drive-success.har" | head -2 | paste -sd' ')" \
    "POST https://aigc-digitalhuman-api.zegotech.cn/?Action=GetDriveStatus"

# A run.
"$BIN/harness" run --fixtures "$FIXTURES" doubao:success video:success --report json="$scratch/report.json" >/dev/null
export_to --format har --out "$scratch/run" "$scratch/report.json"
is "a run leaves as HAR, a file a scenario" "$? $(cd "$scratch/run" && echo *)" "0 doubao-success.har video-success.har"
is "with the bodies that were answered" \
    "$(jq -r '.log.entries[].response.content.text' "$scratch/run/doubao-success.har" | cksum)" \
    "$(jq -r '.log.entries[].response.content.text' "$scratch/har/doubao-success.har" | cksum)"

# Faults.
silent=$(grep -l '"empty"' "$FIXTURES"/doubao/scenarios/*.json | head -1)
export_to --format har --out "$scratch/lost" "$silent"
like "an answer that a fault takes is told" "$? $(cat "$scratch/out")" "0 *cut or lost by a fault."
is "and has no status" "$(jq '[.log.entries[].response | select(.status == 0) | ._error] | length > 0' "$scratch"/lost/*.har)" true

# WireMock's form; whether WireMock takes it is another test's business.
export_to --format wiremock --out "$scratch/wm" doubao:success "$silent"
is "mappings are a file a scenario" "$? $(find "$scratch/wm/mappings" -name '*.json' | wc -l)" "0 2"
is "a state an answer, and the last one stays" \
    "$(jq -c '[.mappings[] | [.requiredScenarioState, .newScenarioState]]' "$scratch/wm/mappings/doubao-success.json")" \
    '[["Started","poll 2"],["poll 2","poll 3"],["poll 3","poll 4"],["poll 4","poll 5"],["poll 5",null]]'
export_to --format wiremock --out "$scratch/all"
is "every scenario leaves" "$? $(find "$scratch/all/mappings" -name '*.json' | wc -l)" \
    "0 $(find "$FIXTURES" -path '*/scenarios/*.json' | wc -l)"

export_to --format harr --out "$scratch/x"
like "a format that is none is told with the nearest" "$? $(cat "$scratch/err")" "2 *\"harr\" is not har or wiremock; nearest: har"
export_to --format har
like "the folder is wanted" "$? $(cat "$scratch/err")" "2 *--out: the folder is wanted"
export_to --format har --out "$scratch/x" doubao:sucess
like "a scenario that is none is told with the nearest" "$? $(cat "$scratch/err")" "2 *success*"
