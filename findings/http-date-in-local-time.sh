#!/usr/bin/env bash
# One of HTTP's three date formats names no zone: got reads it in the machine's own, urllib3 in UTC.
#
# Package   npm got 14.4.7; python3-urllib3 1.26.12 (Debian 12: 1.26.12-1+deb12u4), unpacked, not installed.
# Expected  Retry-After: "Sun Nov  6 08:49:37 1994" means the same moment on every machine. RFC 9110, 5.6.7: a
#           recipient MUST accept all three formats, and this one is in UTC although it does not say so.
# Seen      For a moment one hour ahead: urllib3 waits an hour wherever it is. got hands the text to Date.parse, which
#           takes a date without a zone for local time: right only in UTC; in Shanghai the moment has passed and it
#           waits 1 ms; in Panama it waits six hours. A test on a machine that runs in UTC does not see it.
# So        A client parses HTTP dates by the grammar of HTTP, never with a general reader of dates. Tests of waiting
#           run once with TZ east of Greenwich and once west of it.
set -eu
export LC_ALL=C no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
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
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tmp" got@14.4.7 >/dev/null \
    || { echo "skipped: npm cannot install got 14.4.7"; exit 77; }

cat > "$tmp/got.mjs" <<'END'
import http from 'node:http';
import got from 'got';
const server = http.createServer((request, response) => {
    response.writeHead(503, { 'Retry-After': process.argv[2] }).end();
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
await got(`http://127.0.0.1:${server.address().port}/tasks/7`, {
    throwHttpErrors: false,
    retry: { calculateDelay({ computedValue }) {
        console.log(computedValue < 1000 ? `${computedValue} ms` : `${Math.round(computedValue / 3600e3)} h`);
        return 0;
    } },
});
server.close();
END
cat > "$tmp/urllib3_waits.py" <<'END'
import sys, urllib3
print('%.0f h' % (urllib3.Retry().parse_retry_after(sys.argv[1]) / 3600))
END

seen=$(
    for zone in Etc/UTC Asia/Shanghai America/Panama; do
        moment=$(date -u -d '+1 hour' '+%a %b %e %H:%M:%S %Y')
        export TZ=$zone PYTHONPATH=$tmp/usr/lib/python3/dist-packages
        echo "$zone: got waits $(node "$tmp/got.mjs" "$moment")," \
            "urllib3 $(python3 "$tmp/urllib3_waits.py" "$moment")"
    done
)
expected='Etc/UTC: got waits 1 h, urllib3 1 h
Asia/Shanghai: got waits 1 ms, urllib3 1 h
America/Panama: got waits 6 h, urllib3 1 h'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
