#!/usr/bin/env bash
# urllib3 waits for Retry-After before it follows a redirect, or does not: it depends on which of its two doors you use.
#
# Package   python3-urllib3 1.26.12 (Debian 12: 1.26.12-1+deb12u4), unpacked, not installed.
# Expected  PoolManager keeps a HTTPConnectionPool for each host and hands requests on to it, so both treat one reply
#           alike. RFC 9110, 10.2.3: with a 3xx, Retry-After is the least time to wait before the redirected request.
# Seen      303 See Other with Retry-After: 7, as a service answers when a task is done and its result is about to
#           appear. The pool sleeps 7 s and follows. The manager follows redirects by itself and follows at once. With
#           503 instead both sleep, three times over, though nobody asked for retries.
# So        A service cannot count on the pause: the place that a redirect leads to must answer at once, with 202 or 503
#           and Retry-After of its own if the result is not there. A poller that gets 404 there right after a redirect
#           tries again after the pause. Who wants the pause with urllib3 passes redirect=False and does it by hand;
#           who wants to count polls passes retries=False.
set -eu
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

deb() { # PACKAGE VERSION: Debian's package unpacked under $tmp
    (cd "$tmp" && apt-get -q download "$1") >/dev/null 2>&1 || true
    have=$(dpkg-deb -f "$tmp/$1"_*.deb Version 2>/dev/null || true)
    case $have in
        "$2"-*) dpkg-deb -x "$tmp/$1"_*.deb "$tmp" ;;
        *) echo "skipped: needs $1 $2 of Debian, apt-get download gives ${have:-none}"; exit 77 ;;
    esac
}
deb python3-urllib3 1.26.12
deb python3-six 1.16.0
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }

cat > "$tmp/doors.py" <<'END'
# Sleeping is replaced by writing down, so nothing depends on time.
import http.server, threading, time
import urllib3

class Task(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        code = {'/tasks/done': 303, '/tasks/busy': 503}.get(self.path, 200)
        self.send_response(code)
        if code != 200:
            self.send_header('Retry-After', '7')
        if code == 303:
            self.send_header('Location', '/results/done')
        self.send_header('Content-Length', '0')
        self.end_headers()
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Task)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = 'http://127.0.0.1:%d' % server.server_port
sleeps = []
time.sleep = sleeps.append

for path in '/tasks/done', '/tasks/busy':
    for door, get in (
        ('HTTPConnectionPool', urllib3.HTTPConnectionPool('127.0.0.1', server.server_port).request),
        ('PoolManager', lambda method, path: urllib3.PoolManager().request(method, base + path)),
    ):
        sleeps.clear()
        status = get('GET', path).status
        print('%s %-18s status %d, slept %s' % (path, door, status, sleeps))
END
seen=$(PYTHONPATH=$tmp/usr/lib/python3/dist-packages python3 "$tmp/doors.py")
expected='/tasks/done HTTPConnectionPool status 200, slept [7]
/tasks/done PoolManager        status 200, slept []
/tasks/busy HTTPConnectionPool status 503, slept [7, 7, 7]
/tasks/busy PoolManager        status 503, slept [7, 7, 7]'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
