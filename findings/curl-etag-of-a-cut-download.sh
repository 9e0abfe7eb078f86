#!/usr/bin/env bash
# curl --etag-save keeps the ETag of a download that it broke off, so the next --etag-compare blesses half a file.
#
# Package   curl 7.88.1 (Debian 12: 7.88.1-10+deb12u15), and python3 for a small server.
# Expected  The file of --etag-save vouches for the file of -o: it is written once the body is complete, or taken back
#           when the transfer fails. RFC 9110, 13.1.2 has If-None-Match name a representation that the client holds;
#           RFC 9111, 3.3 forbids caches to use an incomplete one as if it were whole.
# Seen      The ETag is on disk as soon as the header has come. A run that --max-time ends (exit code 28) leaves half
#           the body and the ETag of the whole; the next run gets 304, exits with 0 and the half file stays.
# So        Whoever fetches results this way in a loop must save the ETag and the body under temporary names and move
#           both only after exit code 0, or remove the ETag file after any other exit code. Check the length as well.
set -eu
export LC_ALL=C no_proxy=127.0.0.1
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT

have=$(dpkg-query -W -f='${Version}' curl 2>/dev/null || true)
case $have in
    7.88.1-*) ;;
    *) echo "skipped: needs curl 7.88.1 of Debian, here is ${have:-none}"; exit 77 ;;
esac
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }

cat > "$tmp/server.py" <<'END'
# The first download stalls half-way until the client hangs up; any later one is quick.
import http.server

class Result(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Result.asked += 1
        if self.headers.get('If-None-Match') == '"v1"':
            self.send_response(304)
            self.send_header('ETag', '"v1"')
            self.end_headers()
            return
        self.send_response(200)
        self.send_header('ETag', '"v1"')
        self.send_header('Content-Length', '20')
        self.end_headers()
        self.wfile.write(b'first half')
        self.wfile.flush()
        if Result.asked == 1:
            self.connection.recv(1)
            self.close_connection = True
        else:
            self.wfile.write(b'other half')
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Result)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 "$tmp/server.py" > "$tmp/port" &
server=$!
until [ -s "$tmp/port" ]; do kill -0 "$server" || exit 1; sleep 0.1; done
url=http://127.0.0.1:$(cat "$tmp/port")/result.mp4

fetch() { # MAX-TIME: the same command each time, as a loop would run it
    code=0
    said=$(curl -q -s --max-time "$1" --etag-compare "$tmp/etag" --etag-save "$tmp/etag" -o "$tmp/result" \
        -w '%{http_code}' "$url") || code=$?
    echo "$said, exit code $code, $(wc -c < "$tmp/result") bytes of 20"
}
seen=$(
    echo "run 1: $(fetch 3)"
    echo "run 2: $(fetch 20)"
    rm -f "$tmp/etag"
    echo "without the saved ETag: $(fetch 20)"
)
expected='run 1: 200, exit code 28, 10 bytes of 20
run 2: 304, exit code 0, 10 bytes of 20
without the saved ETag: 200, exit code 0, 20 bytes of 20'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
