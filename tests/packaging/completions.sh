# The completions that are shipped complete what the programs take. COMPLETIONS is their folder. A shell that is not here is not run.
. "$(dirname "$0")/../e2e/lib.sh"
: "${COMPLETIONS:?the folder of completions}"
export PATH=$BIN:$PATH UNDERSTUDY_FIXTURES=$FIXTURES

# -- bash: as readline calls them -------------------------------------------------------------------------------------

compopt() { :; }
for program in harness mockserver taskpoll; do
    # shellcheck disable=SC1090
    . "$COMPLETIONS/bash/$program"
done

completed() { # LINE: the candidates, sorted
    COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
    read -ra COMP_WORDS <<<"$1"
    [[ $1 != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    "_understudy_${COMP_WORDS[0]}"
    printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
}

is "bash: commands" "$(completed 'harness ru')" run
is "bash: options of that command" "$(completed 'harness run --know')" --known
is "bash: not those of another" "$(completed 'harness check --know')" ""
is "bash: the words that an option takes" "$(completed 'harness run --transport ')" "both direct wire"
is "bash: upstreams" "$(completed 'harness run zego')" "$(
    { "$BIN/harness" list; "$BIN/harness" list scenarios; } | awk '/^zego/ { print $1 }' | sort | paste -sd' ')"
is "bash: scenarios, where a colon is a word's end" "$(completed 'harness run doubao:succ')" success
is "bash: nothing of ours behind --" "$(completed 'harness run doubao -- --know')" ""
is "bash: the mock's options without a command" "$(completed 'mockserver --cloc')" --clock
is "bash: what there is to list" "$(completed 'mockserver list f')" faults
is "bash: upstreams of taskpoll" "$(completed 'taskpoll dou')" doubao
for program in harness mockserver; do
    for command in $("$BIN/$program" --help | sed -nE 's/^  ([a-z]+)  +.*/\1/p'); do
        is "bash: every option of $program $command" "$(completed "$program $command --" | tr ' ' '\n')" \
            "$("$BIN/$program" "$command" --help | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+' | sort)"
    done
done

# -- fish, which can be asked -----------------------------------------------------------------------------------------

if command -v fish >/dev/null; then
    fish_completed() {
        HOME=$scratch fish --no-config -c "source $COMPLETIONS/fish/${1%% *}.fish; complete -C '$1'" | cut -f 1 | paste -sd' '
    }
    is "fish: options" "$(fish_completed 'harness run --know')" --known
    is "fish: the words that an option takes" "$(fish_completed 'harness run --fail-on re')" "remark required"
    is "fish: commands" "$(fish_completed 'mockserver heal')" healthcheck
    is "fish: scenarios" "$(fish_completed 'harness run doubao:succ')" doubao:success
    is "fish: upstreams of taskpoll" "$(fish_completed 'taskpoll dou')" doubao
else
    echo "not run: fish"
fi

# -- zsh, with what its completion system would be called with --------------------------------------------------------

if command -v zsh >/dev/null; then
    zsh_called() { # WORD...
        zsh -fc 'f=$1; shift
            words=("$@"); CURRENT=$#
            _describe() { print -rl -- $1 $commands; }
            _arguments() { print -rl -- "$@"; _understudy_${f:t:s/_//}_words $words[1]; }
            _files() { :; }
            compadd() { print -rl -- $found; }
            ask() { . $f; }
            ask' zsh "$COMPLETIONS/zsh/_$1" "$@"
    }
    like "zsh: commands" "$(zsh_called harness '')" *$'\ncheck:check every file*'
    like "zsh: options of that command" "$(zsh_called harness run '')" *'--known='?'findings that are accepted'?':FILE:_files'*
    like "zsh: the words that an option takes" "$(zsh_called harness run '')" *':T:(direct wire both)'*
    like "zsh: scenarios" "$(zsh_called harness run '')" *$'\ndoubao:success\n'*
else
    echo "not run: zsh"
fi
