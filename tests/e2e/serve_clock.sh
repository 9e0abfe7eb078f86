# Time that polls move (--clock auto), and the jump to the next change: no script sleeps, and all see the same.
. "$(dirname "$0")/lib.sh"

json=(-H 'Content-Type: application/json')
poll() { get "${bearer[@]}" "$url/$1/v1/video/generations/$2" | jq -r .data.status; }
now() { get "$url/_mock/clock" | jq .now; }
move() { get "${json[@]}" -d "$1" "$url/_mock/clock"; }
polls_until_success() { # MOUNT ID: polls without sleep; says what it saw, each with its count
    local status=
    for _ in {1..100}; do
        [ "$status" != success ] || break
        status=$(poll "$1" "$2")
        echo "$status"
    done | uniq -c | xargs
}

serve --clock auto
began=$(now)
is "the clock says its kind" "$(get "$url/_mock/clock" | jq -r .clock) $(get "$url/_mock/health" | jq -r .clock)" "auto auto"
# 30 s queued and 90 s in progress, asked every 5 s
steps="6 queued 18 in_progress 1 success"
is "a client that does not sleep gets to the end" "$(polls_until_success doubao:slow a)" "$steps"
is "in two minutes of the mock's time" $(($(now) - began)) 120000
is "another run sees the same" "$(polls_until_success doubao:slow b)" "$steps"
is "steps that count polls end as ever" "$(polls_until_success doubao c)" "2 queued 2 in_progress 1 success"
before=$(now)
get "${bearer[@]}" -I -o /dev/null "$url/doubao:slow/v1/video/generations/a"
is "HEAD moves nothing" "$(now)" "$before"
status "$url/doubao:slow/v1/video/generations/a" >"$scratch/refused"
is "nor does a request that is refused" "$(now) $(<"$scratch/refused")" "$before 401"
is "an answer that is held up takes its time on the clock alone" \
    "$(began=$(now); poll doubao:late d >/dev/null; poll doubao:late d; echo $(($(now) - began)))" $'in_progress\n8000'
is "tasks asked in turns share their intervals" \
    "$(began=$(now); for _ in 1 2 3; do for id in e f g; do poll doubao:slow $id; done; done | sort | uniq -c | xargs
       echo $(($(now) - began)))" $'9 queued\n10000'
is "the journal tells when each poll counts as made" \
    "$(get "$url/_mock/journal?task=b&limit=3" | jq -c '[.entries | .[].began - .[0].began]')" "[0,5000,10000]"

# Two clients at once: each poll that repeats an answer takes an interval, whoever makes it.
began=$(now)
url_of() { for _ in {1..40}; do echo "url = $url/doubao:slow/v1/video/generations/crowd"; echo 'output = /dev/null'; done; }
url_of >"$scratch/urls"
get "${bearer[@]}" -K "$scratch/urls" & one=$!
get "${bearer[@]}" -K "$scratch/urls" & two=$!
wait $one $two
is "clients at once count as one after the other" \
    "$(get "$url/_mock/journal?task=crowd" | jq -c '.entries | [length, (map(select(.state == "queued")) | length), (map(select(.state == "running")) | length)]')" \
    "[80,6,18]"
is "and share no interval" $(($(now) - began)) $(((80 - 3) * 5000 + 2 * 5000))
is "an auto clock can be moved too" "$(before=$(now); move '{"advance":"1h"}' >/dev/null; echo $(($(now) - before)))" 3600000

serve --clock manual
is "where no task is nothing comes next" "$(status "${json[@]}" -d '{"to":"next"}' "$url/_mock/clock")" 409
began=$(now)
is "by jumps three polls get to the end" \
    "$(poll doubao:slow a; move '{"to":"next"}' >/dev/null; poll doubao:slow a; move '{"to":"next"}' >/dev/null; poll doubao:slow a)" \
    $'queued\nin_progress\nsuccess'
is "each jump is as long as its step" $(($(now) - began)) 120000
like "past the last step time changes nothing" "$(move '{"to":"next"}')" '*time changes nothing*'
poll doubao:slow b >/dev/null
move '{"advance":"10s"}' >/dev/null
poll video:slow c >/dev/null
like "the nearest of other words" "$(move '{"to":"next","tsk":"b"}')" '*unknown key tsk; the nearest is task*'
before=$(now)
is "a task can be named" "$(move '{"to":"next","task":"b","upstream":"doubao"}' | jq .now)" $((before + 20000))
is "and is due then" "$(poll doubao:slow b)" in_progress

# An answer under way: its end is next, whatever its task.
poll doubao:late held >/dev/null
before=$(now)
poll doubao:late held >"$scratch/held" & held=$!
until [ "$(get "$url/_mock/tasks?task=held" | jq '.tasks[0].polls')" = 2 ]; do :; done
until [ "$(now)" != "$before" ]; do move '{"to":"next"}' >/dev/null; done
wait $held
is "a jump ends the wait of an answer" "$(<"$scratch/held")" in_progress
