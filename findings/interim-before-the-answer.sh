#!/usr/bin/env bash
# An interim response before the answer: one library takes it for the answer, another drops the connection, each another one.
#
# Package   Python 3.11's http.client (Debian 12: python3.11 3.11.2), which urllib3 and requests stand on; npm undici 7.10.0.
# Expected  RFC 9110, 15.2: a client reads interim responses (100 to 199) before the final one, asked for or not, and may
#           ignore them. So a gateway that says 103 Early Hints or 100 Continue first changes nothing.
# Seen      http.client skips 100 alone: 103 is told as the status of the answer. The answer itself stays in the
#           connection, and is what the next request there is given: a poller that keeps its connection reads answers to
#           earlier polls. undici reads past 103, but at a 100 that it did not ask for it fails with "bad response",
#           each time, so that behind such a gateway no request of fetch ever succeeds. curl reads both.
# So        A poller in Python closes the connection at a status below 200 and asks again. One in Node names the gateway
#           when "bad response" repeats: asking again does not help. A mock that sends both shows either.
set -eu
export LC_ALL=C no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT

python=/usr/bin/python3
case $($python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true) in
    3.11) ;;
    *) echo "skipped: needs Debian 12's python3, 3.11"; exit 77 ;;
esac
command -v node >/dev/null || { echo "skipped: needs node"; exit 77; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" undici@7.10.0 >/dev/null \
    || { echo "skipped: npm cannot install undici 7.10.0"; exit 77; }

cat > "$tmp/server.py" <<'END'
# GET /STATUS/NAME: an interim response of that status, then 200 with the name as its body.
import http.server, socketserver

class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        _, status, name = self.path.split('/')
        self.wfile.write(b'HTTP/1.1 %s Interim\r\n\r\n' % status.encode())
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s' % (len(name), name.encode()))
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Gateway)
print(server.server_port, flush=True)
server.serve_forever()
END
$python "$tmp/server.py" > "$tmp/port" &
server=$!
until [ -s "$tmp/port" ]; do kill -0 "$server" || exit 1; sleep 0.1; done
port=$(cat "$tmp/port")

cat > "$tmp/polls.py" <<'END'
import http.client, sys
for status in ('100', '103'):
    connection = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]))
    told = []
    for name in ('one', 'two', 'three'):
        connection.request('GET', f'/{status}/{name}')
        reply = connection.getresponse()
        told.append(f'{reply.status} {reply.read().decode()}'.strip())
    print(f'http.client, {status}:', ', '.join(told))
END
cat > "$tmp/polls.mjs" <<'END'
import { request } from 'undici';
for (const status of [100, 103]) {
    const told = [];
    for (const name of ['one', 'two', 'three'])
        told.push(await request(`http://127.0.0.1:${process.argv[2]}/${status}/${name}`)
            .then(async (reply) => `${reply.statusCode} ${await reply.body.text()}`, (lost) => lost.message));
    console.log(`undici, ${status}: ${told.join(', ')}`);
}
END
seen=$(
    $python "$tmp/polls.py" "$port"
    node "$tmp/polls.mjs" "$port"
    for status in 100 103; do
        echo "curl, $status: $(curl -s -w ' %{http_code}\n' "http://127.0.0.1:$port/$status/{one,two,three}" | awk '{ printf "%s%s %s", s, $2, $1; s = ", " }')"
    done
)
expected='http.client, 100: 200 one, 200 two, 200 three
http.client, 103: 103, 200 one, 103
undici, 100: bad response, bad response, bad response
undici, 103: 200 one, 200 two, 200 three
curl, 100: 200 one, 200 two, 200 three
curl, 103: 200 one, 200 two, 200 three'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
