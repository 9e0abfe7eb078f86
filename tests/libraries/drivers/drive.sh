# One GET a URL by a program: sh drive.sh COMMAND URL...; for each a line, "got BYTES" or "error CODE": what it printed
# and how it ended. Without a URL: the program's version. COMMAND is one word that the shell takes apart.
command=$1
shift
if [ $# = 0 ]; then
    ${command%%[ _]*} --version | sed -n '1s/^[^0-9]*\([0-9.]*\).*/\1/p'
fi

# curl with a file for the body, as downloads have it.
curl_to_file() {
    file=$(mktemp)
    curl -sf --retry 5 --retry-all-errors -o "$file" "$1"
    code=$?
    cat "$file"
    rm -f "$file"
    return $code
}

for url; do
    code=0
    body=$($command "$url" && printf x) || code=$?
    # The x keeps a last line feed.
    if [ $code = 0 ]; then
        body=${body%x}
        echo "got 200 ${#body}"
    else
        echo "error $code"
    fi
done
