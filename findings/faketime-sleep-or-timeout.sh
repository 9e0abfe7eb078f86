#!/usr/bin/env bash
# Under faketime a Python program has a sleep that works or a timeout that fires, never both, even with offset 0.
#
# Package   faketime 0.9.10 with its libfaketime (Debian 12: 0.9.10-2.1); python3.11 3.11.2 (3.11.2-6+deb12u6).
# Expected  An offset of "+0" changes nothing: time.sleep(0.1) sleeps, and Event.wait(0.2), with nobody to set the
#           event for two seconds, gives up after 0.2 s and returns False. --exclude-monotonic concerns programs that
#           look at the monotonic clock, and makes them safer.
# Seen      With +0, time.monotonic() no longer counts from the start of the machine but reads like the wall clock,
#           decades ahead. Python makes the deadline of the wait from that and hands it to sem_clockwait, which
#           libfaketime does not wrap: the wait ends only when the event is set, and returns True.
#           With --exclude-monotonic the timeout fires, and every time.sleep fails with "Invalid argument".
# So        A test bed that moves the clock of a polling client with faketime tries each way in which clients wait
#           (sleep, queue with timeout, condition, join) before it trusts one, and keeps a real time limit of its own
#           on every client: one that never gives up may be blameless.
set -eu
export LC_ALL=C
unset FAKETIME FAKETIME_DONT_FAKE_MONOTONIC DONT_FAKE_MONOTONIC

needs() { # PACKAGE VERSION: of Debian, installed
    have=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
    case $have in
        "$2"-*) ;;
        *) echo "skipped: needs $1 $2 of Debian, here is ${have:-none}"; exit 77 ;;
    esac
}
needs faketime 0.9.10
needs libfaketime 0.9.10
needs python3.11 3.11.2

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cat > "$tmp/waits.py" <<'END'
import select, threading, time

event = threading.Event()

def set_late():
    select.select([], [], [], 2)
    event.set()

try:
    time.sleep(0.1)
    slept = 'works'
except OSError as error:
    slept = 'fails: ' + error.strerror
threading.Thread(target=set_late).start()
fired = 'fires' if not event.wait(0.2) else 'does not fire'
print('sleep %s, timeout %s' % (slept, fired))
END

seen=$(
    echo "plain:                      $(/usr/bin/python3.11 "$tmp/waits.py")"
    echo "faketime +0:                $(faketime -f +0 /usr/bin/python3.11 "$tmp/waits.py")"
    echo "with --exclude-monotonic:   $(faketime --exclude-monotonic -f +0 /usr/bin/python3.11 "$tmp/waits.py")"
)
expected='plain:                      sleep works, timeout fires
faketime +0:                sleep works, timeout does not fire
with --exclude-monotonic:   sleep fails: Invalid argument, timeout fires'

printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'CHANGED, it was:\n%s\n' "$expected"; exit 1; }
