#!/usr/bin/env bash
# Claim: every script in ci/ can be run, says in its second line what it is for, and refuses a wrong word with its
# usage and exit code 2, before it does anything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v node >/dev/null || { echo "skipped: no node"; exit 77; }
scripts=(check coverage demo full fuzz mutate quick setup analyze tables test tidy)
wrong=0

fail() { echo "not ok - $*"; wrong=$((wrong + 1)); }

for script in "${scripts[@]}"; do
    file=ci/$script
    [[ -x $file ]] || { fail "$file cannot be run"; continue; }
    sed -n 2p "$file" | grep -qE '^(#|//) [A-Z].*' || fail "$file does not say what it is for"
    got=0
    said=$(timeout 10 "$file" --no-such-word 2>&1 </dev/null) || got=$?
    [[ $got == 2 ]] || fail "$file --no-such-word: exit code $got"
    [[ $said == *"ci/$script"* ]] || fail "$file --no-such-word does not show its usage: $said"
done

# No script is left out above; what is no script cannot be run.
while read -r file; do
    [[ " ${scripts[*]} " == *" ${file#ci/} "* ]] || fail "$file is no script that this test knows"
done < <(find ci -type f -perm /111)

[[ $wrong == 0 ]]
