#!/bin/sh
# Has the client judged by every scenario of the service it is for, or by those that are named: sh test.sh [WORD...]
# The library comes with the package libunderstudy-client-dev.
cd "$(dirname "$0")" && ${CC:-cc} -o client client.c $(pkg-config --cflags --libs understudy-client) &&
    exec harness run --profile understudy.json "${@:-doubao}"
