#!/usr/bin/env bash
# Claim: what a release build makes, and cmake --install brings, has the usual defences and names no folder of the
# machine that built it. BUILD is the folder to build it in; it stays, so that the next time is quick.
set -euo pipefail
: "${SOURCE:?the source folder}" "${BUILD:?a folder for a release build}" "${CC:?a C compiler}"
for tool in readelf ninja jq; do command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }; done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
wrong=0

# is CLAIM WANTED GOT
is() {
    [[ $2 != "$3" ]] || { echo "ok - $1"; return; }
    printf 'not ok - %s\n#   wanted: %s\n#   got:    %s\n' "$1" "$2" "$3"
    wrong=$((wrong + 1))
}

{ cmake -G Ninja -S "$SOURCE" -B "$BUILD" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DCMAKE_C_COMPILER="$CC" &&
    cmake --build "$BUILD" && cmake --install "$BUILD" --prefix "$scratch"; } >"$BUILD.log" 2>&1 || { tail "$BUILD.log"; exit 1; }

mapfile -t made < <(find "$scratch/bin" "$scratch"/lib* -type f \( -perm /1 -o -name '*.so*' \) | sort)
is "three programs and a library" 4 "${#made[@]}"
for file in "${made[@]}"; do
    name=${file##*/}
    elf=$(readelf -hldW --dyn-syms "$file")
    kind='Position-Independent Executable'
    [[ $name != *.so* ]] || kind='Shared object'
    is "$name may be placed anywhere" 1 "$(grep -c "Type: .*$kind" <<<"$elf")"
    is "$name has no executable stack" RW "$(awk '$1 == "GNU_STACK" { print $(NF - 1) }' <<<"$elf")"
    is "$name has a part that becomes read-only" 1 "$(grep -c '^ *GNU_RELRO' <<<"$elf")"
    is "$name binds everything before that" 1 "$(grep -c 'FLAGS_1.*NOW' <<<"$elf")"
    is "$name watches its stack" 1 "$(grep -c '__stack_chk_fail' <<<"$elf")"
    is "$name watches its buffers" yes "$(grep -qE '__(memcpy|v?snprintf)_chk' <<<"$elf" && echo yes)"
done

# Of these nothing can be seen in a program.
is "every source is compiled against jumps over the stack's guard, and with _FORTIFY_SOURCE" '' \
    "$(jq -r '.[]
        | select(.command | (contains("-fstack-clash-protection") and contains("-D_FORTIFY_SOURCE=")) | not) | .file' \
        "$BUILD/compile_commands.json")"

is "nothing that is installed names a folder of this machine" '' \
    "$(grep -rlaF -e "$SOURCE" -e "$BUILD" -e "$scratch" "$scratch" | sed "s#^$scratch/##")"

[[ $wrong == 0 ]]
