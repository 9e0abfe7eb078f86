# What cmake --install brings is enough for strangers: programs, header, libraries, packages. BUILD is the build folder.
. "$(dirname "$0")/../e2e/lib.sh"
: "${BUILD:?the build folder}" "${CC:?a C compiler}" "${SOURCE:?the source folder}"
for tool in pkg-config nm readelf; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
here=$(cd "$(dirname "$0")" && pwd)
example=$SOURCE/client/examples/wait.c

# does CLAIM COMMAND...: what it prints is shown when it fails
does() {
    local claim=$1
    shift
    "$@" >"$scratch/said" 2>&1 && { echo "ok - $claim"; return; }
    echo "not ok - $claim"
    sed 's/^/#   /' "$scratch/said"
    failures=$((failures + 1))
    return 1
}

# Installed in one place and moved to another: nothing may remember the first. No ./fixtures here.
does "it installs" cmake --install "$BUILD" --prefix "$scratch/first" || exit 1
mkdir -p "$scratch/empty" && mv "$scratch/first" "$scratch/prefix" && cd "$scratch/empty" || exit 1
prefix=$scratch/prefix
BIN=$prefix/bin
lib=$(dirname "$(find "$prefix" -name libunderstudy-client.a)")
export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib

# -- The header ---------------------------------------------------------------------------------------------------

header=$prefix/include/understudy/client.h
strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only)
does "the header alone is C11" "$CC" -std=c11 "${strict[@]}" -x c "$header"
if command -v g++ >/dev/null; then
    does "the header alone is C++17" g++ -std=c++17 "${strict[@]}" -Wno-pragma-once-outside-header -x c++ "$header"
else
    echo "not run: the header as C++17: no g++"
fi

# -- The libraries ------------------------------------------------------------------------------------------------

declared=$("$CC" -E -P "$header" | grep -oE '\btask_[a-z_]+\(' | tr -d '(' | sort)
like "the header declares functions" "$declared" "*task_wait*"
is "the shared library shows what the header declares, and nothing else" \
    "$(nm -D --defined-only "$lib/libunderstudy-client.so" | awk '{print $3}' | sort)" "$declared"
is "so does the static one" \
    "$(nm -g --defined-only "$lib/libunderstudy-client.a" | awk 'NF == 3 {print $3}' | sort)" "$declared"
is "its soname says version 0" "$(readelf -d "$lib/libunderstudy-client.so" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')" \
    libunderstudy-client.so.0

# -- The programs, from the installed tree ------------------------------------------------------------------------

start serve --listen 127.0.0.1:0
like "the installed mock finds the installed fixtures" "$(get "$url/_mock/upstreams" | jq -c '[.upstreams[].name]')" \
    '*"avatar"*"zego-stream"*'
like "the harness too" "$("$BIN/harness" check)" "*share/understudy/fixtures: * good"
does "and runs them" "$BIN/harness" run doubao:success --transport direct
mkdir fixtures
like "./fixtures comes first" "$("$BIN/harness" check)" "fixtures: no upstream in this folder*"
is "a folder that is given and not there is an error" \
    "$("$BIN/harness" check --fixtures nowhere 2>&1; echo $?)" \
    $'harness: nowhere: no folder of fixtures here; name one with --fixtures\n3'
rmdir fixtures
is "of a copy without the tree around it, the error says what to do" \
    "$(cp "$BIN/harness" . && ./harness run 2>&1; echo $?)" \
    $'harness: fixtures: no folder of fixtures here; name one with --fixtures\n3'
for program in mockserver harness taskpoll; do
    does "$program has its man page" test -s "$prefix/share/man/man1/$program.1"
done

# -- The example, built as strangers build ------------------------------------------------------------------------

waits() { # PROGRAM WORDS
    is "$2: it waits and prints the URL" "$(TOKEN=sk-any "$1" avatar "$url/avatar:already-done" t-1 2>"$scratch/err")" \
        https://cdn.gptbest.vip/file/cdn/20250124/hfulzDLGgiDg3EQsdYZse3em2f3peS.mp4
    is "$2: it tells on the way" "$(cat "$scratch/err")" "succeeded 200"
    is "$2: a task that is not there is no success" \
        "$(TOKEN=sk-any "$1" doubao "$url/doubao:missing" t-1 >/dev/null 2>&1; echo $?)" 1
}
needs() { readelf -d "$1" | sed -n 's/.*NEEDED.*\[\(libunderstudy-client\.so.*\)\]/\1/p'; }

# shellcheck disable=SC2046 # words are meant
does "pkg-config builds it" "$CC" -o shared "$example" $(pkg-config --cflags --libs understudy-client) &&
    waits ./shared shared
is "it takes the shared library by its soname" "$(needs shared)" libunderstudy-client.so.0

# shellcheck disable=SC2046
does "pkg-config --static builds it, beside functions of the same names" \
    "$CC" -Wl,--as-needed -o static "$example" "$here/own_names.c" -l:libunderstudy-client.a \
    $(pkg-config --static --cflags --libs understudy-client) && waits ./static static
is "it takes no shared library of ours" "$(needs static)" ""

stranger() { # TARGET COMPONENT
    cmake -G Ninja -S "$here/stranger" -B "cmake-$2" -DCMAKE_C_COMPILER="$CC" -DCMAKE_PREFIX_PATH="$prefix" \
        -DEXAMPLE="$example" -DCLIENT="$1" -DCOMPONENTS="COMPONENTS;$2" && cmake --build "cmake-$2"
}
does "find_package builds it" stranger understudy::client shared && waits cmake-shared/wait "CMake, shared"
does "find_package builds it with the static library" stranger understudy::client-static static &&
    waits cmake-static/wait "CMake, static"
is "which takes no shared library of ours" "$(needs cmake-static/wait)" ""
like "a component that is not there is named" "$(stranger understudy::client statik 2>&1)" \
    "*understudy-client has no component statik; there is shared and static*"

is "no installed text names a folder of this machine" \
    "$(grep -rIlF -e "$SOURCE" -e "$BUILD" -e "$scratch" "$prefix")" ""
