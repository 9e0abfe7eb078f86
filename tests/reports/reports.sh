#!/usr/bin/env bash
# What `harness run --report` writes, read by tools that are not ours:  reports.sh HARNESS CLAIM
# Runs from the root of the sources. Skips (77) when a tool is missing; under CI=true that fails, but for Chromium.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
harness=$1 claim=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset GITHUB_STEP_SUMMARY UNDERSTUDY_REPORT

fail() { printf '%s: %s\n' "$claim" "$*" >&2; exit 1; }
skip() { printf '%s is missing\n' "$1"; [[ ${CI:-} != true || $1 == chromium ]] || exit 1; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1"; }
need_npm() { need node; [[ -d build/npm/node_modules/tap-parser ]] || skip "build/npm (run ci/setup)"; }

# -- Three runs: one good, one that fails, one of a client whose output is an attack -----------------------------------

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
    node "$here/check.mjs" json "$scratch"/{good,bad,hostile}.json
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
    grep -q '<title>harness run: 1 of 1 scenarios not passed</title>' "$scratch/dom" || fail "a script ran"
    for width in 500 1200; do
        for theme in 0 1; do
            browser --window-size="$width,900" --blink-settings="preferredColorScheme=$theme" \
                --screenshot="$scratch/$width-$theme.png" "file://$scratch/bad.html"
            [[ $(width_of "$scratch/$width-$theme.png") == "$width" ]] || fail "no picture $width wide"
        done
        ! cmp -s "$scratch/$width-0.png" "$scratch/$width-1.png" || fail "dark looks like light"
    done
}

"$claim"
