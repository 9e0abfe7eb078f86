# The rules of ci/tidy that need the whole tree: where includes lead, rooms, circles of files, names of structs.
#
#   awk -v downhill=TABLE -f ci/tidy.house.awk CMakeLists.txt... file.c... file.h...
#
# First reads what the CMakeLists.txt files say of rooms, then every file's includes and structs, and judges at the end:
#
#   entry_line[LIST, room, word]    a word of a room's SOURCES, SHOWS or SEES, and its line
#   rank[ROOM]                      its place in the foreach(room ...) of its top folder
#   include_of, _at, _target, _file an include: the file it stands in, "file:line", its words, the file it leads to
#   header_of[NAME]                 the header that defines struct NAME

function finding(at, rule, what) { printf "%s: %s: %s\n", at, rule, what }
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
function dir_of(path) { sub(/\/?[^\/]*$/, "", path); return path }
function top_of(path) { sub(/\/.*/, "", path); return path }
function module_of(path) { sub(/\.[ch]$/, "", path); return path }
function is_product(path) { return top_of(path) ~ /^(base|client|mockserver|harness)$/ }

BEGIN {
    count = split(downhill, rows, "\n")
    for (i = 1; i <= count; i++)
        if (split(rows[i], cell, " : ") == 2) may_include[trim(cell[1])] = " " trim(cell[2]) " "
}

FNR == 1 {
    file = FILENAME
    dir = dir_of(file)
    in_sign = is_cmake = file ~ /CMakeLists\.txt$/
    in_call = 0
    if (!is_cmake) files[++file_count] = file
    exists[file] = 1
}

