# A variable that is set to nothing, as a secret of CI that is not there, is not set.
. "$(dirname "$0")/lib.sh"

empty=()
for name in BASE_URL CA_FILE APP_ID CLIENT CLOCK DEFAULT FIRST FIXTURES GOAL INTERVAL JOBS JOURNAL_BYTES JSON LISTEN NAME \
    NO_AUTH OUT PORT_FILE PROFILE PROXY_ENV REPORT SECRET_FILE SEED SEEDS SPEED STRICT TASK THREADS TIMEOUT TOKEN TRANSPORT \
    UPSTREAM; do
    empty+=("UNDERSTUDY_$name=")
done
export "${empty[@]}" GITHUB_STEP_SUMMARY='' NO_COLOR='' LD_PRELOAD=''
start serve --fixtures "$FIXTURES" --listen 127.0.0.1:0
is "any token is good" "$(status "${bearer[@]}" "$url/doubao/v1/video/generations/t")" 200
"$BIN/taskpoll" doubao --base-url "$url/doubao" --task u --token any --interval 10ms >"$scratch/out" 2>&1
is "taskpoll takes its defaults" "$?" 0
cd "$FIXTURES/.." || exit 1
"$BIN/harness" run doubao:success >"$scratch/out" 2>&1
is "harness run takes its defaults, with the fixtures that are there" "$?" 0
like "and the table" "$(cat "$scratch/out")" "doubao*parity*1 passed*"
"$BIN/harness" run doubao:success --report github >"$scratch/out" 2>&1
is "a report for GitHub needs no summary" "$?" 0
"$BIN/harness" check >"$scratch/out" 2>&1
is "harness check finds the fixtures" "$?" 0
"$BIN/harness" sim --seeds 3 >"$scratch/out" 2>&1
is "harness sim takes its defaults" "$?" 0
