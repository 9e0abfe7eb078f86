#!/usr/bin/env bash
# A gzip body of two members is read whole by Node, refused by curl, and cut silently by wget.
#
# Package   curl 7.88.1 and wget 1.21.3 (Debian 12: 7.88.1-10+deb12u15, 1.21.3-1+deb12u1); npm undici 7.10.0; python3
#           for the server.
# Expected  All three give the same text. RFC 1952, 2.2: a gzip file is a series of members, one after the
#           other; RFC 9110, 8.4.1.3 defines the coding by that RFC. Parallel compressors and servers that join pieces
#           compressed before make such bodies.
# Seen      undici's fetch reads both members. curl --compressed writes the first and ends with exit code 23, which its
#           manual calls an error of writing to the local disk. wget --compression=auto writes the first and ends
#           with exit code 0.
# So        A poller that reads with wget gets half a JSON text from a success: parse before believing, and count a
#           body that does not parse as a failure that may pass. With curl take 23 as a reply that could not be read,
#           not as a full disk. A server for unknown clients sends one member. A recorder keeps the decoded body.
set -eu
export LC_ALL=C no_proxy=127.0.0.1
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT

needs() { # PACKAGE VERSION: of Debian, installed
    have=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
    case $have in
        "$2"-*) ;;
        *) echo "skipped: needs $1 $2 of Debian, here is ${have:-none}"; exit 77 ;;
    esac
}
needs curl 7.88.1
needs wget 1.21.3
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" undici@7.10.0 >/dev/null \
    || { echo "skipped: npm cannot install undici 7.10.0"; exit 77; }

cat > "$tmp/server.py" <<'END'
import gzip, http.server

class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = gzip.compress(b'{"status":') + gzip.compress(b'"done"}')
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Encoding', 'gzip')
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
cat > "$tmp/fetch.mjs" <<'END'
import { fetch } from 'undici';
process.stdout.write(await (await fetch(process.argv[2])).text());
END

try() { # NAME COMMAND..
    name=$1
    shift
    code=0
    text=$("$@" 2>/dev/null) || code=$?
    echo "$name exit code $code, $text"
}
seen=$(
    try undici node "$tmp/fetch.mjs" "$url"
    try 'curl  ' curl -q -s --compressed "$url"
    try 'wget  ' wget --no-config -q -O - --compression=auto "$url"
)
expected='undici exit code 0, {"status":"done"}
curl   exit code 23, {"status":
wget   exit code 0, {"status":'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
