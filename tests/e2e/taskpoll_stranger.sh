# taskpoll against upstreams that strangers wrote from the documents: the right outcome on each, also over TLS.
. "$(dirname "$0")/lib.sh"
for tool in python3 openssl; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done

# stranger ARG...: runs the server, sets url.
stranger() {
    exec 8< <(exec python3 "$(dirname "$0")/../client/stranger/serve.py" "$@")
    pids+=("$!")
    IFS= read -r -u 8 url || { echo "the stranger's server did not start"; failures=1; exit 1; }
}

# outcome UPSTREAM TASK ARG...: the result's outcome, URL and reason.
outcome() {
    local upstream=$1 task=$2
    shift 2
    "$BIN/taskpoll" "$upstream" --task "$task" --interval 0.02 --json "$@" 2>"$scratch/err" | tail -1 |
        jq -r '[.outcome, .url // "-", .reason // "-"] | join(" ")'
}

printf 'secret\n' >"$scratch/secret"
printf 'wrong\n' >"$scratch/wrong"
zego=(--app-id 7 --secret-file "$scratch/secret")
token=(--token sk-stranger)

stranger
for u in avatar video doubao newapi; do
    is "$u: a task that is done" "$(outcome $u "done/ä 1" --base-url "$url/$u" "${token[@]}")" "succeeded http://v/$u.mp4 -"
    is "$u: one that does not exist" "$(outcome $u stays-away --base-url "$url/$u" "${token[@]}")" \
        "error - task_not_exist"
    is "$u: a wrong token" "$(outcome $u done --base-url "$url/$u" --token sk-other)" "error - bad token"
done
for u in video doubao newapi; do
    is "$u: a task that fails" "$(outcome $u fails-1 --base-url "$url/$u" "${token[@]}")" "failed - $u refused"
    is "$u: the same under auto" "$(outcome auto fails-2 --base-url "$url/$u" "${token[@]}")" "failed - $u refused"
    is "$u: and one that is done" "$(outcome auto done-2 --base-url "$url/$u" "${token[@]}")" \
        "succeeded http://v/$u.mp4 -"
done
is "avatar: a task that fails" "$(outcome avatar fails --base-url "$url/avatar" "${token[@]}")" "failed - -"
is "a path that is not there" "$(outcome video done --base-url "$url/nowhere" "${token[@]}" | cut -d' ' -f1)" error

is "zego-stream: a stream that stopped" \
    "$(outcome zego-stream done-1 --goal stopped --base-url "$url" "${zego[@]}")" "succeeded - -"
is "zego-stream: one that is ready" \
    "$(outcome zego-stream open --goal ready --base-url "$url" "${zego[@]}")" "succeeded - -"
is "zego-stream: one that fails" \
    "$(outcome zego-stream fails-2 --goal stopped --base-url "$url" "${zego[@]}")" "failed - stream refused"
is "zego-drive: a drive that ended" "$(outcome zego-drive done --base-url "$url" "${zego[@]}")" "succeeded - -"
is "zego-drive: all drives of a task" \
    "$(outcome zego-drive done-all --goal all --base-url "$url" "${zego[@]}")" "succeeded - -"
is "zego-drive: a drive that fails" "$(outcome zego-drive fails --base-url "$url" "${zego[@]}")" "failed - -"
is "zego: one that does not exist" \
    "$(outcome zego-drive stays-away --base-url "$url" "${zego[@]}")" "error - no"
is "zego: a wrong secret" \
    "$(outcome zego-drive done-3 --base-url "$url" --app-id 7 --secret-file "$scratch/wrong")" "error - no"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=stranger \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$scratch/key" -out "$scratch/cert" 2>/dev/null
stranger "$scratch/cert" "$scratch/key"
tls=(video done-tls --base-url "$url/video" "${token[@]}")
is "TLS: a certificate of an authority that is named is trusted" \
    "$(outcome "${tls[@]}" --ca-file "$scratch/cert")" "succeeded http://v/video.mp4 -"
like "TLS: one that nobody vouches for ends the wait" "$(outcome "${tls[@]}")" "error - *certificate*"
is "TLS: and so is one for another host" \
    "$(outcome video done-tls --base-url "${url/127.0.0.1/localhost}/video" --ca-file "$scratch/cert" | cut -d' ' -f1)" \
    error
outcome "${tls[@]}" --ca-file "$scratch/nowhere" >/dev/null
like "a file of certificates that is not there is named" "$(cat "$scratch/err")" "taskpoll: $scratch/nowhere: cannot be read"
