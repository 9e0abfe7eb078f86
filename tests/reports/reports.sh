#!/usr/bin/env bash
# What `harness run --report` writes, read by tools that are not ours:  reports.sh HARNESS CLAIM
# Runs from the root of the sources. Skips (77) when a tool is missing; under CI=true that fails, but for Chromium.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
harness=$1 claim=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset GITHUB_STEP_SUMMARY GITHUB_ACTIONS GITHUB_WORKSPACE GITLAB_CI CI_PROJECT_DIR UNDERSTUDY_REPORT

fail() { printf '%s: %s\n' "$claim" "$*" >&2; exit 1; }
skip() { printf '%s is missing\n' "$1"; [[ ${CI:-} != true || $1 == chromium ]] || exit 1; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1"; }
need_npm() { need node; [[ -d build/npm/node_modules/tap-parser ]] || skip "build/npm (run ci/setup)"; }

# -- Runs: one good, one that fails, one of a client whose output is an attack, one of three clients side by side --------

reports_in() {
    local name=$1 type
    for type in json junit html tap table; do
        printf -- '--report\n%s=%s/%s.%s\n' "$type" "$scratch" "$name" "$type"
    done
}

run() {
    local wanted=$1 name=$2 code=0 reports
    shift 2
    mapfile -t reports < <(reports_in "$name")
    "$harness" run "${reports[@]}" "$@" >"$scratch/$name.out" 2>&1 || code=$?
    [[ $code == "$wanted" ]] || fail "$name: exit code $code: $(tail -5 "$scratch/$name.out")"
}

good_run() { run 0 good doubao video --transport direct; }

failing_run() {
    mkdir -p "$scratch/doubao/scenarios"
    sed 's/doubao-blip-/doubao-wrong-/; s/"url": "[^"]*"/"url": "https:\/\/example.com\/<another>\&.mp4"/' \
        fixtures/doubao/scenarios/blip.json >"$scratch/doubao/scenarios/wrong.json"
    run 1 bad "$scratch/doubao/scenarios/wrong.json" doubao:success --transport direct
}

hostile_run() { need curl; run 1 hostile doubao:success -- sh "$here/hostile_client.sh"; }

# The good client, one that polls every second, one that polls once more after the end: "good", "hasty", "once-more".
side_by_side_run() {
    local name profiles=()
    need python3
    mkdir "$scratch/clients"
    PYTHONDONTWRITEBYTECODE=1 python3 "$here/clients.py" "$scratch/clients"
    for name in good hasty once-more; do profiles+=(--profile "$scratch/clients/$name.json"); done
    GITHUB_STEP_SUMMARY=$scratch/sides.md run 1 sides doubao:success doubao:unauthorized video:success -j 8 \
        --report github="$scratch/sides.github" "${profiles[@]}"
}

xpath() { xmllint --nonet --xpath "$1" "$2"; }

wants() {
    local got
    got=$(xpath "$2" "$3") || true
    [[ $got == "$1" ]] || fail "$3: $2 is \"$got\", not \"$1\""
}

# -- The claims ----------------------------------------------------------------------------------------------------

json_fits_its_schema() {
    need_npm
    good_run; failing_run; hostile_run
    run 0 shard video --transport direct --shard 2/5
    node "$here/check.mjs" json "$scratch"/{good,bad,hostile,shard}.json
    node "$here/check.mjs" refuses "$scratch/good.json"
    grep -q '"leak": *"its header Authorization"' "$scratch/hostile.json" || fail "no download"
}

tap_parses_strictly() {
    need_npm
    good_run; failing_run; hostile_run
    node "$here/check.mjs" tap "$scratch/good.tap" "$(grep -c '^ok' "$scratch/good.tap")" 0
    node "$here/check.mjs" tap "$scratch/bad.tap" 1 1
    node "$here/check.mjs" tap "$scratch/hostile.tap" 0 1
}

prove_passes_what_is_good_and_fails_what_is_not() {
    local name
    need prove
    good_run; failing_run; hostile_run
    run 0 known "$scratch/doubao/scenarios/wrong.json" --transport direct --known "$scratch/known.json" --update-known
    prove "$scratch/good.tap" "$scratch/known.tap" >"$scratch/said" 2>&1 || fail "$(cat "$scratch/said")"
    for name in bad hostile; do
        ! prove "$scratch/$name.tap" >"$scratch/said" 2>&1 || fail "$name passes"
        ! grep -q 'Parse errors' "$scratch/said" || fail "$(cat "$scratch/said")"
    done
    "$harness" run video:success --transport direct --report tap14 >"$scratch/said"
    [[ $(head -n 1 "$scratch/said") == 'TAP version 14' ]] || fail "no 14 on request"
}

junit_fits_the_xsd() {
    local name
    need xmllint
    good_run; failing_run; hostile_run
    for name in good bad hostile; do
        xmllint --nonet --noout --schema "$here/junit.xsd" "$scratch/$name.junit" || fail "$name.junit"
        wants true 'number(/testsuites/@tests) = count(//testcase)' "$scratch/$name.junit"
        wants true 'number(/testsuites/@failures) = count(//failure)' "$scratch/$name.junit"
        wants true 'sum(//testsuite/@tests) = count(//testcase)' "$scratch/$name.junit"
    done
    wants 0 'count(//failure)' "$scratch/good.junit"
    wants outcome 'string(//testcase[@name="wrong"]/failure/@type)' "$scratch/bad.junit"
    wants true 'contains(//system-out, "]]></system-out><failure/>&nbsp;&amp;")' "$scratch/hostile.junit"
    sed 's/<testcase /<testcase surprise="1" /' "$scratch/good.junit" >"$scratch/spoilt.junit"
    if xmllint --nonet --noout --schema "$here/junit.xsd" "$scratch/spoilt.junit" 2>/dev/null; then
        fail "the XSD takes anything"
    fi
}

html_shows_the_failure() {
    need xmllint
    failing_run
    sed 's/ xmlns="[^"]*"//' "$scratch/bad.html" >"$scratch/plain.html"
    xmllint --nonet --noout "$scratch/plain.html" || fail "not well-formed"
    wants true 'boolean(//section[@id="doubao.wrong"]/details[@open]//li/b[.="outcome"])' "$scratch/plain.html"
    wants false 'boolean(//section[@id="doubao.success"]/details/@open)' "$scratch/plain.html"
    wants true 'boolean(//section[@id="doubao.wrong"]//*[name()="svg"]/title)' "$scratch/plain.html"
    wants true 'contains(//section[@id="doubao.wrong"]//pre[@class="again"], "harness run")' "$scratch/plain.html"
    wants 12 'count(//section[@id="doubao.wrong"]//*[name()="use"][contains(@class, "mark")][not(contains(@class, "fault"))])' "$scratch/plain.html"
    wants 0 'count(//@src | //link | //script | //@href[not(starts-with(., "#"))])' "$scratch/plain.html"
    wants true 'count(//*[@id]) = count(//*[@id][not(@id = preceding::*/@id)])' "$scratch/plain.html"
}

output_of_a_client_stays_text() {
    need xmllint
    hostile_run
    sed 's/ xmlns="[^"]*"//' "$scratch/hostile.html" >"$scratch/plain.html"
    wants 0 'count(//script | //img | //@onerror)' "$scratch/plain.html"
    wants true 'contains(//section//pre, "</pre><script>")' "$scratch/plain.html"
    if grep -lP '[\x00-\x08\x0b-\x1f]|\xe2\x80\xae' "$scratch"/hostile.{html,junit,tap,table}; then
        fail "a control character went through"
    fi
    "$harness" run doubao:success --report github -- sh "$here/hostile_client.sh" >"$scratch/log" || true
    if grep -v '^::\(error\|notice\) ' "$scratch/log" || grep '^::error title=taken' "$scratch/log"; then
        fail "a line that the report did not mean"
    fi
}

github_annotates_and_summarises() {
    printf 'before\n' >"$scratch/summary.md"
    failing_run
    GITHUB_STEP_SUMMARY=$scratch/summary.md "$harness" run "$scratch/doubao/scenarios/wrong.json" --transport direct \
        --report github >"$scratch/log" || true
    grep -q "^::error file=$scratch/doubao/scenarios/wrong.json,title=doubao/wrong%3A outcome::claim " "$scratch/log" ||
        fail "$(cat "$scratch/log")"
    grep -q '^::notice title=harness run::0 passed, 1 failed' "$scratch/log" || fail "no notice"
    [[ $(head -1 "$scratch/summary.md") == before ]] || fail "the summary was not appended to"
    grep -q '^<tr><td>doubao/wrong</td><td>outcome</td>' "$scratch/summary.md" || fail "$(cat "$scratch/summary.md")"
}

the_same_seed_gives_the_same_bytes() {
    local type
    good_run; failing_run
    mkdir "$scratch/first"
    mv "$scratch"/{good,bad}.* "$scratch/first/"
    good_run; failing_run
    for type in json junit html tap table; do
        cmp "$scratch/first/good.$type" "$scratch/good.$type" || fail "$type differs"
        cmp "$scratch/first/bad.$type" "$scratch/bad.$type" || fail "$type of a failure differs"
    done
}

# Which of the three fails what: hasty where it may poll every five seconds, once-more where there is an end.
several_clients_are_told_apart() {
    local page=$scratch/plain.html table='//table[contains(@class, "clients")]' rules column row kind
    need_npm; need xmllint
    side_by_side_run
    node "$here/check.mjs" json "$scratch/sides.json"
    node "$here/check.mjs" refuses "$scratch/sides.json"
    node "$here/check.mjs" tap "$scratch/sides.tap" 6 3
    [[ $(grep -c '^ok . - good: ' "$scratch/sides.tap") == 3 ]] || fail "$(grep '^[on].*ok' "$scratch/sides.tap")"
    grep -q '^not ok 4 - hasty: doubao/success$' "$scratch/sides.tap" || fail "hasty is not the second"
    [[ $(grep '^client' "$scratch/sides.table") == $'client good\nclient hasty\nclient once-more' ]] || fail "the table's headings"
    grep -q '^once-more  *1 passed, 2 failed, 0 unclear, 0 skipped$' "$scratch/sides.table" || fail "the table's summary"
    grep -q ',title=once-more%3A video/success%3A ' "$scratch/sides.github" || fail "$(cat "$scratch/sides.github")"
    grep -q '^<tr><td>hasty</td><td>2</td><td>1</td><td>0</td><td>0</td></tr>$' "$scratch/sides.md" || fail "$(cat "$scratch/sides.md")"

    xmllint --nonet --noout --schema "$here/junit.xsd" "$scratch/sides.junit" || fail "sides.junit"
    wants true 'number(/testsuites/@tests) = count(//testcase)' "$scratch/sides.junit"
    wants 6 'count(//testsuite)' "$scratch/sides.junit"
    wants 1 'count(//testcase[@classname="hasty.doubao"][@name="success"]/failure)' "$scratch/sides.junit"
    wants 0 'count(//testcase[starts-with(@classname, "good.")]/failure)' "$scratch/sides.junit"
    [[ -z $(grep -o 'classname="[^"]*" name="[^"]*"' "$scratch/sides.junit" | sort | uniq -d) ]] || fail "two cases of one name"

    sed 's/ xmlns="[^"]*"//' "$scratch/sides.html" >"$page"
    wants 2 "count($table)" "$page"
    for row in '1 1 good' '2 1 bad' '3 1 bad' '1 2 good' '2 2 good' '3 2 good'; do
        read -r column row kind <<<"$row"    # client, scenario (success, unauthorized), what the first made of the second
        wants "$kind" "string(($table)[1]/tbody/tr[$row]/td[$((column + 1))]/@class)" "$page"
    done
    rules='//table[contains(caption, "a client broke a rule")]'
    column="count($rules/thead//th[.=\"terminal\"]/preceding-sibling::th)"
    wants '2 ×' "string($rules//tr[th=\"once-more\"]/td[$column])" "$page"
    wants '1 of 3' "string($rules//tr[th=\"once-more\"]/td[1])" "$page"
    wants good "string($rules//tr[th=\"hasty\"]/td[$column]/@class)" "$page"
    wants true 'boolean(//section[@id="once-more:video.success"]/details[@open]//*[name()="svg"])' "$page"
    wants 0 'count(//@href[not(substring(., 2) = //@id)])' "$page"
    wants 0 'count(//@src | //link | //script)' "$page"
    wants true 'count(//*[@id]) = count(//*[@id][not(@id = preceding::*/@id)])' "$page"
}

a_repeated_failure_is_of_its_client_alone() {
    local again
    side_by_side_run
    again=$(sed -n '/^not ok 4 - hasty/,/^ok/ s/^#   again *//p' "$scratch/sides.tap")
    [[ $again == *" --profile $scratch/clients/hasty.json" ]] || fail "$again"
    again="PATH=${harness%/*}:$PATH; $again --report tap"
    bash -c "$again" >"$scratch/again" && fail "it passed"
    [[ $(grep -c '^[on].*ok' "$scratch/again") == 1 ]] || fail "$(cat "$scratch/again")"
    grep -q '^not ok 1 - doubao/success$' "$scratch/again" || fail "$(cat "$scratch/again")"
    grep -q '^#   rule *interval' "$scratch/again" || fail "another rule"
}

browser() {
    HOME=$scratch timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
        --user-data-dir="$scratch/chromium" "$@" 2>/dev/null
}

# A PNG's width stands in bytes 17 to 20.
width_of() { od -An -tu1 -j16 -N4 "$1" | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }'; }

a_browser_shows_the_page() {
    local width theme
    need chromium
    failing_run; hostile_run
    browser --dump-dom "file://$scratch/bad.html" >"$scratch/dom"
    grep -q '<section id="doubao.wrong"><details open="' "$scratch/dom" || fail "the failure is not open"
    grep -q '<b class="bad">outcome</b> (REQUIRED): wanted the URL' "$scratch/dom" || fail "no finding"
    browser --dump-dom "file://$scratch/hostile.html" >"$scratch/dom"
    grep -q '<title>harness run: [^<]*: 1 of 1 scenarios not passed</title>' "$scratch/dom" || fail "a script ran"
    for width in 500 1200; do
        for theme in 0 1; do
            browser --window-size="$width,900" --blink-settings="preferredColorScheme=$theme" \
                --screenshot="$scratch/$width-$theme.png" "file://$scratch/bad.html"
            [[ $(width_of "$scratch/$width-$theme.png") == "$width" ]] || fail "no picture $width wide"
        done
        ! cmp -s "$scratch/$width-0.png" "$scratch/$width-1.png" || fail "dark looks like light"
    done
}

a_browser_shows_clients_side_by_side() {
    local width
    need chromium
    side_by_side_run
    browser --dump-dom "file://$scratch/sides.html" >"$scratch/dom"
    grep -q '<title>harness run: 3 clients: 3 of 9 clients x scenarios not passed</title>' "$scratch/dom" || fail "no title"
    grep -q '<h2 id="hasty:">hasty</h2>' "$scratch/dom" || fail "no part for a client"
    for width in 500 1200; do
        browser --window-size="$width,900" --screenshot="$scratch/$width.png" "file://$scratch/sides.html"
        [[ $(width_of "$scratch/$width.png") == "$width" ]] || fail "no picture $width wide"
    done
}

# What the schema takes the program takes, and what it refuses the program refuses, with line and column.
what_check_finds_fits_its_schema() {
    local code=0
    need_npm
    cp -r fixtures/video "$scratch/video"
    printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"task_id":7,"status":"waiting","eta":5}' \
        >"$scratch/video/replies/queued.http"
    "$harness" check "$scratch" --report json="$scratch/check.json" >"$scratch/out" 2>&1 || code=$?
    [[ $code == 1 ]] || fail "exit code $code: $(cat "$scratch/out")"
    node "$here/check.mjs" check "$scratch/check.json"
}

profiles_fit_their_schema() {
    local profile code
    need_npm
    mkdir "$scratch/profiles"
    node "$here/check.mjs" profiles "$scratch/profiles"
    for profile in "$scratch"/profiles/*.json tests/clients/profile.json; do
        code=0
        if [[ $profile == */profiles/* ]]; then
            "$harness" run doubao:missing --profile "$profile" >"$scratch/out" 2>&1 || code=$?
        else
            "$harness" run doubao:missing --profile "$profile" -- true >"$scratch/out" 2>&1 || code=$?
        fi
        if [[ $profile == */bad-* ]]; then
            grep -qE "bad-[0-9]+\.json:1:[0-9]+: " "$scratch/out" || fail "$(cat "$profile") is taken: $(cat "$scratch/out")"
        else
            grep -q '^1 scenario' "$scratch/out" || fail "$(cat "$profile"): $(cat "$scratch/out")"
        fi
    done
}

"$claim"
