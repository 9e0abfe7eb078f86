#!/usr/bin/env bash
# Claim: ci/setup takes the pinned sources and no others, and says what to do when it cannot. CMake takes no others
# either. The archive is a folder here; no network is used.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[[ -x /usr/lib/apt/apt-helper ]] || { echo "skipped: no apt"; exit 77; }
for tool in patch cmake; do command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }; done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cases=0 wrong=0

# The functions, with the world made of folders.
# shellcheck source=ci/setup
. "$root/ci/setup"
thirdparty=$scratch/build/thirdparty
lock=$scratch/ci/thirdparty.lock
mirror=copy:$scratch/archive
pool=$scratch/archive/pool/main/c/cjson
versions_in_archive() { printf '9.9-1 (trixie)\n10.0-1 (sid)\n'; }

# expect EXIT TEXT...: runs provide_sources; every TEXT is in what it says.
expect() {
    local want=$1 got=0 said text
    shift
    said=$(provide_sources cjson "$mirror" 2>&1) || got=$?
    cases=$((cases + 1))
    [[ $got == "$want" ]] || { printf 'not ok: wanted exit %s, got %s and:\n%s\n' "$want" "$got" "$said"; wrong=$((wrong + 1)); }
    for text in "$@"; do
        [[ $said == *"$text"* ]] || { printf 'not ok: no "%s" in:\n%s\n' "$text" "$said"; wrong=$((wrong + 1)); }
    done
}

# holds TEXT: the unpacked source is this.
holds() {
    cases=$((cases + 1))
    [[ $(cat "$thirdparty/cjson-1.7/cJSON.c" 2>/dev/null) == "$1" ]] \
        || { printf 'not ok: the unpacked source is not "%s"\n' "$1"; wrong=$((wrong + 1)); }
}

# archives VERSION TEXT: a source package whose upstream says "upstream", which Debian's patch makes TEXT; pinned.
archives() {
    local work=$scratch/work
    rm -rf "$work" && mkdir -p "$work/cjson-1.7" "$work/debian/patches" "$pool" "$scratch/ci"
    echo upstream >"$work/cjson-1.7/cJSON.c"
    printf -- '--- a/cJSON.c\n+++ b/cJSON.c\n@@ -1 +1 @@\n-upstream\n+%s\n' "$2" >"$work/debian/patches/one"
    echo one >"$work/debian/patches/series"
    tar -C "$work" -cJf "$pool/cjson_1.7.orig.tar.xz" cjson-1.7
    tar -C "$work" -cJf "$pool/cjson_$1.debian.tar.xz" debian
    pin "$1"
}
pin() {
    printf '# Pins.\nother 1-1\n%064d  other.tar.xz\ncjson %s\n' 0 "$1" >"$lock"
    (cd "$pool" && sha256sum cjson_1.7.orig.tar.xz "cjson_$1.debian.tar.xz") >>"$lock"
    printf 'third 3-1\n%064d  third.tar.xz\n' 0 >>"$lock"
}

archives 1.7-1 patched
expect 0 "took 1.7-1"
holds patched
expect 0 "1.7-1 is there"

# What a newer pin brings replaces what was there; archives that are there are not fetched again.
archives 1.7-2 better
expect 0 "took 1.7-2"
holds better
rm -r "$scratch/archive" "$thirdparty/cjson-1.7"
expect 0 "took 1.7-2"
holds better

# Another file under the pinned name is refused and not kept, and nothing is left that a build would take.
archives 1.7-3 good
sed -i "s/^[0-9a-f]*  cjson_1.7-3/$(printf '%064d' 7)  cjson_1.7-3/" "$lock"
expect 1 "cjson_1.7-3.debian.tar.xz: refused: its SHA-256 is " "wants $(printf '%064d' 7)"
[[ ! -e $thirdparty/cjson_1.7-3.debian.tar.xz && ! -e $thirdparty/cjson.origin ]] \
    || { echo "not ok: the refused archive was kept"; wrong=$((wrong + 1)); }

# A pin that has gone from the archive: what was wanted, what there is, and the way out.
archives 1.7-4 good
rm "$pool/cjson_1.7-4.debian.tar.xz"
expect 1 "cjson 1.7-4: the archive does not give cjson_1.7-4.debian.tar.xz" "9.9-1 (trixie) 10.0-1 (sid)" \
    "-DCJSON_SOURCE_DIR=DIR" "pin another in ci/thirdparty.lock"
mirror=
expect 3 "apt names no Debian archive" "-DCJSON_SOURCE_DIR=DIR"

# CMake: the pinned folder, and none that is newer, older or of unknown origin.
configure() { # EXIT TEXT
    local got=0 said
    said=$(cmake -DCMAKE_SOURCE_DIR="$scratch" -DINCLUDE="$scratch/pins.cmake" -P "$scratch/ask.cmake" 2>&1) || got=$?
    cases=$((cases + 1))
    [[ $got == "$1" && $(tr -s ' \n' ' ' <<<"$said") == *"$2"* ]] \
        || { printf 'not ok: wanted exit %s and "%s", got %s and:\n%s\n' "$1" "$2" "$got" "$said"; wrong=$((wrong + 1)); }
}
sed -n '/^function(thirdparty_pin/,/^endfunction/p; /^function(thirdparty_sources/,/^endfunction/p' \
    "$root/cmake/thirdparty.cmake" >"$scratch/pins.cmake"
# shellcheck disable=SC2016 # CMake expands it
printf 'set(CMAKE_SOURCE_DIR "%s")\ninclude(${INCLUDE})\nthirdparty_sources(CJSON_SOURCE_DIR cjson cJSON.c)\n' "$scratch" \
    >"$scratch/ask.cmake"
mirror=copy:$scratch/archive
archives 1.7-5 good
expect 0 "took 1.7-5"
mkdir -p "$thirdparty/cjson-1.8" && touch "$thirdparty/cjson-1.8/cJSON.c"
configure 0 "cjson: $thirdparty/cjson-1.7"
archives 1.7-6 good
configure 1 "build/thirdparty holds cjson 1.7-5, but ci/thirdparty.lock pins 1.7-6"
rm "$thirdparty/cjson.origin"
configure 1 "The sources of cjson are missing"

printf '%s cases, %s wrong\n' "$cases" "$wrong"
[[ $wrong == 0 ]]
