# How a client's time passes: simulated where it can be traced, real where it cannot, and what is said of it.
. "$(dirname "$0")/lib.sh"

client=(bash -c 'a=$(date +%s); sleep 3600; b=$(date +%s); echo "lasted $((b - a)), began $a"; curl -sS "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID"')
harness=("$BIN/harness" run --fixtures "$FIXTURES" doubao:success --report json)
said() { jq -r '.scenarios[0].runs[0].output' "$scratch/out" | head -n 1; }

started=$SECONDS
"${harness[@]}" -- "${client[@]}" >"$scratch/out" 2>"$scratch/err"
is "an hour of a client's sleep" "$(said)" "lasted 3600, began 1767225600"
is "takes next to no time" "$((SECONDS - started < 60))" 1
is "and needs no word from the user" "$(cat "$scratch/err")" ""

"${harness[@]}" --speed 60 -- "${client[@]}" >"$scratch/out" 2>"$scratch/err"
is "a speed changes nothing" "$(said)" "lasted 3600, began 1767225600"
like "and is told to be unnecessary" "$(cat "$scratch/err")" "--speed: is not needed:*"

"$BIN/harness" run --fixtures "$FIXTURES" doubao:success --clock evnets -- true >"$scratch/out" 2>&1
is "exit code of a clock that there is not" "$?" 2
like "the nearest one is named" "$(cat "$scratch/out")" "*\"evnets\" is not events or real; nearest: events*"

# -- Where nothing may be traced -----------------------------------------------------------------------

# The leak check of a sanitized build traces, too.
refuse() { ASAN_OPTIONS=detect_leaks=0 "$REFUSE" "$@"; }

refuse trace "${harness[@]}" -- bash -c 'sleep 0.1; echo real' >"$scratch/out" 2>"$scratch/err"
is "a client runs in real time" "$(said)" real
like "and the harness says so and why" "$(cat "$scratch/err")" \
    "the client's time: is real, times 1, and not simulated: programs cannot be traced here (ptrace)*"
refuse trace "${harness[@]}" --clock real -- bash -c 'echo asked' >"$scratch/out" 2>"$scratch/err"
is "who has asked for it is told nothing" "$(said)$(cat "$scratch/err")" asked
refuse trace "${harness[@]}" --clock events -- true >"$scratch/out" 2>"$scratch/err"
is "who insists on events gets none" "$?" 3
like "and the reason" "$(cat "$scratch/err")" "*--clock events: programs cannot be traced here*"

# -- Where no descriptor may be copied: in a container, mostly ---------------------------------------------

refuse descriptors "${harness[@]}" -- "${client[@]}" >"$scratch/out" 2>"$scratch/err"
is "a client that needs none of that lives in simulated time" "$(said)$(cat "$scratch/err")" "lasted 3600, began 1767225600"
refuse descriptors "${harness[@]}" -- bash -c ': </dev/tcp/127.0.0.1/9' >"$scratch/out" 2>"$scratch/err"
is "one that talks to somebody else gets no verdict" "$(jq -r '.scenarios[0].runs[0].inconclusive' "$scratch/out")" \
    "127.0.0.1:9 cannot be followed here: this machine refuses pidfd_getfd"

# -- As an ordinary user, and without proxies -----------------------------------------------------------

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && setpriv --reuid 65534 --clear-groups test -x "$BIN/harness"; then
    (cd / && setpriv --reuid 65534 --clear-groups "${harness[@]}" -- "${client[@]}") >"$scratch/out" 2>"$scratch/err"
    is "an ordinary user's client lives in the same time" "$(said)" "lasted 3600, began 1767225600"
fi
http_proxy=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 ALL_PROXY=x \
    "${harness[@]}" -- bash -c 'echo "proxies: ${http_proxy-}${HTTPS_PROXY-}${ALL_PROXY-}"' >"$scratch/out"
is "a proxy of the environment does not come between client and mock" "$(said)" "proxies: "
"${harness[@]}" -- env http_proxy=http://127.0.0.1:9 bash -c 'echo "proxies: $http_proxy"' >"$scratch/out"
is "one that the command names does" "$(said)" "proxies: http://127.0.0.1:9"

# -- A fast clock that the client does not obey ---------------------------------------------------------

if command -v faketime >/dev/null; then
    # env -i takes from it the library that would make its clock fast: it waits 18 of the scenario's seconds, not 5.
    "${harness[@]}" --clock real --speed 60 -- env -i PATH="$PATH" bash -c 'for i in 1 2 3; do
        curl -sS -H "Authorization: Bearer $2" "$0/v1/video/generations/$1"; sleep 0.3; done; exit 1' '{base_url}' '{task_id}' '{token}' >"$scratch/out"
    like "no verdict is given on it, but a speed to try" "$(jq -r '.scenarios[0].runs[0].inconclusive' "$scratch/out")" \
        "at speed 60 this client loses * s a poll; try --speed *"
fi
