#!/usr/bin/env bash
# curl -z reports 304 and throws the body away although the server answered 200.
#
# Package   curl 7.88.1 (Debian 12: 7.88.1-10+deb12u15), and python3 for a server of ten lines.
# Expected  `-z DATE` sends If-Modified-Since and leaves the decision to the server. A server may ignore the condition
#           (RFC 9110, 13.1.3: it SHOULD answer 304, it need not), and a 200 carries what is valid now, so %{http_code}
#           is 200 and the body is written.
# Seen      The server sends "200 OK" and a body; curl compares the reply's Last-Modified with DATE by itself, writes
#           no file, ends with exit code 0 and puts 304 into %{http_code}. The header dump still shows the 200.
# So        A poller must not use -z on a task's status: where a service lets Last-Modified stand while the body moves
#           on, a finished task looks unchanged for ever. -H 'If-Modified-Since: ...' by hand leaves the reply alone.
#           In a log of curl's own codes, do not take a 304 for something that was on the wire.
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
import http.server, sys

class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"status":"done"}\n'
        self.send_response(200)
        self.send_header('Last-Modified', 'Tue, 05 Mar 2024 10:00:00 GMT')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Status)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 "$tmp/server.py" > "$tmp/port" &
server=$!
until [ -s "$tmp/port" ]; do kill -0 "$server" || exit 1; sleep 0.1; done
url=http://127.0.0.1:$(cat "$tmp/port")/tasks/7
day='Wed, 06 Mar 2024 10:00:00 GMT'

try() { # NAME ARGUMENTS..: one request, what curl says of it, what it wrote
    name=$1
    shift
    rm -f "$tmp/body" "$tmp/head"
    code=0
    said=$(curl -q -s -o "$tmp/body" -D "$tmp/head" -w '%{http_code}' "$@" "$url") || code=$?
    echo "$name: server sent $(head -n 1 "$tmp/head" | cut -d ' ' -f 2), curl says $said, exit code $code," \
        "body: $(cat "$tmp/body" 2>/dev/null || echo none)"
}
seen=$(
    try 'plain           '
    try '-z              ' -z "$day"
    try 'header by hand  ' -H "If-Modified-Since: $day"
)
expected='plain           : server sent 200, curl says 200, exit code 0, body: {"status":"done"}
-z              : server sent 200, curl says 304, exit code 0, body: none
header by hand  : server sent 200, curl says 200, exit code 0, body: {"status":"done"}'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
