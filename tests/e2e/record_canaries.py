"""Canaries through `mockserver record`: a secret in each of many places, written in each of many ways, and then searched for
in all that was written or printed.

    record_canaries.py BIN_DIR FIXTURES_DIR

Every exchange has a secret of its own, which the recorder can know from one place (Authorization, or the place itself), and which
stands in another place in one encoding. Nothing on disk, in a name of a file or in what the recorder printed may hold it in any of
the encodings, nor may a body that is kept as base64.
"""
import base64, gzip, html, http.client, http.server, json, os, re, subprocess, sys, tempfile, threading, urllib.parse

BIN, FIXTURES = sys.argv[1:3]
CORE = "cAnRy"  # what nothing but a secret holds


def every(text, form):
    return "".join(form % ord(c) for c in text)


ENCODINGS = {
    "plain": lambda s: s,
    "percent": lambda s: urllib.parse.quote(s, safe=""),
    "percent-small": lambda s: every(s, "%%%02x"),
    "percent-twice": lambda s: urllib.parse.quote(urllib.parse.quote(s, safe=""), safe=""),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64-url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "base64-shifted": lambda s: base64.b64encode(b"user:" + s.encode() + b"!").decode(),
    "base64-percent": lambda s: urllib.parse.quote(base64.b64encode(b"xy" + s.encode()).decode(), safe=""),
    "hex": lambda s: s.encode().hex(),
    "hex-capitals": lambda s: s.encode().hex().upper(),
    "json": lambda s: every(s, "\\u%04X"),
    "json-slashes": lambda s: s.replace("/", "\\/").replace("+", "\\u002b"),
    "html": lambda s: html.escape(s).replace("/", "&#x2F;").replace("+", "&#43;"),
    "gzip": None,  # of the body; elsewhere it is plain
}


def text_of(encoding, secret):
    return (ENCODINGS[encoding] or ENCODINGS["plain"])(secret)


def header(name, value=lambda t: t):
    return lambda t: {"headers": {name: value(t)}}


# What a place makes of the encoded secret: parts of the request, or of the reply that the service gives.
PLACES = {
    "bearer": header("Authorization", lambda t: "Bearer " + t),
    "key header": header("mj-api-secret"),
    "harmless header": header("X-Note", lambda t: "about " + t),
    "cookie": header("Cookie", lambda t: "a=1; sid=" + urllib.parse.quote(t, safe="%")),
    "referer": header("Referer", lambda t: "https://a.example/?x=1&token=" + t),
    "parameter": lambda t: {"query": "client_secret=" + t},
    "harmless parameter": lambda t: {"query": "page=" + t},
    "member": lambda t: {"body": '{"prompt":"a cat","api_key":"%s"}' % t, "type": "application/json"},
    "prompt": lambda t: {"body": '{"prompt":"a cat and %s"}' % t, "type": "application/json"},
    "form": lambda t: {"body": "a=1&password=" + t, "type": "application/x-www-form-urlencoded"},
    "multipart": lambda t: {"body": '--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n%s\r\n--b--\r\n' % t,
                            "type": "multipart/form-data; boundary=b"},
    "path": lambda t: {"path": urllib.parse.quote(t, safe="%")},
    "set-cookie": lambda t: {"reply_headers": {"Set-Cookie": "sid=" + t + "; Path=/"}},
    "location": lambda t: {"reply_headers": {"Location": "https://l.example/in?token=" + t + "&a=1"}, "status": 302},
    "reply member": lambda t: {"reply": '{"task_id":"t","status":"queued","access_token":"%s"}' % t},
    "reply reason": lambda t: {"reply": '{"task_id":"t","status":"queued","message":"bad %s here"}' % t},
    "reply url": lambda t: {"reply": '{"task_id":"t","status":"completed","url":"https://c.example/v.mp4?sig=%s"}' % t},
    "reply page": lambda t: {"reply": "<p>token %s</p>" % t, "reply_type": "text/html"},
    "reply bytes": lambda t: {"reply": b"\xff\xfe\x00" + t.encode() + b"\xff", "reply_type": "video/mp4"},
    "reply user": lambda t: {"reply": '{"task_id":"t","link":"https://u:%s@h.example/x"}' % urllib.parse.quote(t, safe="%")},
}
# Where the name alone tells that it is a secret: these need no other place that says so.
NAMED = ["bearer", "key header", "cookie", "referer", "parameter", "member", "form", "multipart", "set-cookie", "location",
         "reply member", "reply url"]

