# harness sim: the good client holds, everything is reached, and the same seeds say the same twice.
. "$(dirname "$0")/lib.sh"

sim() { "$BIN/harness" sim --fixtures "$FIXTURES" "$@"; }

sim --seeds 20000 >"$scratch/once"
is "no seed of 20000 fails, and everything is reached" "$?" 0
sim --seeds 20000 >"$scratch/twice"
is "the same seeds say the same twice" "$(cmp "$scratch/once" "$scratch/twice" && echo same)" same
like "all seeds were run" "$(head -n 1 "$scratch/once")" "20000 seeds from 1, *"
is "no counter is zero" "$(grep -cE ' 0(,|$)' "$scratch/once")" 0

sim --seeds 1500 --first 7 --upstream video --upstream doubao >"$scratch/out"
is "chosen upstreams alone are good too" "$?" 0
like "and only they were drawn from" "$(grep ^upstreams "$scratch/out")" "upstreams  doubao *, video *"

sim --upstream vidoe 2>"$scratch/out"
is "an upstream that is not there is a usage error" "$?" 2
like "and the nearest is named" "$(cat "$scratch/out")" "*vidoe*nearest is video*"

# -- What fails is shrunk, and told with the commands that repeat it --

mkdir -p "$scratch/lying"
cp -r "$FIXTURES/doubao" "$scratch/lying/"
sed -i 's/"progress": 100/"progress": 99/' "$scratch/lying/doubao/replies/success.want.json"
lying() { "$BIN/harness" sim --fixtures "$scratch/lying" "$@"; }
lying --seeds 3000 --upstream doubao --out "$scratch/found" >"$scratch/out"
is "a client that reads another progress than is wanted exits 1" "$?" 1
like "the failure is told" "$(cat "$scratch/out")" \
    "*seed * (doubao) fails result: the client reports progress 100; the model 99*shrunk from * to 1 step: *"
again=$(sed -n 's/^again: harness //p' "$scratch/out")
is "the command that repeats it" "$("$BIN/harness" ${again/sim/sim --fixtures "$scratch/lying"} | grep fails)" \
    "$(grep fails "$scratch/out")"
scenario=$(ls "$scratch"/found/doubao/scenarios/sim-*.json)
is "is followed by the one for its scenario" "$(sed -n 's/^ *harness run //p' "$scratch/out")" "$scenario --transport direct"
mkdir -p "$scratch/lying/doubao/scenarios"
cp "$scenario" "$scratch/lying/doubao/scenarios/"
"$BIN/harness" run --fixtures "$scratch/lying" "$scratch/lying/doubao/scenarios/$(basename "$scenario")" --transport direct >"$scratch/run"
is "which loads and runs" "$?" 0
lying --seeds 3000 >"$scratch/out"
is "without --out nothing is written" "$? $(grep -c '^ *harness run' "$scratch/out")" "1 0"
lying --seeds 3000 --out /proc/none >"$scratch/out" 2>"$scratch/why"
is "an --out that cannot be written to is the environment's fault" "$?" 3
like "and is named" "$(cat "$scratch/why")" "*/proc/none*"

cp "$FIXTURES/doubao/replies/success.want.json" "$scratch/lying/doubao/replies/"
lying --seeds 2000 >"$scratch/out"
is "where everything is good but not reached, that fails too" "$?" 1
like "and is named" "$(cat "$scratch/out")" "*never reached: *"
