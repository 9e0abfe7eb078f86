# The rules of ci/tidy that need no more than a line and its neighbours: first lines, guards, doors, calls, dialect.
#
#   awk -v doors=TABLE -v banned=TABLE -v homes=TABLE -f ci/tidy.lines.awk file.c... file.h...

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
function finding(rule, what) { printf "%s:%d: %s: %s\n", FILENAME, FNR, rule, what }
function finding_at(line, rule, what) { printf "%s:%d: %s: %s\n", FILENAME, line, rule, what }
function warning(line, what) { printf "%s:%d: warning: %s\n", FILENAME, line, what }

BEGIN {
    count = split(doors, rows, "\n")
    for (i = 1; i <= count; i++)
        if (split(rows[i], cell, " : ") == 2) door[trim(cell[1])] = trim(cell[2])
    count = split(homes, rows, "\n")
    for (i = 1; i <= count; i++)
        if (split(rows[i], cell, " : ") == 3) {
            home[trim(cell[1])] = trim(cell[2])
            better[trim(cell[1])] = trim(cell[3])
        }
    count = split(banned, rows, "\n")
    for (i = 1; i <= count; i++) {
        if (split(rows[i], cell, " : ") != 3) continue
        names = split(trim(cell[1]), name, " ")
        for (n = 1; n <= names; n++) {
            allowed_in[name[n]] = " " trim(cell[2]) " "
            instead[name[n]] = trim(cell[3])
        }
    }
}

# The code of a line: comments gone, strings and characters emptied. in_comment lives between lines.
function code_of(line,    out, at, two, quote) {
    out = ""
    for (at = 1; at <= length(line); at++) {
        two = substr(line, at, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; at++ }
            continue
        }
        if (two == "/*") { in_comment = 1; at++; continue }
        if (two == "//") break
        quote = substr(two, 1, 1)
        if (quote != "\"" && quote != "\047") { out = out quote; continue }
        for (at++; at <= length(line) && substr(line, at, 1) != quote; at++)
            if (substr(line, at, 1) == "\\") at++
        out = out quote quote
    }
    return out
}

