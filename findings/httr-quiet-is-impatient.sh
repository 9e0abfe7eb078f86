#!/usr/bin/env bash
# httr::RETRY obeys Retry-After only while it may print messages: quiet = TRUE turns the pause off.
#
# Package   R httr 1.4.5 (Debian 12: r-cran-httr 1.4.5+dfsg-1), and python3 for a server of a few lines.
# Expected  `quiet` is documented as "Suppress the message displaying how long until the next request"; how long that is,
#           is another matter. Retry-After comes with a 429 or a 503, in seconds or as a date (RFC 9110, 10.2.3).
# Seen      A 429 that asks for 5 s is left alone for 5 s; with quiet = TRUE for 1 to 2 s, httr's own pause: the header
#           is read inside of `if (!quiet)`. On a 503 it is never read. A date on a 429 ends the call with an error
#           without a second request, and with quiet = TRUE that same call succeeds.
# So        A poller in R reads Retry-After itself, or leaves quiet alone and the service says 429 and seconds. Whoever
#           silences a script for a cron job makes it a less polite one. A harness must run a client as it is deployed.
set -eu
export LC_ALL=C no_proxy=127.0.0.1
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT

have=$(dpkg-query -W -f='${Version}' r-cran-httr 2>/dev/null || true)
case $have in
    1.4.5+dfsg-*) ;;
    *) echo "skipped: needs r-cran-httr 1.4.5 of Debian, here is ${have:-none}"; exit 77 ;;
esac
command -v python3 >/dev/null || { echo "skipped: needs python3"; exit 77; }

cat > "$tmp/server.py" <<'END'
# /STATUS/seconds/NAME or /STATUS/date/NAME: refuses the first request for a path, asking for 5 s, and answers the others.
# /waited/... tells how long it was left alone.
import email.utils, http.server, time

times = {}

class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith('/waited'):
            seen = times[self.path[len('/waited'):]]
            waited = seen[1] - seen[0] if len(seen) > 1 else None
            told = 'never again' if waited is None else '5 s' if waited >= 4.9 else 'less than 3 s' if waited < 3 else '?'
            return self.reply(200, told.encode())
        times.setdefault(self.path, []).append(time.monotonic())
        if len(times[self.path]) > 1:
            return self.reply(200, b'done')
        _, status, form, _ = self.path.split('/')
        self.reply(int(status), b'busy', '5' if form == 'seconds' else email.utils.formatdate(time.time() + 5, usegmt=True))

    def reply(self, status, body, retry_after=None):
        self.send_response(status)
        if retry_after:
            self.send_header('Retry-After', retry_after)
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

cat > "$tmp/ask.R" <<'END'
base <- commandArgs(trailingOnly = TRUE)[1]
ask <- function(path, quiet) {
  whole <- paste0(path, "/", quiet)
  end <- tryCatch(paste("status", httr::status_code(suppressMessages(httr::RETRY("GET", paste0(base, whole), quiet = quiet)))),
                  error = function(e) "an error")
  waited <- httr::content(httr::GET(paste0(base, "/waited", whole)), "text", encoding = "UTF-8")
  cat(sprintf("%-12s quiet = %-5s asked again after: %-13s ends with %s\n", path, quiet, waited, end))
}
ask("/429/seconds", FALSE)
ask("/429/seconds", TRUE)
ask("/503/seconds", FALSE)
ask("/429/date", FALSE)
ask("/429/date", TRUE)
END
seen=$(Rscript --vanilla "$tmp/ask.R" "http://127.0.0.1:$(cat "$tmp/port")" 2>/dev/null)
expected='/429/seconds quiet = FALSE asked again after: 5 s           ends with status 200
/429/seconds quiet = TRUE  asked again after: less than 3 s ends with status 200
/503/seconds quiet = FALSE asked again after: less than 3 s ends with status 200
/429/date    quiet = FALSE asked again after: never again   ends with an error
/429/date    quiet = TRUE  asked again after: less than 3 s ends with status 200'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
