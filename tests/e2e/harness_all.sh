# Every scenario of every upstream against the built-in client, on both transports, and they agree.
. "$(dirname "$0")/lib.sh"

"$BIN/harness" run --fixtures "$FIXTURES" --report tap >"$scratch/tap" 2>"$scratch/err"
is "every scenario passes on both transports" "$?" 0
grep '^not ok' -A 20 "$scratch/tap"
is "and every file is one test" "$(grep -cE '^ok [0-9]+ - ' "$scratch/tap")" "$(ls "$FIXTURES"/*/scenarios/*.json | wc -l)"
is "none is skipped" "$(grep -c '# SKIP' "$scratch/tap")" 0
is "nothing goes to standard error" "$(cat "$scratch/err")" ""