replies = {}


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        r = replies[self.headers["X-Row"]]
        body = r.get("reply", '{"task_id":"t","status":"queued"}')
        body = body if isinstance(body, bytes) else body.encode()
        if r["gzip"]:
            body = gzip.compress(body)
        self.send_response_only(r.get("status", 200))
        self.send_header("Content-Type", r.get("reply_type", "application/json"))
        self.send_header("Content-Length", str(len(body)))
        if r["gzip"]:
            self.send_header("Content-Encoding", "gzip")
        for name, value in r.get("reply_headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


def ask(port, row, parts, secret, bearer):
    body = parts.get("body")
    headers = {"X-Row": str(row), **parts.get("headers", {})}
    if bearer and "Authorization" not in headers:
        headers["Authorization"] = "Bearer " + secret
    if body is not None:
        body = body.encode()
        headers["Content-Type"] = parts["type"]
        if parts["gzip"]:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
    path = "/video/v1/video/generations/" + parts.get("path", "task-%d" % row)
    if "query" in parts:
        path += "?" + urllib.parse.quote(parts["query"], safe="=&%+/\\;#" if "#" not in parts["query"] else "=&%+/\\;")
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.putrequest("POST" if body is not None else "GET", path, skip_accept_encoding=True)
    for name, value in headers.items():
        c.putheader(name, value)
    if body is not None:
        c.putheader("Content-Length", str(len(body)))
    c.endheaders(body)
    answer = c.getresponse().read()
    c.close()
    return answer


def all_texts(folder, printed):
    """Every text that may not hold a secret: files, their names, bodies in base64, what was printed."""
    for path, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(path, name), name.encode()
            with open(os.path.join(path, name), "rb") as f:
                text = f.read()
            yield os.path.join(path, name), text
            for entry in json.loads(text)["log"]["entries"]:
                for body in (entry["request"].get("postData", {}), entry["response"]["content"]):
                    if body.get("encoding") == "base64":
                        yield "a body in " + name, base64.b64decode(body["text"])
    yield "what the recorder printed", printed


def spellings(secret):
    """What must not be found, the parts of base64 that no neighbour changes among them."""
    found = {f(secret) for f in ENCODINGS.values() if f}
    for before in range(3):
        digits = base64.b64encode(b"x" * before + secret.encode()).decode().rstrip("=")
        inner = digits[2 if before else 0:-2]
        found |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {s.encode() for s in found if len(s) > 6}


def main():
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    folder = tempfile.mkdtemp()
    out, port_file = os.path.join(folder, "rec"), os.path.join(folder, "port")
    user = "cAnRy-user/Pass+word9"
    upstream = "video=http://me:%s@127.0.0.1:%d" % (urllib.parse.quote(user, safe=""), service.server_port)
    recorder = subprocess.Popen([BIN + "/mockserver", "record", upstream, "--out", out, "--fixtures", FIXTURES, "--listen",
                                 "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    port = int(recorder.stdout.readline().rsplit(b":", 1)[1])
    secrets, row = {"user of the upstream": user}, 0
    for place, parts_of in PLACES.items():
        for encoding in ENCODINGS:
            for bearer in [True] + [False] * (place in NAMED):
                row += 1
                secret = "%s/%04d+%s?q" % (CORE, row, os.urandom(4).hex())
                parts = {**parts_of(text_of(encoding, secret)), "gzip": encoding == "gzip"}
                replies[str(row)] = parts
                ask(port, row, parts, secret, bearer)
                secrets["%s in %s%s" % (place, encoding, "" if bearer else ", told by its name alone")] = secret
    recorder.terminate()
    printed = b"".join(recorder.communicate())
    service.shutdown()
    scan = subprocess.run([BIN + "/harness", "scan", out], capture_output=True, text=True)
    leaks = [] if scan.returncode == 0 else ["harness scan still finds:\n" + scan.stdout]
    texts = list(all_texts(out, printed))
    blob = b"\n".join(text for _, text in texts)
    for what, secret in secrets.items():
        for spelling in spellings(secret):
            if spelling in blob:
                leaks.append("%s: %r" % (what, spelling))
    entries = sum(text.count(b'"startedDateTime"') for _, text in texts)
    if CORE.encode() in blob:
        leaks.append("the start of a secret: %r" % blob[blob.index(CORE.encode()) - 60:][:120])
    for leak in leaks:
        print("not ok -", leak)
    print("%d exchanges, %d recorded, %d leaks, exit code %d" % (row, entries, len(leaks), recorder.returncode))
    print(printed.decode()[-2000:])
    subprocess.run(["rm", "-rf", folder])
    sys.exit(bool(leaks) or entries != row or recorder.returncode != 0)


main()
