# harness run: a client that never polls is told why, as far as that can be seen.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
run=("$BIN/harness" run --fixtures "$FIXTURES" video:success --report json=report.json)

# unreached CLAIM GLOB [OPTION...] -- CLIENT...
unreached() {
    local claim=$1 glob=$2
    shift 2
    "${run[@]}" "$@" >out 2>&1
    is "$claim: unclear" "$(jq -r '.scenarios[0].verdict' report.json)" inconclusive
    like "$claim: and why" "$(jq -r '.scenarios[0].runs[0].inconclusive' report.json)" "the client never polled: $glob"
}

path=v1/video/generations
unreached "a client that does nothing" "it asked for no connection at all; it ended with exit code 0" -- true
unreached "another port" "it asked for a connection to 127.0.0.1:9, not to http://127.0.0.1:[0-9]*; it ended with exit code 7" \
    -- curl -s "http://127.0.0.1:9/$path/{task_id}"
unreached "a connection and no word" "it connected, and sent no request; it ended*" \
    -- bash -c 'host=${MOCK_BASE_URL#http://}; host=${host%%/*}; exec 3<>"/dev/tcp/${host%:*}/${host#*:}"'
unreached "https" "what it sent to the mock is no HTTP: does it ask for https? The mock is http://127.0.0.1:[0-9]*; it ended*" \
    -- sh -c 'exec curl -sk "https://${MOCK_BASE_URL#http://}/'$path'/$MOCK_TASK_ID"'
unreached "a proxy" "http_proxy=http://127.0.0.1:9 in its command sends it to a proxy, and not to http://127.0.0.1:[0-9]*; it ended*" \
    -- env http_proxy=http://127.0.0.1:9 curl -s "{base_url}/$path/{task_id}"

# A client that polls beside its mount is seen, with a tracer or without.
for clock in events real; do
    "${run[@]}" --clock $clock -- sh -c 'host=${MOCK_BASE_URL#http://}; exec curl -s "http://${host%%/*}/'$path'/$MOCK_TASK_ID"' \
        >out 2>&1
    like "the host alone of a base URL fails, and is told, in time of $clock" \
        "$(jq -r '.scenarios[0] | .verdict + " " + (.runs[0].findings[0] | .cause + " " + .text)' report.json)" \
        "failed outside-mount poll 1 asks for its task outside of the base URL that it was given: GET /$path/video-success-0"
done
unreached "and without that, its end" "it ended with exit code 5" --clock real -- sh -c 'exit 5'
unreached "an exception before the first poll" "it asked for no connection at all; crashed: signal 11 (SEGV) ended it" \
    -- sh -c 'kill -SEGV $$'

# A host that has no address is looked for where the machine has a name server.
"${run[@]}" -- curl -s "http://nowhere.invalid/$path/{task_id}" >out 2>&1
like "a host without an address" "$(jq -r '.scenarios[0] | .verdict + " " + .runs[0].inconclusive' report.json)" \
    "inconclusive *: it asked for *; it ended with exit code 6"
