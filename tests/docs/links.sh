#!/usr/bin/env bash
# Checks that every relative link in the tree's markdown files leads to a file, and its anchor to a heading.
#
#   tests/docs/links.sh DIR
set -euo pipefail
cd "${1:?usage: links.sh DIR}"

# The anchors of a page, one a line: headings in lower case, without punctuation, spaces as dashes.
anchors() {
    awk '/^```/ { code = !code } !code && /^#+ / { sub(/^#+ /, ""); print }' "$1" \
        | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

checked=0 failed=0
while read -r page; do
    while IFS= read -r link; do
        [[ ! $link =~ ^[a-z]+: ]] || continue
        checked=$((checked + 1))
        file=${link%%#*} target=$page
        [[ -z $file ]] || target=$(dirname "$page")/$file
        if [[ ! -e $target ]]; then
            printf '%s: the link to %s leads nowhere\n' "$page" "$link"
            failed=1
        elif [[ $link == *#* ]] && ! anchors "$target" | grep -qxF -- "${link#*#}"; then
            printf '%s: %s has no heading for #%s\n' "$page" "$target" "${link#*#}"
            failed=1
        fi
    done < <(awk '/^```/ { code = !code } !code' "$page" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
done < <(find . -name '*.md' -not -path './build/*' -not -path '*/node_modules/*' | sort)
printf '%d links\n' "$checked"
[[ $checked -gt 0 && $failed == 0 ]]
