#!/usr/bin/env bash
# A signed result URL goes over the wire as it was given with curl, and as two different other URLs with the rest.
#
# Package   curl 7.88.1 (Debian 12: 7.88.1-10+deb12u15); python3-requests 2.28.1 with python3-urllib3 1.26.12
#           (2.28.1+dfsg-1, 1.26.12-1+deb12u4), unpacked, not installed; npm undici 7.10.0.
# Expected  The URL consists of characters that RFC 3986 allows, so the request target is these bytes. Its section 6.2.2
#           lets a client compare %7e, %7E and ~ as equal; that is no order to rewrite what it was given.
# Seen      curl sends it as it is. requests turns %7e into ~ and %3d into %3D, but leaves the apostrophes alone.
#           undici leaves the escapes alone, but turns the apostrophes into %27 (the URL standard of browsers wants it
#           so, for the query only).
# So        A signature over the text of the URL survives only what all do alike. A service signs the decoded values,
#           or writes hex digits in capitals, no escape for ~ and %27 for the apostrophe. A client that gets 403 for a
#           fresh result compares the bytes sent with the bytes given before it blames the clock or asks for the task
#           again; a recorder stores the request target as it came, not as a parsed and printed URL.
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
deb() { # PACKAGE VERSION: Debian's package unpacked under $tmp
    (cd "$tmp" && apt-get -q download "$1") >/dev/null 2>&1 || true
    have=$(dpkg-deb -f "$tmp/$1"_*.deb Version 2>/dev/null || true)
    case $have in
        "$2"-*) dpkg-deb -x "$tmp/$1"_*.deb "$tmp" ;;
        *) echo "skipped: needs $1 $2 of Debian, apt-get download gives ${have:-none}"; exit 77 ;;
    esac
}
deb python3-requests 2.28.1+dfsg
deb python3-urllib3 1.26.12
deb python3-six 1.16.0
deb python3-chardet 5.1.0+dfsg
deb python3-idna 3.3
deb python3-certifi 2022.9.24
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" undici@7.10.0 >/dev/null \
    || { echo "skipped: npm cannot install undici 7.10.0"; exit 77; }

cat > "$tmp/server.py" <<'END'
# Answers with the request target, byte for byte.
import http.server

class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.requestline.split(' ')[1].encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Echo)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 "$tmp/server.py" > "$tmp/port" &
server=$!
until [ -s "$tmp/port" ]; do kill -0 "$server" || exit 1; sleep 0.1; done
target="/v/a%7eb.mp4?name='clip'&until=1767225600&signature=k9Zt%2bQ%3d"
url=http://127.0.0.1:$(cat "$tmp/port")$target
cat > "$tmp/undici.mjs" <<'END'
import { request } from 'undici';
console.log(await (await request(process.argv[2])).body.text());
END

seen=$(
    echo "given    $target"
    echo "curl     $(curl -q -s "$url")"
    echo "requests $(PYTHONPATH=$tmp/usr/lib/python3/dist-packages python3 -W ignore -c \
        'import requests, sys; print(requests.get(sys.argv[1]).text)' "$url")"
    echo "undici   $(node "$tmp/undici.mjs" "$url")"
)
expected="given    /v/a%7eb.mp4?name='clip'&until=1767225600&signature=k9Zt%2bQ%3d
curl     /v/a%7eb.mp4?name='clip'&until=1767225600&signature=k9Zt%2bQ%3d
requests /v/a~b.mp4?name='clip'&until=1767225600&signature=k9Zt%2BQ%3D
undici   /v/a%7eb.mp4?name=%27clip%27&until=1767225600&signature=k9Zt%2bQ%3d"

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
