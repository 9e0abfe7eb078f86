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

# source_file PATH LINE...: a C file; its first LINE is line 2.
source_file() {
    local path=$1
    shift
    { echo '/* A case. */'; [[ $# == 0 ]] || printf '%s\n' "$@"; } | file "$path"
}

# header PATH LINE...: a header in its guard; its first LINE is line 4.
header() {
    local path=$1 guard
    shift
    guard=UNDERSTUDY_$(tr '[:lower:]/.' '[:upper:]__' <<<"$path")
    source_file "$path" "#ifndef $guard" "#define $guard" "$@" '#endif'
}

# room PATH LIST...: a room's CMakeLists.txt; its first LIST, "SOURCES a.c", is line 3.
room() {
    local path=$1
    shift
    { echo '# A room.'; echo 'understudy_room(case'; printf '    %s\n' "$@"; echo ')'; } | file "$path/CMakeLists.txt"
}

# A folder of product code that a case says nothing of becomes a room of its sources.
other_rooms() {
    local dir
    find "$tree" -name '*.c' -not -path "$tree/tests/*" -not -path "$tree/fuzz/*" -not -path '*/examples/*' -printf '%h\n' |
        sort -u | while read -r dir; do
        [[ -e $dir/CMakeLists.txt ]] || room "${dir#"$tree"/}" "SOURCES $(cd "$dir" && echo *.c)"
    done
}

# expect EXIT [LINE...]: runs tidy on the case's tree; every LINE is in its output, and no other finding.
expect() {
    local want=$1 got=0 output line
    shift
    other_rooms
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
source_file base/a.c '#include "client/client.h"'
source_file client/a.c '#include "base/err.h"' '#include "mockserver/mock.h"'
header mockserver/a.h '#include "client/client.h"'
source_file mockserver/a.c
source_file client/b.c '#include "harness/lab.h"'
source_file harness/a.c '#include "client/client.h"' '#include "mockserver/mock.h"' '#include "../base/err.h"'
expect 1 'base/a.c:2: downhill: base/ does not see client/' 'client/a.c:3: downhill: client/ does not see mockserver/' \
    'mockserver/a.h:4: downhill: ' 'client/b.c:2: downhill: ' 'harness/a.c:4: downhill: no .. in an include'

# The same by other spellings.
source_file client/a.c '#include <mockserver/mock.h>' '#include UP' '#include /* up */ "mockserver/mock.h"' \
    '#include "mockserver//mock.h"' '#include "./mockserver/mock.h"'
expect 1 'client/a.c:2: downhill: client/ does not see mockserver/' 'client/a.c:3: downhill: an include that hides' \
    'client/a.c:4: downhill: an include that hides' 'client/a.c:4: downhill: client/ does not see' \
    'client/a.c:5: downhill: no // and no ./' 'client/a.c:5: downhill: client/ does not see' \
    'client/a.c:6: downhill: no // and no ./' 'client/a.c:6: downhill: client/ does not see'

# A small house in order; the cases after it spoil one thing each.
house() {
    room base 'SOURCES err.c' 'SHOWS err.h'
    header base/err.h 'struct err {' '    int code;' '};'
    source_file base/err.c '#include "err.h"'
    header client/client.h
    room client/http 'SOURCES http.c' 'SHOWS http.h # (and not inner.h)' 'SEES base'
    header client/http/http.h '#include "base/err.h"' '#include "client/client.h"'
    header client/http/inner.h 'struct inner {' '    int code;' '};'
    source_file client/http/http.c '#include "http.h"' '#include "inner.h"'
    room client/poll 'SOURCES poll.c' 'SEES client/http'
    header client/poll/poll.h '#include "client/http/http.h"'
    source_file client/poll/poll.c '#include "poll.h"' 'struct own {' '    int code;' '};'
    source_file tests/client/test.c '#include "client/http/inner.h"' '#include "client/poll/poll.h"'
    source_file fuzz/reply.c '#include "client/http/http.h"' 'struct own {' '    int code;' '};'
    source_file client/examples/wait.c '#include <understudy/client.h>'
}
house
expect 0

# Rooms: what a room sees, and what it shows.
house
source_file client/poll/poll.c '#include "poll.h"' '#include "base/err.h"'
expect 1 'client/poll/poll.c:3: rooms: client/poll does not see base: add it to SEES in client/poll/CMakeLists.txt'
house
source_file client/poll/poll.c '#include "client/http/inner.h"'
source_file fuzz/reply.c '#include "client/http/inner.h"'
expect 1 'client/poll/poll.c:2: rooms: client/http does not show this header' \
    'fuzz/reply.c:2: rooms: client/http does not show this header'
# Rooms: no way leads up, not even over a third.
house
room client/http 'SOURCES http.c up.c' 'SHOWS http.h' 'SEES base client/above'
source_file client/http/up.c '#include "client/above/above.h"'
room client/above 'SHOWS above.h' 'SEES client/poll'
header client/above/above.h '#include "client/poll/poll.h"'
room client/poll 'SOURCES poll.c' 'SHOWS poll.h' 'SEES client/http'
expect 1 'client/http/CMakeLists.txt:5: rooms: SEES points up, client/http -> client/above -> client/poll -> client/http' \
    'client/above/CMakeLists.txt:4: rooms: SEES points up, client/above -> client/poll' \
    'client/poll/CMakeLists.txt:5: rooms: SEES points up, client/poll -> client/http'
# Rooms: each sees only what the list of its folder names before it.
house
file client/CMakeLists.txt <<<$'# Rooms.\nforeach(room poll http)\nendforeach()'
expect 1 'client/poll/CMakeLists.txt:4: rooms: SEES client/http, which stands later in the list of client/CMakeLists.txt'
house
header client/poll.h
expect 1 'client/poll.h:1: rooms: no room: give client/ a CMakeLists.txt'
# Rooms: what is listed exists and is used.
house
room client/poll 'SOURCES poll.c' 'SHOWS poll.h gone.h' 'SEES client/http base client/gone'
expect 1 'client/poll/CMakeLists.txt:4: rooms: SHOWS poll.h: no other room includes it' \
    'client/poll/CMakeLists.txt:4: rooms: SHOWS gone.h: there is no such header' \
    'client/poll/CMakeLists.txt:5: rooms: SEES base: nothing here includes from it' \
    'client/poll/CMakeLists.txt:5: rooms: SEES client/gone: there is no such room'
# Rooms: every source is in a target, every room has a sign of one sentence, and every folder is a room.
house
source_file client/poll/more.c
expect 1 'client/poll/more.c:1: rooms: in no target: add it to SOURCES in client/poll/CMakeLists.txt'
house
file base/CMakeLists.txt <<<$'understudy_room(case SOURCES err.c SHOWS err.h)\n# Too late.'
file client/poll/CMakeLists.txt <<<$'# Polls. Also,\n# waits.\nunderstudy_room(case SOURCES poll.c SEES client/http)'
expect 1 'base/CMakeLists.txt:1: rooms: no sign' 'client/poll/CMakeLists.txt:1: rooms: no sign'
house
file client/poll/CMakeLists.txt <<<$'# Not the call.\n# understudy_room(case SOURCES poll.c SEES client/http)'
header client/more/more.h
expect 1 'client/poll/poll.c:1: rooms: no room: give client/poll/ a CMakeLists.txt' \
    'client/more/more.h:1: rooms: no room: give client/more/ '

# No circle of files; a .c and its .h are one.
house
header client/http/inner.h '#include "http.h"'
expect 1 'circle: client/http/http -> client/http/inner -> client/http/http: move what they share'
header tests/mock/a.h '#include "b.h"'
header tests/mock/b.h
source_file tests/mock/b.c '#include "b.h"' '#include "c.h"'
header tests/mock/c.h '#include "a.h"'
source_file tests/mock/d.c '#include "a.h"' '#include "c.h"'
expect 1 'tests/mock/c.h:4: circle: tests/mock/a -> tests/mock/b -> tests/mock/c -> tests/mock/a: '

# One name for one type, where both can be met. A type of one .c file is its own.
house
header client/poll/poll.h '#include "client/http/http.h"' 'struct inner {' '    int n;' '};'
source_file base/err.c '#include "err.h"' 'struct inner {' '    int n;' '};'
source_file tests/client/test.c '#include "client/poll/poll.h"' 'struct err {' '    int n;' '};'
expect 1 'client/poll/poll.h:5: one-name: struct inner is also a type of client/http/inner.h: rename one' \
    'tests/client/test.c:3: one-name: struct err is also a type of base/err.h'

# Guards are made from the path.
source_file base/a.c
source_file base/a.h '#ifndef UNDERSTUDY_A_H' '#define UNDERSTUDY_A_H' '#endif'
source_file base/b.h '#ifndef UNDERSTUDY_BASE_B_H' '#define UNDERSTUDY_BASE_B' '#endif'
source_file tests/base/no-guard.h 'extern int a;'
expect 1 'base/a.h:2: guard: begin with #ifndef and #define UNDERSTUDY_BASE_A_H' \
    'base/b.h:3: guard: begin with #ifndef and #define UNDERSTUDY_BASE_B_H' \
    'tests/base/no-guard.h:2: guard: begin with #ifndef and #define UNDERSTUDY_TESTS_BASE_NO_GUARD_H'

# One door per dependency, and never in a header.
file mockserver/a.c <<<$'/* A case. */\n#include <civetweb.h>\n#include <openssl/evp.h>\n#include <openssl/rand.h>'
file mockserver/b.c <<<$'/* A case. */\n#include "civetweb.h"'
file client/c.c <<<$'/* A case. */\n#include <curl/curl.h>'
file harness/c.c <<<$'/* A case. */\n#include <curl/curl.h>'
header base/json.h '#include <cJSON.h>'
source_file base/json.c
expect 1 'mockserver/b.c:2: one-door: CivetWeb already has its door in this folder: mockserver/a.c' \
    'base/json.h:4: one-door: a header shows cJSON'

# A constant that gives away a second copy.
statement client/a.c 'return h * UINT64_C(1099511628211);'
source_file base/hash.c
header base/hash.h 'enum { STEP = 16777619 };'
expect 1 'client/a.c:5: one-place: 1099511628211 belongs to base/hash.h: use hash64_add'

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

# One dialect. A pointer in a condition is p or !p; as a value it is compared.
for bad in 'if (p == NULL)' 'while (n && (p = next(p)) != NULL)' 'for (; p != NULL; p++)'; do
    statement base/a.c "$bad"$'\n        g();'
    expect 1 'base/a.c:5: dialect: a pointer in a condition is p or !p'
done
for bad in 'return n > 0 && p != NULL;' 'bool b = NULL == p || n;' 'return p != NULL ? 1 : 2;' \
    $'return a_count_with_a_long_name_of_its_own > 0 || another_count_with_a_longer_name > 0\n        || p != NULL;'; do
    statement base/a.c "$bad"
    expect 1 ': dialect: a pointer in a condition is p or !p'
done
for good in 'bool b = p != NULL;' $'if (a && b)\n        return p == NULL;' 'return f(p != NULL, "p && q");'; do
    statement base/a.c "$good"
    expect 0
done
statement tests/base/a.c $'if (p != NULL)\n        g();'
expect 0
# sizeof x; braces are for more than a line; an error is int code.
statement tests/base/a.c 'g(sizeof(a), sizeof(*b), sizeof(c->d[0]));'
expect 1 'tests/base/a.c:5: dialect: sizeof x' 'tests/base/a.c:5: dialect: sizeof x' 'tests/base/a.c:5: dialect: sizeof x'
source_file base/a.c '#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])' \
    '#define FILL_A_LONG_NAMED_THING_OF_ANY_SIZE_WITH_ONE_BYTE(thing, byte)                             \' \
    '    memset(&(thing), (byte), sizeof(thing))' \
    'int n = sizeof a + sizeof(struct a) + sizeof(char *) + sizeof(int64_t) + sizeof(TEXT);'
expect 0
for head in 'if (p)' 'while (g(p))' 'for (; p; p++)'; do
    statement tests/base/a.c "$head {"$'\n        g();\n    }'
    expect 1 'tests/base/a.c:5: dialect: no braces around one line'
done
statement base/a.c $'if (p) {\n        g();\n    } else {\n        h();\n    }\n    do {\n        g();\n    } while (p);
    for (;;) {\n        if (p)\n            g();\n    }'
expect 0
statement base/a.c 'int rc = g();'
expect 1 'base/a.c:5: dialect: an error is int code'
statement tests/base/a.c 'int failed = g();'
expect 0

# The first line says what the file is for; what is left to do is done.
file base/a.c <<<$'#include <stddef.h>\n/* FIXME later */'
expect 1 'base/a.c:1: first-line: ' 'base/a.c:2: todo: '

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
