#!/usr/bin/env bash
# Every program has a man page with the commands and options that its --help has, in the same order, and clean mdoc.
#
#   tests/examples/man.sh BIN_DIR MAN_DIR
set -uo pipefail
bin=${1:?usage: man.sh BIN_DIR MAN_DIR} pages=${2:?usage: man.sh BIN_DIR MAN_DIR}
failed=0

# same WHAT HELP MAN
same() {
    if [[ -n $2 && $2 == "$3" ]]; then echo "ok - $1"; return; fi
    printf 'not ok - %s\n' "$1"
    diff -u --label '--help' --label 'the page' <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 's/^/#   /'
    failed=1
}

# "-j, --jobs N", a line an option
help_options() { sed -nE 's/^ +((-[a-z], )?--[a-z-]+( [^ ]+)?)(  .*| [A-Za-z].*)?$/\1/p'; }

# page_options PAGE [COMMAND]: those of the page, or of the command's part of it
page_options() {
    awk -v want="${2:-}" '/^\.S[hs] / { here = $2 } here == (want == "" ? "OPTIONS" : want) && /^\.It Fl /' "$1" |
        sed -E 's/^\.It Fl //; s/ Ar / /; s/^([a-z]) , -/-\1, --/; /^-[a-z], /!s/^/-/'
}

for program in taskpoll mockserver harness; do
    page=$pages/$program.1
    commands=$([[ $program == taskpoll ]] || "$bin/$program" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p')
    [[ -z $commands ]] || same "$program(1) has every command" "$commands" "$(sed -n 's/^\.Ss //p' "$page")"
    for command in ${commands:-""}; do
        same "$program(1) has every option${command:+ of $command}" \
            "$("$bin/$program" $command --help | help_options)" "$(page_options "$page" "$command")"
    done
    if command -v mandoc >/dev/null; then
        said=$(mandoc -T lint -W warning "$page") || { echo "not ok - $program(1) is clean mdoc"; failed=1; }
        [[ -z $said ]] || printf '%s\n' "$said"
    else
        echo "not run: $program(1) is clean mdoc: no mandoc"
    fi
done
same "taskpoll(1) has every upstream" "$("$bin/taskpoll" --help | sed -n 's/^UPSTREAM is one of: //p' | tr ' ' '\n')" \
    "$(sed -n '/^\.Sh DESC/,/^\.Sh OPT/s/^\.It Cm //p' "$pages/taskpoll.1")"
exit "$failed"
