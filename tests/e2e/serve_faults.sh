# Each fault on the wire: the bytes that come, and whether FIN or RST ends them.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }

mkdir -p "$scratch/fixtures"
cp -r "$FIXTURES/doubao" "$FIXTURES/scenario.schema.json" "$scratch/fixtures/"
rm "$scratch"/fixtures/doubao/scenarios/*
cp "$FIXTURES/doubao/scenarios/success.json" "$scratch/fixtures/doubao/scenarios/"
printf 'HTTP/1.1 200 OK\n\n{"code":"success","data":{"status":"queued"}}' >"$scratch/fixtures/doubao/replies/plain.http"
fault() { printf '{"title": "t", "steps": [{"reply": "plain", "fault": %s}], "expect": {"outcome": "gave_up"}}' "$2" \
    >"$scratch/fixtures/doubao/scenarios/$1.json"; }
fault cut_head '{"cut_head": 20}'
fault reset '{"reset": 30}'
fault garbage '{"garbage": 8}'
fault chunked '{"chunked": 30}'
fault cut_chunk '[{"chunked": 30}, {"truncate": 10}]'
fault bad_chunk '{"bad_chunk": 5}'
fault bad_length '{"bad_length": 9}'
fault interim '{"interim": 103}'
fault stall '{"stall": 4}'
fault drip '{"drip": {"bytes": 20, "every": "60s"}}'
fault truncate '{"truncate": 4}'
fault empty '{"empty": true}'
start serve --fixtures "$scratch/fixtures" --listen 127.0.0.1:0 --speed 2000

cat >"$scratch/raw.py" <<'PY'
import socket, sys
port, scenario = int(sys.argv[1]), sys.argv[2]
s = socket.create_connection(('127.0.0.1', port))
s.sendall(f'GET /doubao:{scenario}/v1/video/generations/t HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n'.encode())
s.settimeout(20)
came, end = b'', 'open'
whole = len(sys.argv) > 3 and sys.argv[3].encode()
try:
    while not (whole and came.endswith(whole)):
        part = s.recv(65536)
        if not part:
            end = 'FIN'
            break
        came += part
except ConnectionResetError:
    end = 'RST'
print(came.decode('latin-1').replace('\r\n', '|'), end)
PY
raw() { python3 "$scratch/raw.py" "${url##*:}" "$@"; }

body='{"code":"success","data":{"status":"queued"}}'
is "empty" "$(raw empty)" " FIN"
is "truncate: the head tells of more" "$(raw truncate)" "HTTP/1.1 200 OK|Content-Length: 45||{\"co FIN"
is "stall: the same, and open for an hour" "$(raw stall '{"co')" "HTTP/1.1 200 OK|Content-Length: 45||{\"co open"
is "after which it closes" "$(raw stall)" "HTTP/1.1 200 OK|Content-Length: 45||{\"co FIN"
is "cut_head ends in the head" "$(raw cut_head)" "HTTP/1.1 200 OK|Con FIN"
like "reset ends with RST, whatever was read before" "$(raw reset)" "* RST"
is "garbage: as many bytes as asked for" "$(raw garbage | head -c 3 | od -An -tx1 | cut -c 1-3) $(raw garbage | tail -c 4)" " 15 FIN"
is "chunked: the same body, and the connection stays" "$(raw chunked $'0\r\n\r\n')" \
    "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1e|${body:0:30}|f|${body:30}|0|| open"
is "curl puts it together" "$(get "${bearer[@]}" "$url/doubao:chunked/v1/video/generations/t")" "$body"
is "cut within a chunk" "$(raw cut_chunk)" "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1e|${body:0:6} FIN"
is "bad_chunk" "$(raw bad_chunk)" "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|${body:0:5}|no size| FIN"
is "bad_length: all of it, and the promise of more" "$(raw bad_length)" "HTTP/1.1 200 OK|Content-Length: 54||$body FIN"
is "interim before the answer" "$(raw interim "${body: -9}")" \
    "HTTP/1.1 103 Early Hints|Link: </>; rel=preload||HTTP/1.1 200 OK|Content-Length: 45||$body open"
is "drip: whole in the end" "$(raw drip "${body: -9}")" "HTTP/1.1 200 OK|Content-Length: 45||$body open"
is "the journal says what was not whole" \
    "$(get "$url/_mock/journal?limit=100" | jq -r '[.entries[] | select(.flags | index("whole") | not) | .scenario] | unique | join(" ")')" \
    "bad_chunk bad_length cut_chunk cut_head empty garbage reset stall truncate"
