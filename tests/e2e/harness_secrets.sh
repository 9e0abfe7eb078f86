# No report of harness run shows a token or secret that a client prints, neither its own nor the one it was given.
. "$(dirname "$0")/lib.sh"

cat >"$scratch/client" <<'SH'
#!/bin/sh
curl -sv -H "Authorization: Bearer sk-live-0123456789" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID" 2>&1
echo "given $MOCK_TOKEN and $MOCK_SECRET; mine is sk-live-0123456789"
echo "error: cannot use $MOCK_TOKEN"
exit 1
SH
chmod +x "$scratch/client"
reports=()
for type in table tap junit json html github; do reports+=(--report "$type=$scratch/report.$type"); done
export GITHUB_STEP_SUMMARY=$scratch/report.summary
"$BIN/harness" run --fixtures "$FIXTURES" "${reports[@]}" doubao:success -- "$scratch/client" >"$scratch/report.printed" 2>&1
is "the run fails" "$?" 1
for report in "$scratch"/report.*; do
    name=${report##*/report.}
    is "$name: shows no secret" "$(grep -c -e sk-live-0123456789 -e sk-understudy-lab -e 9193cc662a4c0ec135ec71fb57194b38 "$report")" 0
done
for name in table tap junit json html printed; do
    like "$name: but that there was one" "$(cat "$scratch/report.$name")" "*given REDACTED and REDACTED; mine is REDACTED*"
done
