#!/usr/bin/env bash
# curl --retry gives its reader the body of every refusal, and then that of the answer, as one.
#
# Package   curl 7.88.1 (Debian 12: 7.88.1-10+deb12u15), and python3 for a server of a few lines.
# Expected  --retry is there to get past a 503, so that what a script reads is the answer; --retry-all-errors asks again
#           after a cut body too, so that it is the whole one. With `-o FILE` both are so: the file is cut back first.
# Seen      What was written to a pipe cannot be taken back. body=$(curl --retry ...) holds the refusal's body and then the
#           answer's, with exit code 0 and a %{http_code} of 200; `jq .status` prints two states. -f drops the bodies of
#           refusals, but half of a cut one stands before the whole one all the same.
# So        A poller gives curl a file for the body, or retries by itself. Who reads a pipe and takes the first document
#           polls on for ever or stops too early, since a refusal's words may look like a status.
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
import http.server

seen = set()

class Status(http.server.BaseHTTPRequestHandler):
    # The first request for a path is refused, or its answer is cut after 10 bytes; later ones are answered.
    def do_GET(self):
        first = self.path not in seen
        seen.add(self.path)
        refused = first and self.path.startswith('/refused')
        body = b'{"status":"busy"}' if refused else b'{"status":"done"}'
        self.send_response(503 if refused else 200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body[:10] if first and self.path.startswith('/cut') else body)

    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Status)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 "$tmp/server.py" > "$tmp/port" &
server=$!
until [ -s "$tmp/port" ]; do kill -0 "$server" || exit 1; sleep 0.1; done
url=http://127.0.0.1:$(cat "$tmp/port")

pipe() { # PATH OPTIONS..: what a script reads from a pipe
    path=$1
    shift
    code=0
    body=$(curl -q -s --retry 2 --retry-delay 1 "$@" "$url$path") || code=$?
    echo "$path $*: $body, exit code $code"
}
file() {
    path=$1
    shift
    code=0
    curl -q -s --retry 2 --retry-delay 1 -o "$tmp/body" "$@" "$url$path" || code=$?
    echo "$path $* -o FILE: $(cat "$tmp/body"), exit code $code"
}
seen=$(
    pipe /refused/1
    pipe /refused/2 -f
    file /refused/3
    pipe /cut/1 -f --retry-all-errors
    file /cut/2 -f --retry-all-errors
)
expected='/refused/1 : {"status":"busy"}{"status":"done"}, exit code 0
/refused/2 -f: {"status":"done"}, exit code 0
/refused/3  -o FILE: {"status":"done"}, exit code 0
/cut/1 -f --retry-all-errors: {"status":{"status":"done"}, exit code 0
/cut/2 -f --retry-all-errors -o FILE: {"status":"done"}, exit code 0'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
