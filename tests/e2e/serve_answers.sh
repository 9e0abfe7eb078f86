# mockserver answers: credentials, reasons, keep-alive, and time that moves by hand.
. "$(dirname "$0")/lib.sh"

serve
task=$url/doubao/v1/video/generations/e2e-1
is "a task is answered" "$(get "${bearer[@]}" "$task" | jq -r .data.task_id)" e2e-1
is "without a token it is 401" "$(status "$task")" 401
like "an unknown path says why" "$(get -i "${bearer[@]}" "$url/doubao/v1/video/generation/x")" \
    "HTTP/1.1 404*X-Mock-Reason: *generations*"
get -o /dev/null "${bearer[@]}" "$url/doubao/v1/video/generation/y?api_key=sk-e2e-hidden"
is "each refusal is one line on standard error" "$(grep -c '^mockserver: 404 GET /doubao/v1/video/generation/[xy]: no route' "$err")" 2
like "which says what is nearest" "$(grep generation/x "$err")" "*path segment 3 differs*"
is "a missing token is one too" "$(grep -c "^mockserver: 401 GET ${task#"$url"}: " "$err")" 1
is "without the query, where a credential may stand" "$(grep -c sk-e2e "$err")" 0
is "HEAD of a page has no body" "$(get -I "$url/_mock/health" | tail -n +2 | grep -c status)" 0
is "two requests share a connection" \
    "$(get "${bearer[@]}" -o /dev/null -o /dev/null -w '%{num_connects} ' "$task" "$task")" "1 0 "

through=(--noproxy '' --proxy "$url" "${bearer[@]}")
is "a client with http_proxy is answered by the host of its URL" \
    "$(get "${through[@]}" http://api.gpt.ge/avatar/task/e2e-2 | jq -r .id)" \
    e2e-2
is "and on the same connection as others" \
    "$(get "${through[@]}" -o /dev/null -o /dev/null -w '%{http_code} ' "$task" http://api.gpt.ge/avatar/task/e2e-2)" "200 200 "
like "a host that no contract names is misdirected" \
    "$(get -i "${through[@]}" http://api.gpt.gee/avatar/task/e2e-2)" \
    'HTTP/1.1 421 *no contract names the host \"api.gpt.gee\"*nearest: api.gpt.ge*'
is "this server's own address is served as usual" "$(status "${through[@]}" "$url/_mock/health")" 200
is "a foreign name for its admin pages is not" "$(status "${through[@]}" -H "Host: localhost" http://evil.example/_mock/health)" 403
like "a tunnel is refused" "$(get -i "${through[@]}" -p "$task" 2>&1)" *501*

sign() { # NONCE TIMESTAMP SECRET: a ZEGO signature
    printf '%s%s%s%s' 12345 "$1" "$3" "$2" | openssl md5 | sed 's/.*= *//'
}
zego() { # NONCE SIGNATURE TIMESTAMP
    get "$url/zego-drive/?Action=GetDriveStatus&AppId=12345&SignatureNonce=$1&Timestamp=$3&Signature=$2&SignatureVersion=2.0" \
        -H 'Content-Type: application/json' -d '{"DriveId":"e2e-drive"}'
}
now=$(($(get "$url/_mock/clock" | jq .now) / 1000))
secret=9193cc662a4c0ec135ec71fb57194b38
if command -v openssl >/dev/null; then
    is "the published vector comes out" "$(sign 4fd24687296dd9f3 1615186943 $secret)" 43e5cfcca828314675f91b001390566a
    is "a right signature is accepted" "$(zego 0123456789abcdef "$(sign 0123456789abcdef $now $secret)" $now | jq .Code)" 0
    is "one of another secret is not" "$(zego 0123456789abcdf0 "$(sign 0123456789abcdf0 $now ${secret}0)" $now | jq .Code)" 100000005
    is "an old one is not" "$(zego 0123456789abcdf1 "$(sign 0123456789abcdf1 $((now - 700)) $secret)" $((now - 700)) | jq .Code)" 100000004
    is "no signature shows in the journal" "$(get "$url/_mock/journal" | grep -c "$(sign 0123456789abcdef $now $secret)")" 0
    is "nor a token" "$(get "$url/_mock/journal" | grep -c sk-e2e)" 0
    serve --clock manual
    get -X POST -H 'Content-Type: application/json' -d '{"advance":"1h"}' "$url/_mock/clock" >"$scratch/clock"
    now=$(date +%s)
    is "a client's timestamp is real when the mock's time is not" \
        "$(zego 0123456789abcdef "$(sign 0123456789abcdef "$now" $secret)" "$now" | jq .Code)" 0
fi

serve --quiet
is "a quiet one still refuses" "$(status "$url/doubao/v1/video/generation/x")" 404
is "and says nothing of it" "$(cat "$err")" ""

start serve --fixtures "$FIXTURES" --port 0
like "--port is the loopback's" "$url" "http://127.0.0.1:*"

serve --clock manual --token sk-e2e-0123456789 --strict
is "the one token is accepted" "$(status "${bearer[@]}" "$url/doubao:slow/v1/video/generations/m")" 200
is "another is not" "$(status -H 'Authorization: Bearer sk-other' "$url/doubao:slow/v1/video/generations/m")" 401
first=$(get "${bearer[@]}" "$url/doubao:slow:a/v1/video/generations/m" | jq -r .data.status)
for _ in 1 2 3; do again=$(get "${bearer[@]}" "$url/doubao:slow:a/v1/video/generations/m" | jq -r .data.status); done
is "while time stands a timed step stands" "$again" "$first"
before=$(get "$url/_mock/clock" | jq .now)
is "the clock moves by hand" \
    "$(get "$url/_mock/clock" -H 'Content-Type: application/json' -d '{"advance":"1h"}' | jq .now)" $((before + 3600000))
moved=$(get "${bearer[@]}" "$url/doubao:slow:a/v1/video/generations/m" | jq -r .data.status)
[ "$moved" != "$first" ]
is "and the step with it" "$?" 0
