#!/usr/bin/env bash
# Runs every ```sh block of a page, in order, in one shell and in a scratch copy of the tree, and compares what a
# block prints with the ```text block that follows it.
#
#   tests/docs/run_commands.sh BIN_DIR FILE.md
#
# - A command that fails fails the page. Where failing is the point, the page says: command || echo "exit code $?"
# - A line "..." in a text block stands for any lines.
# - A block that cannot run here says why in the line before it: <!-- not run: REASON --> . Its programs must exist.
# - A block with a line that ends in & starts a server. Pages name fixed ports, tests must not: the server gets a
#   free port, later commands get that port in place of the page's, output gets the page's back.
# - What no two runs print alike is made alike on both sides before comparing: see normalise.
# Exit codes: 0 good, 1 something differs, 2 usage.
set -euo pipefail
[[ $# == 2 && -d $1 && -f $2 ]] || { sed -n 's/^# \{0,1\}//; 2,13p' "$0" >&2; exit 2; }
bin=$(cd "$1" && pwd) page=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
programs='mockserver|harness|taskpoll|curl|ci/[a-z]+|cmake|ctest'

# -- Reading the page -------------------------------------------------------------------------------------------

blocks=() lines=() wants=() reasons=()    # one entry a ```sh block; wants "-" when nothing is promised

complain() { printf '%s:%s: %s\n' "$page" "$1" "$2" >&2; exit 1; }

read_page() {
    local line n=0 fence='' reason='' text='' follows=no
    while IFS= read -r line || [[ -n $line ]]; do
        n=$((n + 1))
        if [[ -n $fence ]]; then
            if [[ $line == '```' ]]; then
                case $fence in
                    sh) blocks+=("$text") reasons+=("$reason") wants+=(-) follows=yes reason='' ;;
                    text) [[ $follows == no ]] || wants[-1]=$text; follows=no ;;
                    *) follows=no ;;
                esac
                fence=''
            elif [[ $fence != sh && $follows == no && $line =~ ^(\$ )?($programs)\  ]]; then
                complain "$n" "a command outside a \`\`\`sh block: no test would run it"
            else
                text+=$line$'\n'
            fi
        elif [[ $line == '```'* ]]; then
            fence=${line#'```'} text=''
            [[ -n $fence ]] || complain "$n" "say what the block holds: \`\`\`sh, \`\`\`text, \`\`\`json"
            [[ $fence != sh ]] || lines+=("$n")
        elif [[ $line =~ ^'<!-- not run: '(.+)' -->'$ ]]; then
            reason=${BASH_REMATCH[1]} follows=no
        elif [[ $line =~ ^(    |$'\t')(\$ )?($programs)\  ]]; then
            complain "$n" "a command outside a \`\`\`sh block: no test would run it"
        elif [[ -n $line ]]; then
            follows=no reason=''
        fi
    done <"$page"
    [[ -z $fence ]] || complain "$n" "the last block does not end"
}

# -- Comparing --------------------------------------------------------------------------------------------------

# Times of day as Unix seconds or milliseconds; how long a run on the wire took, and that a busy machine made it be
# repeated; how many files and polls there are in all, which every new scenario changes; the folder, which pages call HERE.
normalise() {
    sed -E "s|${scratch:-/none}/tree|HERE|g"';s/\r$//
        s/(^|[^0-9])1[0-9]{9}([0-9]{3})?([^0-9]|$)/\1TIME\3/g
        s/(wire [0-9]+ polls? in )[0-9.]+ (ms|s|m|h)( [0-9.]+ (ms|s|m|h))* */\1TIME /
        s/ *\(repeated at speed [0-9]+\)//
        /scenarios were repeated at a lower speed/d
        s/[0-9]+ (upstreams?|replies|reply|scenarios?|passed|polls? direct|on the wire)\b/N \1/g'
}

# No process substitution here: it would change $!, which pages use.
same_output() {
    local want got pattern='' line
    want=$(printf '%s' "$1" | normalise) got=$(printf '%s' "$2" | normalise)
    while IFS= read -r line; do
        if [[ $line == ... ]]; then
            pattern+='*'
        else
            pattern+=$(sed 's/[][*?\\]/\\&/g' <<<"$line")$'\n'
        fi
    done <<<"$want"
    # shellcheck disable=SC2053 # a pattern is meant
    [[ $got$'\n' == $pattern ]]
}

# -- Running ----------------------------------------------------------------------------------------------------

declare -A port_of=()    # the page's port : the one that the server has in truth

