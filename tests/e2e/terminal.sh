# At a terminal the harness paints and says how far it is; NO_COLOR, a pipe or a file get neither.
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || { echo "skipped: no script"; exit 77; }

# at_terminal COMMAND...: what a terminal would have been sent
at_terminal() { script -qefc "$(printf '%q ' "$@")" /dev/null </dev/null; }
harness=("$BIN/harness" run --fixtures "$FIXTURES" --transport direct doubao:success)

at_terminal "${harness[@]}" >"$scratch/out"
like "a good scenario is green" "$(cat "$scratch/out")" $'*\e[32mok *\e[0m success*'
like "the line of progress is taken back" "$(cat "$scratch/out")" $'*\r\e[K*'
at_terminal env NO_COLOR=1 "${harness[@]}" >"$scratch/out"
is "with NO_COLOR nothing is painted" "$(grep -c $'\e\\[32m' "$scratch/out")" 0
at_terminal "$BIN/harness" sim --fixtures "$FIXTURES" --seeds 20 >"$scratch/out"
like "how fast a simulation went is told" "$(cat "$scratch/out")" "*scenarios and * polls a second*"
"$BIN/harness" sim --fixtures "$FIXTURES" --seeds 20 >"$scratch/out" 2>&1
is "but not to a file" "$(grep -c "a second" "$scratch/out")" 0
