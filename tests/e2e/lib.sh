# What the end-to-end scripts share: start a server, wait for its ready line, check, clean up by pid.
set -u
: "${BIN:?folder of the programs}" "${FIXTURES:?folder of fixtures}"
for tool in curl jq; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
unset GITHUB_ACTIONS GITHUB_WORKSPACE GITHUB_STEP_SUMMARY GITLAB_CI CI_PROJECT_DIR # a test says so itself where it means it
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy

scratch=$(mktemp -d)
pids=()
failures=0

end() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null; done
    rm -rf "$scratch"
    [ "$failures" = 0 ] || { echo "$failures checks failed"; exit 1; }
}
trap end EXIT

# start ARG...: runs mockserver on a free port, sets pid, ready (its line), url, err (its log).
start() {
    err=$scratch/err.${#pids[@]}
    exec 9< <(exec "$BIN/mockserver" "$@" 2>"$err")
    pid=$!
    pids+=("$pid")
    ready=
    IFS= read -r -u 9 ready || { echo "did not start: mockserver $*"; cat "$err"; failures=1; exit 1; }
    url=${ready#listening on }
}

serve() { start serve --fixtures "$FIXTURES" --listen 127.0.0.1:0 "$@"; }

# is CLAIM GOT WANTED
is() {
    if [ "$2" = "$3" ]; then echo "ok - $1"; return; fi
    echo "not ok - $1"
    printf '#   wanted  %s\n#   got     %s\n' "$3" "$2"
    failures=$((failures + 1))
}

# like CLAIM GOT GLOB
like() {
    # shellcheck disable=SC2053
    if [[ $2 == $3 ]]; then echo "ok - $1"; return; fi
    echo "not ok - $1"
    printf '#   wanted  %s\n#   got     %s\n' "$3" "$2"
    failures=$((failures + 1))
}

get() { curl -sS --max-time 20 "$@"; }
status() { get -o /dev/null -w '%{http_code}' "$@"; }
bearer=(-H 'Authorization: Bearer sk-e2e-0123456789')
