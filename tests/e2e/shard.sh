# A run in shards, on as many machines as one likes, judges what the run in one piece judges, and its reports become one.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1
run=("$BIN/harness" run --fixtures "$FIXTURES")

# shards OF ARG...: runs them all, each with its report; codes has how they ended
shards() {
    local of=$1 i
    shift
    codes=
    rm -f part-*.json
    for ((i = 1; i <= of; i++)); do
        "${run[@]}" --shard "$i/$of" --report "json=part-$i.json" "$@" >"out-$i" 2>&1
        codes+=$?
    done
}
parts() { for ((i = $1; i >= 1; i--)); do echo "part-$i.json"; done; }

# -- Byte for byte, in simulated time ---------------------------------------------------------------------------------

mkdir -p mine/doubao/scenarios
sed 's/doubao-blip-/doubao-wrong-/; s/"url": "[^"]*"/"url": "https:\/\/example.com\/another.mp4"/' \
    "$FIXTURES/doubao/scenarios/blip.json" >mine/doubao/scenarios/wrong.json
words=(doubao mine/doubao/scenarios/wrong.json 'video:*' --transport direct --seed 7)
"${run[@]}" "${words[@]}" --report json=whole.json >whole.out 2>&1
is "the whole run fails" "$?" 1
for of in 1 2 5; do
    shards "$of" "${words[@]}"
    # shellcheck disable=SC2046 # words are meant
    "$BIN/harness" merge $(parts "$of") --out merged.json >merged.out
    is "of $of shards: the verdict of the run in one piece" "$?" 1
    is "of $of shards: its report, byte for byte" "$(sha256sum <merged.json)" "$(sha256sum <whole.json)"
    like "of $of shards: and what is not good" "$(cat merged.out)" \
        $'failed  built-in: doubao:wrong\n  again  harness run *\n'"$of shard"*' scenarios of 2 upstreams: * passed, 1 failed, 0 unclear, 0 skipped'
    is "of $of shards: one of them failed" "$(tr -d 0 <<<"$codes")" 1
done

# -- More shards than scenarios, several clients, real sockets --------------------------------------------------------

cat >good.json <<'END'
{"command": ["taskpoll", "{upstream}", "--base-url", "{base_url}", "--task", "{task_id}", "--token", "{token}"]}
END
echo '{"command": ["true"]}' >idle.json
export PATH=$BIN:$PATH
words=(doubao:success,missing --profile good.json --profile idle.json)
"${run[@]}" "${words[@]}" --report json=whole.json >whole.out 2>&1
verdicts() { jq -c '[.summary, [.scenarios[] | [.client, .scenario, .verdict, [.runs[].findings[].cause]]]]' "$1"; }
shards 3 "${words[@]}"
"$BIN/harness" merge part-?.json --out merged.json >merged.out
is "two clients: the verdict of the run in one piece" "$?" 1
is "two clients: and each of its verdicts" "$(verdicts merged.json)" "$(verdicts whole.json)"
like "a shard with nothing to do is good" "$codes$(cat out-3)" "110*0 scenarios of 0 upstreams*"
is "a shard's report says which it is" "$(jq -c .shard part-2.json)" '{"index":2,"of":3}'
"${run[@]}" --failed merged.json >out 2>&1
like "what failed of all shards runs again" "$?$(cat out)" "1*missing*2 unclear*"

# -- What does not belong together ------------------------------------------------------------------------------------

refuses() { is "refused: $1" "$("$BIN/harness" merge "${@:3}" 2>&1; echo "$?")" "harness: $2"; }
refuses "one is missing" $'the report of shard 2/3 is missing\n1' part-1.json part-3.json
refuses "one is there twice" $'part-1.json: is shard 1/3, and so is part-1.json\n1' part-1.json part-1.json part-2.json
refuses "no shard's" $'whole.json: tells of no shard: run it with --shard I/N\n1' whole.json
echo '{}' >other.json
refuses "no report" $'other.json: is no report of harness run --report json=FILE\n1' other.json
echo '{' >other.json
refuses "no JSON" $'other.json: is no JSON\n1' other.json
refuses "not there" $'none.json: cannot be opened: No such file or directory\n3' none.json
refuses "nothing" $'the reports of all shards are wanted\n2'
jq '.seed = 2' part-2.json >other.json
refuses "of another seed" $'other.json: is of another run than part-1.json: its seed differs\n1' part-1.json other.json part-3.json
jq '.shard.of = 4' part-2.json >other.json
refuses "of another number" $'other.json: is shard 2/4, but part-1.json is 1/3\n1' part-1.json other.json part-3.json
"${run[@]}" --shard 1/3 --report json=other.json doubao:success,missing,gone --profile good.json --profile idle.json >/dev/null 2>&1
"${run[@]}" --shard 2/3 --report json=other2.json video --profile good.json --profile idle.json >/dev/null 2>&1
like "refused: of another list" "$("$BIN/harness" merge other.json other2.json part-3.json 2>&1; echo "$?")" \
    $'*other*.json: has * results where * are wanted: the shards are not of one list\n1'
for word in 0/3 4/3 2 2/ /2 a/b 1/0 1/9999 -1/2; do
    like "no shard: $word" "$("${run[@]}" --shard "$word" 2>&1; echo "$?")" "harness: --shard: \"$word\" is no shard such as 2/5, *"$'\n2'
done
