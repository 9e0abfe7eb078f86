# What harness init writes in one language passes its own test, and breaking any of its parts is caught:  init.sh LANGUAGE
. "$(dirname "$0")/../e2e/lib.sh"
: "${BUILD:?the build folder}"
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
export UNDERSTUDY_FIXTURES=$FIXTURES

like "it says what it wrote, and what to run next" "$("$BIN/harness" init "$1" "$scratch/mine")" \
    $'*/client*\n*/understudy.json\n*/test.sh\nnext: sh *'
like "nothing is overwritten" "$("$BIN/harness" init "$1" "$scratch/mine" 2>&1; echo "$?")" \
    "harness: $scratch/mine/client"$'*: is there already: nothing is written\n2'
like "a slip is answered with the nearest language" "$("$BIN/harness" init pyton 2>&1; echo "$?")" \
    $'harness: no client in "pyton"; there is python\n2'
if [ "$1" = c ]; then # it is built upon the library as it is installed
    cmake --install "$BUILD" --prefix "$scratch/prefix" >/dev/null || exit 1
    lib=$(dirname "$(find "$scratch/prefix" -name libunderstudy-client.a)")
    export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib
fi
code=0
PYTHONDONTWRITEBYTECODE=1 python3 "$here/init.py" "$BIN/harness" "$1" || code=$?
[ "$code" = 0 ] || { [ "$code" = 77 ] && exit 77; failures=$((failures + 1)); }
