"""The six upstreams as a stranger would build them from their documents: no fixtures, none of our code.

usage: serve.py [CERT KEY]    prints its URL; with a certificate it speaks TLS

The task's id says what becomes of it: done-*, fails-*, stays-away-* (no such task), anything else goes on.
One poll in between meets an overloaded server. The token is sk-stranger; ZEGO's AppId is 7, its secret "secret".
"""
import hashlib
import json
import ssl
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

polls, nonces, lock = Counter(), set(), threading.Lock()


def end_of(task):
    return "done" if task.startswith("done") else "failed" if task.startswith("fails") else "open"


def video(task, n):
    if n < 3:
        return {"task_id": task, "status": ["queued", "in_progress"][n - 1]}
    if end_of(task) == "done":
        return {"task_id": task, "status": "completed", "url": "http://v/video.mp4", "format": "mp4",
                "metadata": {"duration": 5.0, "fps": 24, "width": 1280, "height": 720, "seed": 2**53 + 1}}
    return {"task_id": task, "status": "failed", "error": {"code": 1001, "message": "video refused"}}


def doubao(task, n):
    status = ["queued", "in_progress", "success" if end_of(task) == "done" else "failure"][min(n, 3) - 1]
    reason = {"success": "http://v/doubao.mp4", "failure": "doubao refused"}.get(status, "")
    return {"code": "success", "data": {
        "task_id": task, "action": "generate", "status": status, "progress": f"{min(n * 33, 100)}%",
        "fail_reason": reason, "submit_time": 1705334400, "start_time": 0, "finish_time": 0}}


def newapi(task, n):
    if n == 2:  # a channel's own word, in between
        return {"code": "success", "message": "", "data": {
            "error": None, "format": "mp4", "metadata": None, "status": "processing", "task_id": task, "url": ""}}
    data = {"id": 1, "platform": "54", "task_id": task, "status": "NOT_START", "progress": "0%", "data": None}
    if n > 2:
        good = end_of(task) == "done"
        data |= {"status": "SUCCESS" if good else "FAILURE", "progress": "100%",
                 "fail_reason": "" if good else "newapi refused",
                 "result_url": "http://v/newapi.mp4" if good else "newapi refused"}
    return {"code": "success", "message": "", "data": data}


def avatar(task, n):
    if n < 3:
        return {"id": task, "web_work_status": [0, 100][n - 1], "create_time": 1720000000000}
    good = end_of(task) == "done"
    return {"id": task, "web_work_status": "200" if good else -1, "play_types": ["", "x"],
            "animate_params_str": "{\"web_work_status\":0}", "work_video_path": "http://v/avatar.mp4" if good else ""}


def stream(task, n):
    last = {"done": 5, "failed": 2}.get(end_of(task), 3)
    data = {"Status": [1, 3][n - 1] if n < 3 else last, "RoomId": "r", "StreamId": "s", "CreateTime": 1749541482}
    return data | ({"FailReason": "stream refused"} if data["Status"] == 2 else {})


def drive(task, n):
    return {"DriveList": [{"DriveId": task, "Status": [1, 2][n - 1] if n < 3 else 4 if end_of(task) == "done" else 3}]}


BEARER = {"/video/v1/video/generations/": video, "/doubao/v1/video/generations/": doubao,
          "/newapi/v1/video/generations/": newapi, "/avatar/avatar/task/": avatar}
ACTIONS = {"GetDigitalHumanStreamTaskStatus": (stream, ("TaskId",)), "GetDriveStatus": (drive, ("DriveId", "TaskId"))}


def signature_fault(query):
    """The provider's code for the first thing wrong with a call, or 0."""
    values = [query.get(k, "") for k in ("AppId", "SignatureNonce", "Timestamp", "Signature", "SignatureVersion")]
    app, nonce, stamp, signature, version = values
    if not all(values) or app != "7" or version != "2.0":
        return 100000001
    if abs(int(stamp) - time.time()) > 600:
        return 100000004
    wanted = hashlib.md5(f"{app}{nonce}secret{stamp}".encode()).hexdigest()
    with lock:
        fresh = nonce not in nonces
        nonces.add(nonce)
    return 0 if signature == wanted and fresh else 100000005


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, *headers):
        text = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        for name, value in (("Content-Length", str(len(text))), ("Content-Type", "application/json"), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def turn(self, key):
        """Which poll of this task it is; None for the one that meets an overloaded server."""
        with lock:
            polls[key] += 1
            n = polls[key]
        return None if n == 2 else n - (n > 2)

    def do_GET(self):
        for prefix, reply in BEARER.items():
            if self.path.startswith(prefix):
                task = unquote(self.path[len(prefix):])
                if self.headers["Authorization"] != "Bearer sk-stranger":
                    return self.answer(401, {"error": {"code": "", "message": "bad token", "type": "new_api_error"}})
                if task.startswith("stays-away"):
                    return self.answer(400, {"code": "task_not_exist", "message": "task_not_exist", "data": None})
                n = self.turn(prefix + task)
                if n is None:
                    return self.answer(429, None, ("Retry-After", "0"))
                return self.answer(200, reply(task, n))
        self.answer(404, {"error": {"message": f"Invalid URL ({self.path})", "type": "invalid_request_error",
                                    "param": "", "code": ""}})

    def do_POST(self):
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply, keys = ACTIONS.get(query.get("Action"), (None, ()))
        task = next((body[k] for k in keys if k in body), None)
        code = signature_fault(query) or (0 if reply and task else 400000001)
        n = self.turn(f"{query.get('Action')}/{task}") if code == 0 else 0
        if code == 0:
            code = 400000005 if task.startswith("stays-away") else 400010002 if n is None else 0
        data = {} if code else {"Data": reply(task, n)}
        self.answer(200, {"Code": code, "Message": "success" if code == 0 else "no", "RequestId": "1"} | data)


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # a client that refuses the certificate


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) == 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(f"http{'s' if len(sys.argv) == 3 else ''}://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
