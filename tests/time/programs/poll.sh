# curl and sleep: processes that come and go.
base=$1 task=$2 token=$3 interval=$4 mode=$5 limit=60
[[ $mode != timeout ]] || limit=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The Retry-After of the last reply; nothing when it had none.
retry_after() { sed -n 's/^Retry-After: \(.*\)\r$/\1/p' "$work/head"; }

for ((polls = 0; polls < 50; polls++)); do
    : >"$work/head"
    body=$(curl --silent --noproxy '*' --max-time "$limit" --dump-header "$work/head" \
        --header "Authorization: Bearer $token" "$base/v1/video/generations/$task")
    [[ $body != *'"status": "success"'* ]] || exit 0
    pause=$interval
    [[ $mode != hasty ]] || pause=$(awk "BEGIN { print $interval - 0.05 }")
    if [[ $mode == date && -n $(retry_after) ]]; then
        at=$(date -d "$(retry_after)" +%s)
        read -r now nanoseconds < <(date '+%s %N')
        pause=$(awk "BEGIN { printf \"%.9f\", ($at - $now) - 0.$nanoseconds }")
    fi
    sleep "$pause"
done
exit 1