# The page's text with true ports; back: the other way.
true_ports() {
    local text=$1 port
    for port in "${!port_of[@]}"; do text=${text//127.0.0.1:$port/127.0.0.1:${port_of[$port]}}; done
    printf '%s' "$text"
}

page_ports() {
    local text=$1 port
    for port in "${!port_of[@]}"; do text=${text//127.0.0.1:${port_of[$port]}/127.0.0.1:$port}; done
    printf '%s' "$text"
}

wait_until_it_listens() {
    local out=$1 pid=$2 limit=$((SECONDS + 30))
    until grep -q '^listening on ' "$out"; do
        kill -0 "$pid" 2>/dev/null && ((SECONDS < limit)) || return 1
    done
}

run_block() {
    local i=$1 command=${blocks[$1]} out=$scratch/.out.$1 port=''
    if [[ $command =~ \&$'\n' ]]; then
        port=8080
        [[ ! $command =~ --listen\ 127\.0\.0\.1:([0-9]+) ]] || port=${BASH_REMATCH[1]}
        unset "port_of[$port]"
        command=${command//--listen 127.0.0.1:$port/--listen 127.0.0.1:0}
    fi
    command=$(true_ports "$command")
    eval "$command" >"$out" 2>&1 </dev/null
    if [[ -n $port ]]; then
        wait_until_it_listens "$out" "$!"
        port_of[$port]=$(sed -n 's/^listening on .*://p' "$out")
    fi
    [[ ${wants[i]} == - ]] && return
    local got
    got=$(page_ports "$(<"$out")")
    if ! same_output "${wants[i]}" "$got"; then
        printf '%s:%s: prints something else than the page says:\n' "$page" "${lines[i]}" >&2
        diff -u --label page --label now <(printf '%s' "${wants[i]}" | normalise) \
            <(printf '%s\n' "$got" | normalise) >&2 || true
        printf 'told\n' >"$scratch/.at"
        return 1
    fi
}

check_skipped() {
    local line
    while IFS= read -r line; do
        command -v "${line%% *}" >/dev/null || complain "${lines[$1]}" "there is no ${line%% *}"
    done <<<"${blocks[$1]%$'\n'}"
    printf 'not run: %s:%s: %s\n' "$page" "${lines[$1]}" "${reasons[$1]}"
}

# Everything a page does happens in here: a subshell that ends what it started.
run_page() {
    set -e
    trap 'pids=$(jobs -p); [[ -z $pids ]] || kill $pids 2>/dev/null || true; wait' EXIT
    cd "$scratch/tree"
    local i
    for i in "${!blocks[@]}"; do
        printf '%s\n' "$i" >"$scratch/.at"
        if [[ -n ${reasons[i]} ]]; then check_skipped "$i"; else run_block "$i"; fi
    done
    printf 'done\n' >"$scratch/.at"
    [[ -z $(jobs -pr) ]] || { printf '%s: a server that it starts is never ended\n' "$page" >&2; exit 1; }
}

file=$(cd "$(dirname "$page")" && pwd)/$(basename "$page")
read_page
page=${file#"$root"/}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tree/build/release"
tar -C "$root" --exclude=./build --exclude=./.git --exclude=node_modules -cf - . | tar -C "$scratch/tree" -xf -
ln -s "$bin" "$scratch/tree/build/release/bin"
for variable in $(compgen -e | grep -E '^UNDERSTUDY_|^GITHUB_|^GITLAB_CI$|^CI_PROJECT_DIR$|_proxy$|_PROXY$' || true); do unset "$variable"; done
# A sanitized client that is traced cannot look for leaks: that traces, too.
export ASAN_OPTIONS=detect_leaks=0
export UNDERSTUDY_LISTEN=127.0.0.1:0 NO_COLOR=1 PATH=$bin:$PATH

set +e
(run_page)
status=$?
set -e
at=$(<"$scratch/.at")
if [[ $at =~ ^[0-9]+$ ]]; then
    printf '%s:%s: this block failed; it printed:\n' "$page" "${lines[at]}" >&2
    cat "$scratch/.out.$at" >&2 || true
fi
[[ $at == "done" && $status == 0 ]] || exit 1
ran=0 skipped=0 commands=0
for i in "${!blocks[@]}"; do
    if [[ -n ${reasons[i]} ]]; then skipped=$((skipped + 1)); continue; fi
    ran=$((ran + 1))
    commands=$((commands + $(grep -cE '^[^ #].*' <<<"${blocks[i]}")))
done
printf '%s: ran %d blocks with %d lines, skipped %d\n' "$page" "$ran" "$commands" "$skipped"
[[ $ran -gt 0 && $((ran + skipped)) == $(grep -c '^```sh$' "$file") ]]
