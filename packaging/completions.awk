# Writes a shell's completion of one program. Called by completions.sh, which hands over what the program's --help says:
#
#   command NAME HELP                       a command; of a program without commands there is none
#   option COMMAND LETTER FLAG VALUE HELP   "-" for what there is not; separated by tabs
#
# Variables: shell (bash, zsh, fish), program.
BEGIN { FS = "\t" }

$1 == "command" { name[++commands] = $2; says[commands] = $3 }

$1 == "option" {
    n = ++options
    of[n] = $2; letter[n] = $3; flag[n] = $4; value[n] = $5; help[n] = $6
    sub(/ *\(default.*$/, "", help[n])
    sub(/[;:].*$/, "", help[n])
    # "direct, wire or both": the words that it takes
    if (match(help[n], /^[a-z0-9-]+(, [a-z0-9-]+)* or [a-z0-9-]+$/)) {
        words[n] = help[n]
        gsub(/,| or/, "", words[n])
    }
}

END {
    if (!commands)
        name[commands = 1] = "-"
    if (shell == "bash") bash()
    if (shell == "zsh") zsh()
    if (shell == "fish") fish()
}

function is_folder(n) { return value[n] ~ /^(DIR|FOLDER)$/ }
function is_file(n) { return value[n] ~ /FILE|^F$/ }
function quoted(text) { gsub(/'/, "'\\''", text); return "'" text "'" }

# The words of a command that are not options: a command line that prints them.
function candidates(command) {
    if (program == "harness" && command ~ /^(run|list)$/)
        return "harness list 2>/dev/null | sed \"s/ .*//\"; harness list scenarios 2>/dev/null | sed \"s/ .*//\"" \
            (command == "list" ? "; echo upstreams scenarios rules faults" : "")
    if (program == "mockserver" && command == "list")
        return "echo upstreams scenarios faults"
    if (program == "taskpoll")
        return "taskpoll --help | sed -n \"s/^UPSTREAM is one of: //p\""
    return ""
}

function flags_of(command,   n, all) {
    for (n = 1; n <= options; n++)
        if (of[n] == command)
            all = all " " flag[n]
    return substr(all, 2)
}

function all_commands(   i, all) {
    for (i = 1; i <= commands; i++)
        all = all " " name[i]
    return substr(all, 2)
}

# -- bash: one function; colons are no ends of words here ---------------------------------------------------------------

function bash(   i, n) {
    printf "# Completion of %s for bash. Made from what --help says.\n", program
    printf "_understudy_%s() {\n", program
    print "    local line=${COMP_LINE:0:COMP_POINT} cur prev words= command=-"
    print "    cur=${line##*[[:space:]]}"
    print "    prev=${line%\"$cur\"} prev=${prev%\"${prev##*[![:space:]]}\"} prev=${prev##*[[:space:]]}"
    print "    COMPREPLY=()"
    print "    if [[ $line == *' -- '* ]]; then compopt -o default; return; fi"
    if (name[1] != "-") {
        print "    if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then"
        printf "        mapfile -t COMPREPLY < <(compgen -W %s -- \"$cur\")\n        return\n    fi\n", quoted(all_commands())
        print "    command=${COMP_WORDS[1]}"
        if (program == "mockserver")
            print "    [[ $command != -* ]] || command=serve"
    }
    print "    case \"$command $prev\" in"
    for (n = 1; n <= options; n++) {
        if (words[n] != "")
            printf "        %s) words=%s ;;\n", quoted(of[n] " " flag[n]), quoted(words[n])
        else if (is_folder(n))
            printf "        %s) compopt -o dirnames; return ;;\n", quoted(of[n] " " flag[n])
        else if (is_file(n))
            printf "        %s) compopt -o default; return ;;\n", quoted(of[n] " " flag[n])
        else if (value[n] != "-")
            printf "        %s) return ;;\n", quoted(of[n] " " flag[n])
    }
    print "    esac"
    print "    [[ -n $words ]] || case \"$command $cur\" in"
    for (i = 1; i <= commands; i++) {
        printf "        %s*) words=%s ;;\n", quoted(name[i] " -"), quoted(flags_of(name[i]))
        if (candidates(name[i]) != "")
            printf "        %s*) words=$(%s); compopt -o default ;;\n", quoted(name[i] " "), candidates(name[i])
        else
            printf "        %s*) compopt -o default ;;\n", quoted(name[i] " ")
    }
    print "    esac"
    print "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")"
    print "    [[ $cur != *:* || $COMP_WORDBREAKS != *:* ]] || COMPREPLY=(\"${COMPREPLY[@]#\"${cur%:*}:\"}\")"
    printf "}\ncomplete -F _understudy_%s %s\n", program, program
}

# -- zsh ------------------------------------------------------------------------------------------------------------------

function zsh_text(text) { gsub(/[[]|[]]|:/, "\\\\&", text); return text }

function zsh_options(command,   n, action) {
    for (n = 1; n <= options; n++) {
        if (of[n] != command)
            continue
        action = words[n] != "" ? "(" words[n] ")" : is_folder(n) ? "_files -/" : is_file(n) ? "_files" : " "
        printf " \\\n            %s", quoted("*" flag[n] (value[n] == "-" ? "" : "=") "[" zsh_text(help[n]) "]" \
            (value[n] == "-" ? "" : ":" zsh_text(value[n]) ":" action))
    }
    printf " \\\n            %s\n", quoted("*:word:_understudy_" program "_words " command)
}

function zsh(   i) {
    printf "#compdef %s\n# Completion of %s for zsh. Made from what --help says.\n\n", program, program
    printf "_understudy_%s_words() {\n    local -a found\n    case $1 in\n", program
    for (i = 1; i <= commands; i++)
        if (candidates(name[i]) != "")
            printf "        %s) found=(${=\"$(%s)\"}) ;;\n", name[i], candidates(name[i])
    print "    esac\n    (( $#found )) && compadd -a found\n    _files\n}\n"
    if (name[1] == "-") {
        printf "_arguments -S"
        zsh_options("-")
        return
    }
    print "if (( CURRENT == 2 )); then\n    local -a commands=("
    for (i = 1; i <= commands; i++)
        printf "        %s\n", quoted(name[i] ":" says[i])
    print "    )\n    _describe command commands\n    return\nfi\nlocal command=$words[2]"
    print "words=(\"${(@)words[2,-1]}\")\n(( CURRENT-- ))\ncase $command in"
    for (i = 1; i <= commands; i++) {
        printf "    %s)\n        _arguments -S", name[i]
        zsh_options(name[i])
        print "        ;;"
    }
    print "esac"
}

# -- fish -----------------------------------------------------------------------------------------------------------------

function fish(   i, n, when) {
    printf "# Completion of %s for fish. Made from what --help says.\n", program
    for (i = 1; i <= commands; i++) {
        when = ""
        if (name[i] != "-") {
            printf "complete -c %s -f -n __fish_use_subcommand -a %s -d %s\n", program, name[i], quoted(says[i])
            when = " -n " quoted("__fish_seen_subcommand_from " name[i])
        }
        for (n = 1; n <= options; n++)
            if (of[n] == name[i])
                printf "complete -c %s%s%s -l %s%s -d %s\n", program, when, letter[n] == "-" ? "" : " -s " letter[n], \
                    substr(flag[n], 3), value[n] == "-" ? "" : words[n] != "" ? " -x -a " quoted(words[n]) : \
                    is_folder(n) ? " -x -a '(__fish_complete_directories)'" : is_file(n) ? " -r" : " -x", quoted(help[n])
        if (candidates(name[i]) != "")
            printf "complete -c %s%s -a %s\n", program, when, quoted("(" candidates(name[i]) " | string split ' ')")
    }
}
