# harness scan: secrets in files that are there already are found, told by place and kind, and never shown.
. "$(dirname "$0")/lib.sh"

scan() { "$BIN/harness" scan "$@" >"$scratch/out" 2>&1; }
is "our own fixtures hold none" "$(scan "$FIXTURES"; echo "$? $(tail -n 1 "$scratch/out" | cut -d ' ' -f 1-5)")" "0 0 secrets in 0 of"

mkdir "$scratch/rec"
cat >"$scratch/rec/browser.har" <<'HAR'
{"log":{"version":"1.2","entries":[
 {"request":{"method":"GET","url":"https://h/p?sig=c4nary-1","headers":[{"name":"Accept","value":"*/*"},{"name":"authorization","value":"Bearer c4nary-2"}],
   "cookies":[{"name":"sid","value":"c4nary-3"}],"queryString":[{"name":"sig","value":"c4nary-1"}]},
  "response":{"status":200,"headers":[],"redirectURL":"https://h/?token=c4nary-4","content":{"text":"eyJhY2Nlc3NfdG9rZW4iOiJjNG5hcnktNSJ9","encoding":"base64"}}},
 {"request":{"method":"GET","url":"https://h/c4nary-2","headers":[],"postData":{"params":[{"name":"password","value":"c4nary-6"}]}},
  "response":{"status":200,"headers":[],"content":{"text":"{\"usage\":{\"total_tokens\":77},\"status\":\"done\"}"}}}]}}
HAR
scan "$scratch/rec"
is "a recording of a browser holds some" "$?" 1
is "each is told by its place" "$(sed "s|$scratch|S|" "$scratch/out")" "S/rec/browser.har: /log/entries/0/request/url: parameter
S/rec/browser.har: /log/entries/0/response/content/text: member
S/rec/browser.har: /log/entries/0/request/headers/1: credentials
S/rec/browser.har: /log/entries/0/request/queryString/0: header
S/rec/browser.har: /log/entries/0/request/cookies/0: cookie
S/rec/browser.har: /log/entries/0/response/redirectURL/0: parameter
S/rec/browser.har: /log/entries/1/request/url: known secret
S/rec/browser.har: /log/entries/1/request/postData/params/0: header
8 secrets in 1 of 1 file"
is "and none is shown" "$(grep -c c4nary "$scratch/out")" 0

printf 'HTTP/1.1 200 OK\nSet-Cookie: a=c4nary-7\nContent-Type: application/json\n\n{"status":"queued",\n"link":"https://me:c4nary-8@h/"}' >"$scratch/reply.http"
scan "$scratch/reply.http"
is "a reply is told by its lines" "$(sed "s|$scratch|S|" "$scratch/out")" "S/reply.http:6: user of a URL
S/reply.http:2: cookie
2 secrets in 1 of 1 file"
echo 'export API_KEY=c4nary-9' >"$scratch/notes.txt"
is "so is any text" "$(scan "$scratch/notes.txt"; sed "s|$scratch|S|" "$scratch/out")" "S/notes.txt:1: value
1 secret in 1 of 1 file"
echo '{"log":' >"$scratch/cut.har"
is "a recording that is no JSON is an error" "$(scan "$scratch/cut.har"; echo $?)" 1
like "that names it" "$(cat "$scratch/out")" "*cut.har*"
is "so is a file that is not there" "$(scan "$scratch/none"; echo $?)" 3
is "and no file at all" "$(scan; echo $?)" 2
