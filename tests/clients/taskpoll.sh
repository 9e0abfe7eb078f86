#!/usr/bin/env bash
# The client of this project, as any other program: its credentials come from the environment.
#
#     taskpoll.sh UPSTREAM BASE_URL TASK_ID GOAL TIMEOUT_S [OPTION...]
#
# TASKPOLL names the program; it is looked for on PATH otherwise.
set -euo pipefail
upstream=$1 base_url=$2 task_id=$3 goal=$4 timeout=$5
shift 5
arguments=("$upstream" --base-url "$base_url" --task "$task_id" --timeout "$timeout" ${goal:+--goal "$goal"})
case $upstream in
    zego-*) arguments+=(--app-id "$MOCK_APP_ID" --secret-file /dev/stdin) ;;
    *) arguments+=(--token "$MOCK_TOKEN") ;;
esac
exec "${TASKPOLL:-taskpoll}" "${arguments[@]}" "$@" <<<"${MOCK_SECRET:-}"
