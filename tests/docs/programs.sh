#!/usr/bin/env bash
# Checks that docs/cli.md has a chapter for every command that the programs have, and runs the --help of each.
# What --help prints is compared by run_commands.sh.
#
#   tests/docs/programs.sh BIN_DIR CLI.md
set -euo pipefail
bin=${1:?usage: programs.sh BIN_DIR CLI.md} page=${2:?usage: programs.sh BIN_DIR CLI.md}
failed=0 count=0

wants_chapter() {
    count=$((count + 1))
    grep -qxF "## $1" "$page" || { printf '%s: no chapter "## %s"\n' "$page" "$1"; failed=1; }
    grep -qxF "$1 --help" "$page" || { printf '%s: does not run "%s --help"\n' "$page" "$1"; failed=1; }
}

for program in mockserver harness; do
    while read -r command; do
        wants_chapter "$program $command"
    done < <("$bin/$program" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
done
wants_chapter taskpoll
while read -r chapter; do
    read -r program command <<<"$chapter"
    "$bin/$program" ${command:+"$command"} --help >/dev/null || { printf 'no %s\n' "$chapter"; failed=1; }
done < <(sed -n -E 's/^## ((mockserver|harness) [a-z]+)$/\1/p' "$page")
printf '%d commands\n' "$count"
[[ $count -ge 4 && $failed == 0 ]]
