#!/bin/sh
# Runs a program that must not survive: fails when it does, or when its last words are others.
#
#   fuzz/must_crash.sh "LAST WORDS" PROGRAM ARG...
words=$1
shift
said=$("$@" 2>&1) && { echo "it lived: $*"; exit 1; }
case $said in
    *"$words"*) echo "crashed as it must: $words" ;;
    *) printf '%s\nit crashed without saying: %s\n' "$said" "$words"; exit 1 ;;
esac
