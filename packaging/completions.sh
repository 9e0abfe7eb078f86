#!/usr/bin/env bash
# Writes completions of the programs for bash, zsh and fish. What they complete is what the programs' --help says, which is made
# from their tables of options: there is no other list.
#
#   packaging/completions.sh BIN_DIR OUT_DIR
#
# OUT_DIR/bash/PROGRAM, OUT_DIR/zsh/_PROGRAM and OUT_DIR/fish/PROGRAM.fish. Exit codes: 0 good, 1 not written, 2 usage.
set -euo pipefail
[[ $# == 2 && -d $1 ]] || { sed -n 's/^# \{0,1\}//; 2,7p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$1 out=$2

# "  -j, --jobs N    help [VARIABLE]" becomes "option COMMAND LETTER FLAG VALUE HELP", by tabs.
options() {
    "$bin/$1" ${2:+"$2"} --help | sed -nE "
        /^ +(-[a-z], )?--[a-z]/! d
        s/ \[UNDERSTUDY_[A-Z_]*\]\$//
        s/^ +-([a-z]), --/\1\t--/; s/^ +--/-\t--/
        s/^(.\t--[a-z-]+) ([^ ]+) +/\1\t\2\t/
        s/^(.\t--[a-z-]+)  +/\1\t-\t/
        s/^/option\t${2:--}\t/p"
}

commands() { # of a program
    [[ $1 == taskpoll ]] || "$bin/$1" --help | sed -nE 's/^  ([a-z]+)  +(.*)/command\t\1\t\2/p'
}

describe() {
    local names name
    names=$(commands "$1" | cut -f 2)
    commands "$1"
    for name in ${names:-""}; do options "$1" "$name"; done
}

mkdir -p "$out"/{bash,zsh,fish}
for program in harness mockserver taskpoll; do
    description=$(describe "$program")
    [[ -n $description ]] || { printf 'completions: %s says nothing\n' "$program" >&2; exit 1; }
    for file in bash/$program zsh/_$program fish/$program.fish; do
        awk -v shell="${file%%/*}" -v program="$program" -f "$here/completions.awk" <<<"$description" >"$out/$file"
    done
done
