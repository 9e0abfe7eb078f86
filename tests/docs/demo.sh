#!/usr/bin/env bash
# Runs the commands that ci/demo says to try next, as a page, with a client that asks once in YOUR_CLIENT's place.
#
#   tests/docs/demo.sh BIN_DIR
set -euo pipefail
bin=${1:?usage: demo.sh BIN_DIR}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mapfile -t commands < <(sed -n "/^cat <<'TEXT'/,/^TEXT/s/^  \(build\/.*\)/\1/p" "$here/../../ci/demo")
[[ ${#commands[@]} == 3 ]] || { printf 'ci/demo names %d commands, 3 are known here\n' "${#commands[@]}"; exit 1; }
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    printf '```sh\n%s || [ $? = 1 ]\n```\n' "${commands[0]/YOUR_CLIENT/true}"
    printf '```sh\n%s\n```\n' "${commands[1]}" "${commands[2]}"
    printf '```sh\ncurl -sf http://127.0.0.1:8080/_mock/tasks\nkill $!\nwait $!\n```\n'
} >"$page"
"$here/run_commands.sh" "$bin" "$page"
