#!/bin/sh
# Has the client judged by every scenario of the service it is for, or by those that are named: sh test.sh [WORD...]
cd "$(dirname "$0")" && exec harness run --profile understudy.json "${@:-doubao}"
