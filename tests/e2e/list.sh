# What there is can be listed, which fixtures are taken can be asked, and every program says its version.
. "$(dirname "$0")/lib.sh"
known=(--fixtures "$FIXTURES")
harness=("$BIN/harness")
mock=("$BIN/mockserver")

# -- list ---------------------------------------------------------------------------------------------------------

upstreams=$(cd "$FIXTURES" && for dir in */; do echo "${dir%/}"; done)
is "every upstream has a line" "$("${harness[@]}" list "${known[@]}" | awk '{ print $1 }')" "$upstreams"
is "and is an object with --json" \
    "$("${harness[@]}" list upstreams --json "${known[@]}" | jq -r '.upstreams[].name')" "$upstreams"
all=$(ls "$FIXTURES"/*/scenarios/*.json | wc -l)
is "every scenario has a line" "$("${harness[@]}" list scenarios "${known[@]}" | wc -l)" "$all"
is "words choose as for harness run" "$("${harness[@]}" list 'video:succ*,failure' "${known[@]}" | awk '{ print $1 }')" \
    $'video:success\nvideo:failure'
is "also with --json" "$("${harness[@]}" list doubao/success --json "${known[@]}" | jq -rc '[.scenarios[] | .upstream, .name]')" \
    '["doubao","success"]'
like "a rule says what it demands" "$("${harness[@]}" list rules "${known[@]}")" "*retry-after *waits as long as*"
like "and how much it weighs" "$("${harness[@]}" list rules --json "${known[@]}")" '*{"name":"outcome","level":"REQUIRED",*'
like "a fault says what it takes" "$("${harness[@]}" list faults "${known[@]}")" "*delay: TIME *"
for kind in upstreams scenarios faults; do
    is "mockserver lists the same $kind" "$("${mock[@]}" list "$kind" --json "${known[@]}" | md5sum)" \
        "$("${harness[@]}" list "$kind" --json "${known[@]}" | md5sum)"
done
serve
is "and the admin pages tell the same" "$(get "$url/_mock/scenarios" | jq -c .scenarios)" \
    "$("${harness[@]}" list scenarios --json "${known[@]}" | jq -c .scenarios)"
is "a slip is answered with the nearest list" "$("${harness[@]}" list sceanrios "${known[@]}" 2>&1; echo $?)" \
    $'harness: nothing is called "sceanrios"; nearest: scenarios\n2'
is "of the mock's too" "$("${mock[@]}" list fault 2>&1; echo $?)" $'mockserver: fault: nothing to list; there is faults\n2'

# -- healthcheck --------------------------------------------------------------------------------------------------

is "a mock that answers is well" "$("${mock[@]}" healthcheck --listen "${url#http://}" 2>&1; echo $?)" 0
is "all interfaces are asked by the loopback one" \
    "$(UNDERSTUDY_LISTEN=0.0.0.0:${url##*:} "${mock[@]}" healthcheck 2>&1; echo $?)" 0
kill "$pid"; wait "$pid"
like "one that is gone is not" "$("${mock[@]}" healthcheck --listen "${url#http://}" 2>&1; echo $?)" \
    $'mockserver: 127.0.0.1:*: Connection refused\n3'
like "port 0 is nobody's" "$("${mock[@]}" healthcheck --listen 127.0.0.1:0 2>&1; echo $?)" $'*not an address and port*\n2'

# -- where --------------------------------------------------------------------------------------------------------

cp -rL "$FIXTURES/video" "$scratch/video"
mkdir -p "$scratch/here" "$scratch/bin" "$scratch/share/understudy"
cp "$BIN/harness" "$scratch/bin/"
cd "$scratch/here" || exit 1
moved=$scratch/bin/harness
where() { "$moved" where "$@" 2>&1; echo "$?"; }
like "nowhere: an error, and where they were looked for" "$(where)" \
    $'  --fixtures *not given\n  UNDERSTUDY_FIXTURES *not set\n*./fixtures *no folder*beside the program *no folder*installed with it *no folder*\n3'
mkdir -p "$scratch/share/understudy/fixtures" && cp -r "$scratch/video" "$scratch/share/understudy/fixtures/"
like "installed with it" "$(where)" "$(realpath "$scratch")/share/understudy/fixtures"$'\n*installed with it *taken*\n0'
mkdir -p "$scratch/bin/fixtures" && cp -r "$scratch/video" "$scratch/bin/fixtures/"
like "beside the program comes before" "$(where)" \
    "$(realpath "$scratch")/bin/fixtures"$'\n*beside the program *taken*installed with it *not needed*\n0'
is "harness run takes those" "$("$moved" run video:success --transport direct 2>&1 | grep -c '1 passed')" 1
mkdir fixtures && cp -r "$scratch/video" fixtures/
like "./fixtures comes before" "$(where)" "$(realpath "$scratch")/here/fixtures"$'\n*./fixtures *taken*\n0'
like "a variable comes before" "$(UNDERSTUDY_FIXTURES=$scratch/bin/fixtures where)" \
    "$(realpath "$scratch")/bin/fixtures"$'\n*UNDERSTUDY_FIXTURES *set\n*given *taken*\n0'
like "--fixtures comes first" "$(UNDERSTUDY_FIXTURES=$scratch/none where --fixtures "$scratch/bin/fixtures")" \
    "$(realpath "$scratch")/bin/fixtures"$'\n  --fixtures *given\n*not set\n*given *taken*\n0'

# -- version, help, and what to run next --------------------------------------------------------------------------

for program in harness mockserver taskpoll; do
    like "$program says its version" "$("$BIN/$program" --version; echo $?)" "$program [0-9]*.[0-9]*.[0-9]*"$'\n0'
done
is "help is help" "$("$BIN/harness" help)" "$("$BIN/harness" --help)"
next=$("$BIN/harness" run "${known[@]}" doubao:success,failure --report json=r.json -- false 2>&1 | sed -n 's/^next: \(.*\) runs these 2 alone/\1/p')
like "several failures say what to run next" "$next" "harness run --failed r.json --fixtures $FIXTURES"
like "which runs them" "$(PATH=$BIN:$PATH eval "$next" 2>&1)" "*2 scenarios of 1 upstream: 0 passed*"
