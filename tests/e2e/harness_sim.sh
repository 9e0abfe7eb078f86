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
