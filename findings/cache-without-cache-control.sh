#!/usr/bin/env bash
# A status reply that says nothing about caching is polled once by two HTTP caches and every time by a third.
#
# Package   npm got 14.4.7 with http-cache-semantics 4.2.0, npm undici 7.10.0 (its cache interceptor);
#           python3-httplib2 0.20.4 (Debian 12: 0.20.4-3), unpacked, not installed.
# Expected  A 200 without Cache-Control and Expires, with nothing but a Last-Modified of ten days ago, is asked for
#           again at each poll, perhaps with a condition.
# Seen      got and undici ask once and serve "queued" from memory after that: RFC 9111, 4.2.2 allows a guessed
#           lifetime, commonly a tenth of the age, here a day. httplib2 keeps the reply too but asks each time, and
#           sees the task finish. The older Last-Modified, the longer the poller is blind, with no request in any
#           server's log.
# So        A poller sends Cache-Control: no-cache or goes around the cache. A service puts Cache-Control: no-store on
#           status replies; a mock keeps Last-Modified in its replies if the service sends it, for it decides this.
set -eu
export LC_ALL=C no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT

deb() { # PACKAGE VERSION: Debian's package unpacked under $tmp
    (cd "$tmp" && apt-get -q download "$1") >/dev/null 2>&1 || true
    have=$(dpkg-deb -f "$tmp/$1"_*.deb Version 2>/dev/null || true)
    case $have in
        "$2"-*) dpkg-deb -x "$tmp/$1"_*.deb "$tmp" ;;
        *) echo "skipped: needs $1 $2 of Debian, apt-get download gives ${have:-none}"; exit 77 ;;
    esac
}
deb python3-httplib2 0.20.4
deb python3-pyparsing 3.0.9
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" \
    got@14.4.7 http-cache-semantics@4.2.0 undici@7.10.0 >/dev/null \
    || { echo "skipped: npm cannot install got 14.4.7, http-cache-semantics 4.2.0, undici 7.10.0"; exit 77; }

cat > "$tmp/server.py" <<'END'
# Each path is a task of its own: queued, running, done.
import collections, email.utils, http.server, time

asked = collections.Counter()

class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ('queued', 'running', 'done')[min(asked[self.path], 2)].encode()
        asked[self.path] += 1
        self.send_response(200)
        self.send_header('Last-Modified', email.utils.formatdate(time.time() - 10 * 86400, usegmt=True))
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
url=http://127.0.0.1:$(cat "$tmp/port")/tasks

cat > "$tmp/got.mjs" <<'END'
import got from 'got';
const cache = new Map();
for (let poll = 0; poll < 3; poll++)
    console.log(await got(process.argv[2], { cache }).text());
END
cat > "$tmp/undici.mjs" <<'END'
import { Agent, interceptors, request } from 'undici';
const dispatcher = new Agent().compose(interceptors.cache());
for (let poll = 0; poll < 3; poll++)
    console.log(await (await request(process.argv[2], { dispatcher })).body.text());
await dispatcher.close();
END
cat > "$tmp/polls.py" <<'END'
import httplib2, sys
client = httplib2.Http(sys.argv[2])
for poll in range(3):
    print(client.request(sys.argv[1])[1].decode())
END

seen=$(
    export PYTHONPATH=$tmp/usr/lib/python3/dist-packages
    echo "got: $(node "$tmp/got.mjs" "$url/got" | paste -s -d ' ')"
    echo "undici: $(node "$tmp/undici.mjs" "$url/undici" | paste -s -d ' ')"
    echo "httplib2: $(python3 "$tmp/polls.py" "$url/httplib2" "$tmp/cache" | paste -s -d ' ')"
)
expected='got: queued queued queued
undici: queued queued queued
httplib2: queued running done'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
