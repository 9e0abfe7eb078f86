"""How `mockserver record` ends, and what it meets on the way: a kill, a disk that is full, TLS.

    record_ends.py BIN_DIR FIXTURES_DIR
"""
import http.client, http.server, json, os, resource, shutil, signal, ssl, subprocess, sys, tempfile, threading, time

BIN, FIXTURES = sys.argv[1:3]
folder = tempfile.mkdtemp()
failures = 0


def claim(what, good, why=""):
    global failures
    failures += not good
    print("ok -" if good else "not ok -", what, "" if good else why)


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = b'{"task_id":"t","status":"queued","user":"%s"}' % (self.headers.get("Authorization") or "nobody").encode()
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(context=None):
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    if context:
        service.socket = context.wrap_socket(service.socket, server_side=True)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    return service.server_port


class Recorder:
    def __init__(self, upstream, *more, limit=None):
        self.out = tempfile.mkdtemp(dir=folder) + "/rec"
        limits = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
        self.process = subprocess.Popen(
            [BIN + "/mockserver", "record", "video=" + upstream, "--out", self.out, "--fixtures", FIXTURES, "--listen",
             "127.0.0.1:0", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limits)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def poll(self, task):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        c.request("GET", "/v1/video/generations/" + task)
        answer = c.getresponse()
        body = answer.read()
        c.close()
        return answer.status, body

    def entries(self, task):
        with open("%s/video/%s.har" % (self.out, task), encoding="utf-8") as f:
            return json.load(f)["log"]["entries"]

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        said = self.process.communicate()[1]
        return self.process.returncode, said


def a_kill_loses_the_last_second_only(port):
    r = Recorder("http://127.0.0.1:%d" % port)
    asked = []
    while not asked or time.monotonic() - asked[0] < 2.5:
        asked.append(time.monotonic())
        r.poll("t")
    killed = time.monotonic()
    r.end(signal.SIGKILL)
    old = sum(when < killed - 1.3 for when in asked)  # a second, and a moment for the writer
    kept = len(r.entries("t"))
    claim("a kill loses the last second only", old <= kept <= len(asked) and kept > 0, "%d of %d kept" % (kept, old))


def a_full_disk_is_told_once(port):
    r = Recorder("http://127.0.0.1:%d" % port, limit=8192)
    for _ in range(3):
        r.poll("t")
    while not os.path.exists(r.out + "/video/t.har"):
        time.sleep(0.05)
    began, good = time.monotonic(), True
    while time.monotonic() - began < 2.5:  # more than one try to write
        good = r.poll("t")[0] == 200 and good
    claim("the proxy goes on", good)
    code, said = r.end()
    claim("a full disk is told once", said.count("not recorded: ") == 1, said)
    claim("then how much is lost", "were not recorded" in said, said)
    claim("and the exit code is 1", code == 1, code)
    claim("the file is whole", len(r.entries("t")) > 0 and os.path.getsize(r.out + "/video/t.har") <= 8192)


def tls_is_trusted_by_a_file(folder):
    key, cert = folder + "/key.pem", folder + "/cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj",
                    "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    url = "https://me:pass-word-1@127.0.0.1:%d" % serve(context)
    r = Recorder(url, "--upstream-ca", cert)
    status, body = r.poll("t")
    claim("a service with a certificate of its own is reached", status == 200, (status, body))
    claim("with the user of its URL", b"Basic bWU6cGFzcy13b3JkLTE=" in body, body)
    r.end()
    text = json.dumps(r.entries("t"))
    claim("who is in the recording as little as the password", "pass-word-1" not in text and "bWU6cGFzcy13b3JkLTE" not in text, text)
    r = Recorder(url)
    status, body = r.poll("t")
    claim("without it, the gateway says why", status == 502 and b"certificate" in body and b"pass-word" not in body, body)
    code, said = r.end()
    claim("which is recorded as status 0", r.entries("t")[0]["response"]["status"] == 0)
    claim("and no failure of the recorder", code == 0, (code, said))
    wrong = subprocess.run([BIN + "/mockserver", "record", "video=" + url, "--out", folder + "/none", "--upstream-ca", key],
                           capture_output=True, text=True)
    claim("a file without a certificate is a usage error", wrong.returncode == 2 and "no certificate" in wrong.stderr, wrong.stderr)


try:
    port = serve()
    a_kill_loses_the_last_second_only(port)
    a_full_disk_is_told_once(port)
    tls_is_trusted_by_a_file(folder)
finally:
    shutil.rmtree(folder)
sys.exit(failures > 0)
