# An hour of polling: the same journal on the wire, which takes less than a second.
. "$(dirname "$0")/lib.sh"

"$BIN/harness" run --fixtures "$FIXTURES" doubao:hour --speed 600 >"$scratch/out" 2>"$scratch/err"
is "the hour passes" "$?" 0
like "with the same journal on both transports" "$(grep hour "$scratch/out")" "*direct 721 polls in 1 h *wire 721 polls in 1 h *parity"
like "a speed is needless, which is said" "$(cat "$scratch/err")" "--speed: *moves by events*"