function check_door(line,    target, key, seen) {
    target = line
    sub(/^[^"<]*["<]/, "", target)
    sub(/[">].*$/, "", target)
    for (key in door) {
        if (index(target, key) != 1) continue
        if (FILENAME ~ /\.h$/)
            finding("one-door", "a header shows " door[key] " to others: include it in one .c file")
        seen = place SUBSEP key
        if (!(seen in opened)) opened[seen] = FILENAME
        else if (opened[seen] != FILENAME)
            finding("one-door", door[key] " already has its door in this folder: " opened[seen])
    }
}

function check_calls(code,    before, name) {
    while (match(code, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
        before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
        name = substr(code, RSTART, RLENGTH)
        sub(/[ \t]*\($/, "", name)
        if ((name in instead) && before !~ /[.>0-9]/ && !index(allowed_in[name], " " FILENAME " "))
            finding("banned-call", name ": use " instead[name])
        code = substr(code, RSTART + RLENGTH)
    }
}

# Numbers that give away a second copy of something we have.
function check_homes(code,    number) {
    for (number in home)
        if (code ~ "(^|[^A-Za-z0-9_])" number "([^0-9]|$)" && FILENAME != home[number])
            finding("one-place", number " belongs to " home[number] ": use " better[number])
}

# The guard is the path: mockserver/plan/plan.h is UNDERSTUDY_MOCKSERVER_PLAN_PLAN_H.
function check_guard(code,    word, guard) {
    guard = FILENAME
    gsub(/[^A-Za-z0-9]/, "_", guard)
    guard = "UNDERSTUDY_" toupper(guard)
    split(code, word, " ")
    if (guard_step == 0 && word[1] word[2] == "#ifndef" guard) guard_step = 1
    else if (guard_step == 1 && word[1] word[2] == "#define" guard) guard_step = 2
    else {
        finding("guard", "begin with #ifndef and #define " guard)
        guard_step = 2
    }
}

# Truth tests are gathered over the lines of a statement: what comes before a ; or the end of an if's condition.
function check_null(code,    parens) {
    statement = statement " " code
    if (code ~ /[!=]= NULL|NULL [!=]=/) null_line = FNR
    parens = gsub(/\(/, "(", statement) - gsub(/\)/, ")", statement)
    if (parens > 0 || (code !~ /[;{}:][ \t]*$/ && statement !~ /^[ \t}]*(else )?(if|while|for) \(/)) return
    if (null_line && statement ~ /[^A-Za-z0-9_](if|while|for) \(|&&|\|\||\?/)
        finding_at(null_line, "dialect", "a pointer in a condition is p or !p")
    statement = ""
    null_line = 0
}

# sizeof x for a thing, sizeof(struct x) for a type. What begins with a parenthesis needs its own.
function check_sizeof(code,    what) {
    while (match(code, /sizeof ?\([*&]?[A-Za-z_][^()]*\)/)) {
        what = substr(code, RSTART, RLENGTH)
        sub(/^sizeof ?\(/, "", what)
        if (what !~ /^(struct|union|enum|const|unsigned|signed|void|bool|char|short|int|long|float|double)([ *)]|$)/ \
            && what !~ /^[A-Za-z0-9_]+_t[ *)]/ && what !~ /^[A-Z][A-Za-z0-9]*_[A-Z][a-z]|^[A-Z0-9_]+\)/)
            finding("dialect", "sizeof x without parentheses: x is no type")
        code = substr(code, RSTART + RLENGTH)
    }
}

# Lines behind one another: "if (x) {", one statement, "}".
function check_braces(code) {
    if (before_last ~ /^[ \t]*(if|while|for) \(.*\) \{$/ && last ~ /;$/ && code ~ /^[ \t]*\}$/ \
        && gsub(/\(/, "(", before_last) == gsub(/\)/, ")", before_last))
        finding_at(FNR - 2, "dialect", "no braces around one line")
    before_last = last
    last = code
}

function check_dialect(code) {
    check_homes(code)
    check_sizeof(code)
    check_braces(code)
    if (!is_product) return
    if (code ~ /[^ \t]/) check_null(code)
    if (code ~ /(^|[^A-Za-z0-9_])int (failed|rc|ret)[ ;=,)]/) finding("dialect", "an error is int code")
}

FNR == 1 {
    if (file_lines > 400) printf "%s:1: warning: %d lines; over 400 is a sign\n", file, file_lines
    file = FILENAME
    folder = place = FILENAME
    sub(/\/.*/, "", folder)
    sub(/\/[^\/]*$/, "", place)
    if (folder != "tests") place = folder
    is_product = folder ~ /^(base|client|mockserver|harness)$/
    in_comment = body_at = in_macro = guard_step = null_line = 0
    statement = last = before_last = ""
    if ($0 !~ /^\/[*\/]./) finding("first-line", "begin with a comment that says what the file is for")
}
{ file_lines = FNR }
/(TODO|FIXME)/ { finding("todo", "do it, or say it in the documents") }
/scanf[ \t]*\(.*%s/ { finding("banned-call", "scanf with %s: give it a width, or use struct span") }
{
    raw = $0
    code = code_of(raw)
    if (code ~ /^[ \t]*#[ \t]*include/) check_door(raw)
    else if (code !~ /^[ \t]*#[ \t]*define[ \t]+[a-z_]+\(/) check_calls(code)
    if (FILENAME ~ /\.h$/ && guard_step < 2 && code ~ /[^ \t]/) check_guard(code)
    if (code ~ /^[ \t]*#/ || in_macro) in_macro = code ~ /\\$/
    else check_dialect(code)
}
/^\{/ { body_at = FNR }
/^\}/ {
    if (body_at && FNR - body_at + 1 > 70)
        warning(body_at, "a function of " (FNR - body_at + 1) " lines; over 70 is a sign")
    body_at = 0
}
END { if (file_lines > 400) printf "%s:1: warning: %d lines; over 400 is a sign\n", file, file_lines }
