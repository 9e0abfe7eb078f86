# An hour of polling: the same journal on the wire, at a speed that makes it take seconds.
. "$(dirname "$0")/lib.sh"

"$BIN/harness" run --fixtures "$FIXTURES" doubao:hour --speed 600 >"$scratch/out"
is "the hour passes" "$?" 0
like "with the same journal on both transports" "$(grep hour "$scratch/out")" "*direct 721 polls in 1 h *parity*"
