#!/usr/bin/env bash
# Claim: ci/tidy flags every bad habit, names file, line and rule, and leaves good code alone.
# Each case is a small tree made here, what must be found in it, and whether that fails.
set -euo pipefail
tidy=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../ci" && pwd)/tidy
command -v clang-format >/dev/null || { echo "skipped: no clang-format"; exit 77; }
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cases=0 wrong=0

# file PATH: a file of the next case, from standard input.
file() { mkdir -p "$tree/$(dirname "$1")"; cat >"$tree/$1"; }

# A C file of one function around a statement; the statement is on line 5.
statement() { file "$1" <<<$'/* A case. */\nint f(void);\nint f(void)\n{\n    '"$2"$'\n}'; }

# expect EXIT [LINE...]: runs tidy on the case's tree; every LINE is in its output, and no other finding.
expect() {
    local want=$1 got=0 output line
    shift
    output=$("$tidy" "$tree" 2>&1) || got=$?
    cases=$((cases + 1))
    if [[ $got != "$want" || $(grep -c ': ' <<<"$output") != $(($# + 1)) ]]; then
        printf 'not ok: wanted exit %s and %s findings, got exit %s and:\n%s\n' "$want" $# "$got" "$output"
        wrong=$((wrong + 1))
    fi
    for line in "$@"; do
        grep -qF -- "$line" <<<"$output" || { printf 'not ok: no "%s" in:\n%s\n' "$line" "$output"; wrong=$((wrong + 1)); }
    done
    rm -rf "${tree:?}"/*
}

# Good code is left alone: words in comments and strings, members and names that only look like banned calls.
file base/clock_real.c <<<$'/* The one place that asks the machine. */\n#include <time.h>\nlong f(void);\nlong f(void)\n{\n    return time(0);\n}'
file harness/external/preload/clockwait.c <<<$'/* Another. */\nint f(void);\nint f(void)\n{\n    return clock_gettime(0, 0);\n}'
file client/a.c <<'C'
/* Never calls system(). */
#include "base/err.h"
#include "client/client.h"
#include <curl/curl.h>
int f(struct g *g);
int f(struct g *g)
{
    /* strcpy(a, b) and
     * sleep(1) are banned */
    const char *text = "time(0) \" rand()"; // popen()
    return g->time(text) + g->clock.sleep(1) + my_time(2) + '"' + times(3);
}
C
expect 0

# Which way includes point.
file base/a.c <<<$'/* A case. */\n#include "client/client.h"'
file client/a.c <<<$'/* A case. */\n#include "base/err.h"\n#include "mockserver/mock.h"'
file mockserver/a.h <<<$'/* A case. */\n#include "client/client.h"'
file client/b.c <<<$'/* A case. */\n#include "harness/lab.h"'
file harness/a.c <<<$'/* A case. */\n#include "client/client.h"\n#include "mockserver/mock.h"\n#include "../base/err.h"'
expect 1 'base/a.c:2: downhill: base/ does not see client/' 'client/a.c:3: downhill: client/ does not see mockserver/' \
    'mockserver/a.h:2: downhill: ' 'client/b.c:2: downhill: ' 'harness/a.c:4: downhill: no .. in an include'

# One door per dependency, and never in a header.
file mockserver/a.c <<<$'/* A case. */\n#include <civetweb.h>\n#include <openssl/evp.h>\n#include <openssl/rand.h>'
file mockserver/b.c <<<$'/* A case. */\n#include "civetweb.h"'
file client/c.c <<<$'/* A case. */\n#include <curl/curl.h>'
file harness/c.c <<<$'/* A case. */\n#include <curl/curl.h>'
file base/json.h <<<$'/* A case. */\n#include <cJSON.h>'
expect 1 'mockserver/b.c:2: one-door: CivetWeb already has its door in this folder: mockserver/a.c' \
    'base/json.h:2: one-door: a header shows cJSON'

# Banned calls, each with what to use instead.
for call in strcpy strcat sprintf vsprintf strncpy strncat stpcpy gets strtok atoi atol atoll atof rand srand random \
    system popen tmpnam tempnam mktemp time clock_gettime gettimeofday sleep usleep nanosleep localtime gmtime ctime \
    alloca cJSON_Compare cJSON_GetObjectItem cJSON_HasObjectItem cJSON_Print cJSON_PrintUnformatted; do
    statement client/a.c "return $call(0);"
    expect 1 "client/a.c:5: banned-call: $call: use "
done
statement client/a.c 'return sscanf(a, "%d %s", b, c);'
expect 1 'client/a.c:5: banned-call: scanf with %s'
statement base/clock_manual.c 'return time(0);'
expect 1 'base/clock_manual.c:5: banned-call: time: use clock_now'

# The first line says what the file is for; what is left to do is done.
file base/a.h <<<$'#include <stddef.h>\n/* FIXME later */'
expect 1 'base/a.h:1: first-line: ' 'base/a.h:2: todo: '

# Layout.
statement base/a.c 'return  1;'
expect 1 'base/a.c:5: layout: run clang-format -i'

# Signs do not fail.
{ echo '/* A case. */'; for _ in $(seq 401); do echo 'extern int a;'; done; } | file base/long.c
{ printf '/* A case. */\nint f(void);\nint f(void)\n{\n'; for _ in $(seq 69); do echo '    g();'; done; echo '}'; } | file base/deep.c
printf 'See https:/%s\nand %s/me/x.\n' /registry.example.org/x /home | file docs/a.md
expect 0 'base/long.c:1: warning: 402 lines' 'base/deep.c:4: warning: a function of 71 lines' \
    'docs/a.md:1: warning: a registry host' 'docs/a.md:2: warning: a path of one machine'

printf '%s cases, %s wrong\n' "$cases" "$wrong"
[[ $wrong == 0 ]]
