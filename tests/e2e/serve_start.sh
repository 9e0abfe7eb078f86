# mockserver starts: ready line, port file, JSON, loopback only, and says what is wrong when it cannot.
. "$(dirname "$0")/lib.sh"

serve --port-file "$scratch/port"
like "the ready line names the address" "$ready" "listening on http://127.0.0.1:*"
is "the port file holds the port" "$(cat "$scratch/port")" "${url##*:}"
is "health answers" "$(get "$url/_mock/health" | jq -r .status)" ok
is "nothing but the ready line goes to standard output" "$(
    kill "$pid"; cat <&9)" ""

serve --json
is "with --json the ready line is an object" "$(jq -r .listening <<<"$ready")" "http://127.0.0.1:$(jq -r .port <<<"$ready")"
url=$(jq -r .listening <<<"$ready")

hex=$(printf '%04X' "${url##*:}")
is "it listens on loopback only" \
    "$(cat "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null | awk -v p=":$hex" '$4 == "0A" && $2 ~ p"$" {print $2}')" "0100007F:$hex"

"$BIN/mockserver" --fixtures "$FIXTURES" --listen "${url#http://}" >"$scratch/out" 2>"$scratch/why"
is "a taken port exits 3" "$?" 3
like "and says so" "$(cat "$scratch/why")" "*${url#http://}*in use*"
is "without a ready line" "$(cat "$scratch/out")" ""

fails() { # STATUS GLOB ARG...
    local want=$1 glob=$2 got
    shift 2
    "$BIN/mockserver" "$@" >"$scratch/out" 2>"$scratch/why"
    got=$?
    is "exit $want: mockserver $*" "$got" "$want"
    like "it says why: mockserver $*" "$(cat "$scratch/why")" "$glob"
}
fails 2 "*--listen*" --listne 127.0.0.1:0
fails 2 "*serve*" serv
fails 2 "*127.0.0.1:8080*" --listen 8080 --fixtures "$FIXTURES"
fails 2 "*real*" --clock reel --fixtures "$FIXTURES"
fails 2 "*doubao*" --default duobao --fixtures "$FIXTURES"
fails 2 "*speed*" --clock manual --speed 60
fails 2 "*auto has no speed*" --clock auto --speed 60
fails 2 "*there is auto*" --clock aut --fixtures "$FIXTURES"
fails 2 "*--admin-host*mock:8080*without scheme and port*" --admin-host mock:8080
fails 3 "*no folder of fixtures*" --fixtures "$scratch/none"
fails 3 "*none*" --secret-file "$scratch/none" --fixtures "$FIXTURES"

mkdir -p "$scratch/bad"
cp -r "$FIXTURES/doubao" "$FIXTURES/video" "$scratch/bad/"
echo '{"stepz": []}' >"$scratch/bad/doubao/scenarios/one.json"
echo 'HTTP/1.1 999 Odd' >"$scratch/bad/video/replies/two.http"
fails 1 "*one.json:1:*two.http*" --fixtures "$scratch/bad"

like "--help lists the options" "$("$BIN/mockserver" serve --help)" "*--port-file*UNDERSTUDY_PORT_FILE*"
like "--help lists the commands" "$("$BIN/mockserver" --help)" "*serve*record*"