is_cmake {
    if (in_sign && /^#/) sign[dir] = trim(sign[dir] " " trim(substr($0, 2)))
    else in_sign = 0
    words = $0
    sub(/#.*/, "", words)
    if (words ~ /^foreach\(room /) {
        count = split(words, word, /[ ()]+/)
        for (i = 3; i <= count; i++)
            if (word[i] != "") rank[dir "/" word[i]] = ++ranked
    }
    if (sub(/^understudy_room\(/, "", words)) {
        room_line[dir] = FNR
        rooms[++room_count] = dir
        list = "TARGET"
        in_call = 1
    }
    if (!in_call) next
    if (sub(/\).*/, "", words)) in_call = 0
    count = split(words, word, " ")
    for (i = 1; i <= count; i++) {
        if (word[i] ~ /^(SOURCES|SHOWS|SEES)$/) list = word[i]
        else if (list != "TARGET") {
            entries[++entry_count] = list SUBSEP dir SUBSEP word[i]
            entry_line[list, dir, word[i]] = FNR
            if (list == "SEES") sees[dir] = sees[dir] " " word[i]
        }
    }
    next
}

# Both spellings, since both find our headers: "base/err.h" and <base/err.h>.
/^[ \t]*#[ \t]*include/ {
    target = $0
    if (target !~ /^[ \t]*#[ \t]*include[ \t]*(<[^>]+>|"[^"]+")/)
        finding(file ":" FNR, "downhill", "an include that hides its header: name it, \"base/err.h\"")
    sub(/^[^"<]*["<]/, "", target)
    sub(/[">].*/, "", target)
    if (target ~ /\/\/|(^|\/)\.\//)
        finding(file ":" FNR, "downhill", "no // and no ./ in an include: one name a header, \"base/err.h\"")
    gsub(/\/(\.?\/)+/, "/", target)
    sub(/^(\.\/)+/, "", target)
    include_of[++include_count] = file
    include_at[include_count] = file ":" FNR
    include_target[include_count] = target
}

/^struct [A-Za-z0-9_]+ \{/ {
    if (file ~ /\.h$/ && ($2 in header_of))
        finding(file ":" FNR, "one-name", "struct " $2 " is also a type of " header_of[$2] ": rename one of them")
    else if (file ~ /\.h$/) header_of[$2] = file
    else private_structs[++private_count] = $2 SUBSEP file SUBSEP FNR
}

# The way from one room to another through SEES, "a -> b -> c"; "" when there is none.
function way(from, to,    queue, first, last, path, next_rooms, count, i) {
    queue[first = last = 1] = from
    path[from] = from
    for (; first <= last; first++) {
        if (queue[first] == to) return path[to]
        count = split(sees[queue[first]], next_rooms, " ")
        for (i = 1; i <= count; i++) {
            if (next_rooms[i] in path) continue
            path[next_rooms[i]] = path[queue[first]] " -> " next_rooms[i]
            queue[++last] = next_rooms[i]
        }
    }
    return ""
}

# Whether this file may include that one: from folder to folder at the top, then from room to room.
function judge_include(i,    from, to, top) {
    from = dir_of(include_of[i])
    top = top_of(include_target[i])
    if (include_target[i] ~ /(^|\/)\.\.\//)
        finding(include_at[i], "downhill", "no .. in an include: name the folder, \"base/err.h\"")
    else if (include_target[i] ~ /\// && (top in may_include) && (top_of(from) in may_include) \
        && !index(may_include[top_of(from)], " " top " ")) {
        finding(include_at[i], "downhill", top_of(from) "/ does not see " top "/: it may include from" \
            may_include[top_of(from)])
        return
    }
    if (!(i in include_file)) return
    to = dir_of(include_file[i])
    if (to == from || !(to in room_line)) return
    used["SEES", from, to] = 1
    if (top_of(from) == "tests") return
    used["SHOWS", to, substr(include_file[i], length(to) + 2)] = 1
    if ((from in room_line) && !(("SEES", from, to) in entry_line))
        finding(include_at[i], "rooms", from " does not see " to ": add it to SEES in " from \
            "/CMakeLists.txt if it is listed before, else move what both need there")
    if (!(("SHOWS", to, substr(include_file[i], length(to) + 2)) in entry_line))
        finding(include_at[i], "rooms", to " does not show this header: include one of its SHOWS, or add it there")
}

# Whether a word of SHOWS or SEES means anything, and leads no way up.
function judge_entry(key,    part, at) {
    split(key, part, SUBSEP)
    at = part[2] "/CMakeLists.txt:" entry_line[key]
    if (part[1] == "SEES" && !(part[3] in room_line))
        finding(at, "rooms", "SEES " part[3] ": there is no such room: remove or correct it")
    else if (part[1] == "SHOWS" && !((part[2] "/" part[3]) in exists))
        finding(at, "rooms", "SHOWS " part[3] ": there is no such header: remove or correct it")
    else if (part[1] != "SOURCES" && !(key in used))
        finding(at, "rooms", part[1] " " part[3] ": " \
            (part[1] == "SEES" ? "nothing here includes from it" : "no other room includes it") ": remove it")
    if (part[1] != "SEES") return
    if (way(part[3], part[2]) != "")
        finding(at, "rooms", "SEES points up, " part[2] " -> " way(part[3], part[2]) \
            ": move what both need into a room below")
    else if (dir_of(part[2]) == dir_of(part[3]) && rank[part[3]] > rank[part[2]])
        finding(at, "rooms", "SEES " part[3] ", which stands later in the list of " dir_of(part[2]) \
            "/CMakeLists.txt: change the order there, or move what both need into a room before")
}

# Whether a file of the product lies in a room, and a source of it in a target.
function judge_file(path,    place) {
    place = dir_of(path)
    if (!is_product(path) || place ~ /\/examples$/) return
    if (!(place in room_line)) {
        # The one header beside rooms is what users of the client library include.
        if (path == "client/client.h" || (place in no_room)) return
        finding(path ":1", "rooms", "no room: give " place "/ a CMakeLists.txt with a sign and understudy_room")
        no_room[place] = 1
    } else if (path ~ /\.c$/ && !(("SOURCES", place, substr(path, length(place) + 2)) in entry_line))
        finding(path ":1", "rooms", "in no target: add it to SOURCES in " place "/CMakeLists.txt, or remove it")
}

# A module is a .c file and its .h. Follows includes from module to module; one that leads back to a module on the trail
# closes a circle.
function follow(module,    list, count, i, to, circle, n) {
    trail[++depth] = module
    place_on_trail[module] = depth
    count = split(includes_of[module], list, " ")
    for (i = 1; i <= count; i++) {
        to = module_of(include_file[list[i]])
        if (to == module) continue
        if (!(to in place_on_trail)) follow(to)
        else if (place_on_trail[to]) {
            circle = to
            for (n = place_on_trail[to] + 1; n <= depth; n++) circle = circle " -> " trail[n]
            finding(include_at[list[i]], "circle", circle " -> " to ": move what they share into a file below them")
        }
    }
    place_on_trail[module] = 0
    depth--
}

# Whether a file includes anything of a folder, directly or through headers, or lies in it.
function can_see(path, folder,    queue, first, last, known, list, count, i) {
    queue[first = last = 1] = path
    for (; first <= last; first++) {
        if (dir_of(queue[first]) == folder) return 1
        count = split(includes_of_file[queue[first]], list, " ")
        for (i = 1; i <= count; i++)
            if (!(include_file[list[i]] in known)) known[queue[++last] = include_file[list[i]]] = 1
    }
    return 0
}

END {
    for (i = 1; i <= include_count; i++) {
        target = dir_of(include_of[i]) "/" include_target[i]
        if (!(target in exists)) target = include_target[i]
        if (target in exists) {
            include_file[i] = target
            includes_of_file[include_of[i]] = includes_of_file[include_of[i]] " " i
            includes_of[module_of(include_of[i])] = includes_of[module_of(include_of[i])] " " i
        }
        judge_include(i)
    }
    for (i = 1; i <= room_count; i++)
        if (sign[rooms[i]] !~ /^[A-Z].*\.$/ || sign[rooms[i]] ~ /[.?!] [A-Z]/)
            finding(rooms[i] "/CMakeLists.txt:1", "rooms", \
                "no sign: begin with a comment of one sentence, what the room is for")
    for (i = 1; i <= entry_count; i++) judge_entry(entries[i])
    for (i = 1; i <= file_count; i++) judge_file(files[i])
    for (i = 1; i <= file_count; i++)
        if (!(module_of(files[i]) in place_on_trail)) follow(module_of(files[i]))
    for (i = 1; i <= private_count; i++) {
        split(private_structs[i], part, SUBSEP)
        if ((part[1] in header_of) && can_see(part[2], dir_of(header_of[part[1]])))
            finding(part[2] ":" part[3], "one-name", "struct " part[1] " is also a type of " header_of[part[1]] \
                ": rename one of them")
    }
}
