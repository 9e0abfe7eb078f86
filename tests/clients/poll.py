#!/usr/bin/env python3
"""Waits for a task of one of eight services to end, politely. Standard library only.

    poll.py UPSTREAM BASE_URL TASK_ID [--goal G] [--interval S] [--timeout S] [--save FILE]

Credentials come from the environment: MOCK_TOKEN, or MOCK_APP_ID and MOCK_SECRET for ZEGO.
The last line is "url: ...", "failed: ...", "error: ..." or "gave up: ...", the exit code 0, 3, 4 or 5.
"""
import argparse
import email.utils
import hashlib
import http.client
import json
import os
import random
import re
import secrets
import sys
import time
import urllib.request
from urllib.parse import quote, urlencode, urlsplit

TROUBLES_MAX = 8      # exchanges in a row that told nothing of the task
BACKOFF_MAX_S = 60
ATTEMPT_S = 60        # for one exchange
RETRY_CODES = {"100000004", "400000008", "400000010", "400010002", "400010009"}  # ZEGO's "later"
GONE_CODES = {"400000005", "400000007"}  # ZEGO, once the task was seen: it has stopped
MISSING = re.compile(r"HTTP 404|task_not_exist|400000005")  # in each service's own words


class Refused(Exception):
    """The service said no, and would say so again."""


class Trouble(Exception):
    """The exchange told nothing of the task: ask again, later."""

    def __init__(self, why, retry_after=None):
        super().__init__(why)
        self.retry_after = retry_after


# -- What a reply says: "running", "succeeded" or "failed", and the URL or the reason --------------

def is_url(text):
    return isinstance(text, str) and text.startswith(("http://", "https://"))


def first_url(record, *keys):
    return next((record[k] for k in keys if is_url(record.get(k))), "")


def member(record, key):
    value = record.get(key)
    if not isinstance(value, dict):
        raise Trouble(f"no {key} in the reply")
    return value


def number(value):
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Trouble(f"{value!r} is no status") from None


def check_gateway(reply):
    """An error may come with status 200."""
    if isinstance(reply.get("error"), dict) and "data" not in reply:
        raise Refused(reply["error"].get("message"))
    if reply.get("code") is not None and str(reply["code"]).lower() != "success":
        raise Refused(f"{reply['code']} {reply.get('message')}")


def state_of(status, done, failed):
    if not status or not isinstance(status, str):
        raise Trouble("no status in the reply")
    if status.lower() in done:
        return "succeeded"
    return "failed" if status.lower() in failed else "running"


def read_record(reply):
    """The gateway's record: doubao, newapi in both its dialects, resellers of avatar."""
    check_gateway(reply)
    record = member(reply, "data")
    state = state_of(record.get("status"), {"success", "succeeded"}, {"failure", "failed"})
    if state == "succeeded":
        inner = record.get("data") if isinstance(record.get("data"), dict) else {}
        return state, (first_url(record, "result_url", "url", "fail_reason")
                       or first_url(inner, "work_video_path"))
    error = record.get("error") or {}
    return state, record.get("fail_reason") or error.get("message") or ""


def read_video(reply):
    if reply.get("status") is None:
        check_gateway(reply)
    state = state_of(reply.get("status"), {"completed", "succeeded"}, {"failed"})
    if state == "succeeded":
        return state, first_url(reply, "url")
    error = reply.get("error") or ""  # an object, a text or a list of texts
    error = error[0] if isinstance(error, list) else error
    return state, (error.get("message") if isinstance(error, dict) else error) or ""


def read_error(reply):
    error = reply.get("error") or ""
    return (error.get("message") if isinstance(error, dict) else error) or ""


def read_videos(reply, content):
    """OpenAI's style: without a URL in the record the video is where its content is."""
    if reply.get("status") is None:
        check_gateway(reply)
    state = state_of(reply.get("status"), {"succeeded", "completed"}, {"failed", "expired", "cancelled"})
    if state == "succeeded":
        return state, first_url(reply.get("metadata") or {}, "url") or content
    return state, read_error(reply)


def read_ark(reply):
    if reply.get("status") is None:
        check_gateway(reply)
    state = state_of(reply.get("status"), {"succeeded"}, {"failed", "expired", "cancelled"})
    if state == "succeeded":
        return state, first_url(reply.get("content") or {}, "video_url")
    return state, read_error(reply)


def read_avatar(reply):
    if reply.get("web_work_status") is None:
        return read_record(reply)
    status = number(reply["web_work_status"])
    if status == 200:
        return "succeeded", first_url(reply, "work_video_path", "no_wm_work_video_path",
                                      "wm_work_video_path")
    return ("failed", f"web_work_status {status}") if status < 0 else ("running", "")


def zego_data(reply, goal, seen):
    """The reply's Data; None when the goal is reached because the task is gone."""
    code = str(reply.get("Code"))
    if code == "0":
        return member(reply, "Data")
    if code == "None" or code in RETRY_CODES:
        raise Trouble(f"code {code}: {reply.get('Message')}")
    if goal == "stopped" and code in GONE_CODES and (seen or code == "400000007"):
        return None
    raise Refused(f"code {code}: {reply.get('Message')}")


def read_stream(reply, goal, seen):
    data = zego_data(reply, goal, seen)
    if data is None:
        return "succeeded", ""
    status = number(data.get("Status"))
    done, failed = ({3}, {2, 4, 5}) if goal == "ready" else ({5}, {2})
    if status in done:
        return "succeeded", ""
    return ("failed", data.get("FailReason") or "") if status in failed else ("running", "")


def read_drives(reply):
    drives = zego_data(reply, None, False).get("DriveList")
    if not isinstance(drives, list):
        raise Trouble("no DriveList in the reply")
    statuses = {number(drive.get("Status")) for drive in drives}
    if not statuses or statuses - {3, 4}:
        return "running", ""
    return ("failed", "a drive failed") if 3 in statuses else ("succeeded", "")


# -- One exchange --------------------------------------------------------------------------------

class Service:
    def __init__(self, options):
        self.options = options
        self.base = urlsplit(options.base_url)
        self.connection = None
        self.seen = False

    def request(self):
        """Method, target, headers and body of the next poll."""
        o = self.options
        task = quote(o.task_id, safe="")
        bearer = {"Authorization": "Bearer " + os.environ.get("MOCK_TOKEN", "")}
        if o.upstream == "zego-stream":
            return self.signed("GetDigitalHumanStreamTaskStatus", {"TaskId": o.task_id})
        if o.upstream == "zego-drive":
            key = "TaskId" if o.goal == "all" else "DriveId"
            return self.signed("GetDriveStatus", {key: o.task_id})
        if o.upstream == "videos":
            target = f"/v1/videos/{task}"
            return "GET", target, bearer, None
        if o.upstream == "ark":
            return "GET", f"/api/v3/contents/generations/tasks/{task}", bearer, None
        if o.upstream == "avatar":
            return "GET", f"/avatar/task/{task}", bearer, None
        return "GET", f"/v1/video/generations/{task}", bearer, None

    def signed(self, action, body):
        app_id, secret = os.environ["MOCK_APP_ID"], os.environ["MOCK_SECRET"]
        nonce, now = secrets.token_hex(8), str(int(time.time()))
        signature = hashlib.md5((app_id + nonce + secret + now).encode()).hexdigest()
        query = urlencode({"Action": action, "AppId": app_id, "SignatureNonce": nonce,
                           "Timestamp": now, "Signature": signature, "SignatureVersion": "2.0"})
        return "POST", f"/?{query}", {"Content-Type": "application/json"}, json.dumps(body)

    def exchange(self):
        """Status, headers and body of one reply, over a connection that is kept."""
        if self.connection is None:
            kind = (http.client.HTTPSConnection if self.base.scheme == "https"
                    else http.client.HTTPConnection)
            self.connection = kind(self.base.netloc, timeout=ATTEMPT_S)
        method, target, headers, body = self.request()
        try:
            self.connection.request(method, self.base.path.rstrip("/") + target, body, headers)
            reply = self.connection.getresponse()
            return reply.status, reply.headers, reply.read()
        except (OSError, http.client.HTTPException) as lost:
            self.connection.close()
            self.connection = None
            raise Trouble(f"no reply: {lost!r}") from lost

    def poll(self):
        """State and text of the task, and how long the service asks to be left alone."""
        status, headers, body = self.exchange()
        retry_after = seconds_of(headers.get("Retry-After"))
        if status < 200:  # http.client takes 102 and 103 for the answer
            self.connection.close()
            self.connection = None  # where the answer still lies
            raise Trouble(f"HTTP {status}")
        if status in (408, 425, 429) or status >= 500:
            raise Trouble(f"HTTP {status}", retry_after)
        if not 200 <= status < 300:
            raise Refused(f"HTTP {status} {body[:200].decode(errors='replace')}")
        try:
            reply = json.loads(body)
        except ValueError:
            reply = None
        if not isinstance(reply, dict):
            raise Trouble("the reply is no JSON object", retry_after)
        state, text = self.read(reply)
        self.seen = True
        return state, text, retry_after

    def read(self, reply):
        upstream = self.options.upstream
        if upstream == "zego-stream":
            return read_stream(reply, self.options.goal, self.seen)
        if upstream == "videos":
            path = f"/v1/videos/{quote(self.options.task_id, safe='')}/content"
            return read_videos(reply, self.options.base_url.rstrip("/") + path)
        readers = {"zego-drive": read_drives, "avatar": read_avatar, "video": read_video, "ark": read_ark}
        return readers.get(upstream, read_record)(reply)


def seconds_of(retry_after):
    """Retry-After in seconds from now, in both its forms; None when absent or malformed."""
    text = (retry_after or "").strip()
    if text.isdecimal():
        return int(text)
    try:
        return max(0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


# -- The loop ------------------------------------------------------------------------------------

def backoff(interval, troubles):
    return random.uniform(interval, max(interval, min(BACKOFF_MAX_S, interval * 2 ** (troubles - 1))))


def wait_for(service, interval, timeout):
    """The line to print and the exit code."""
    started, troubles, why, first = time.monotonic(), 0, "", True
    while True:
        try:
            state, text, retry_after = service.poll()
            troubles, why = 0, state
            if state == "succeeded":
                return "url: " + text, 0
            if state == "failed":
                return "failed: " + text, 3
        except Refused as refused:
            if not first or not MISSING.search(str(refused)):
                return f"error: {refused}", 4
            troubles, why, retry_after = 1, str(refused), None  # it may be too new: once more
        except Trouble as trouble:
            troubles, why, retry_after = troubles + 1, str(trouble), trouble.retry_after
        first = False
        wait = backoff(interval, troubles) if troubles else interval
        if retry_after is not None:
            wait = max(interval, retry_after)
        if troubles > TROUBLES_MAX or time.monotonic() - started + wait > timeout:
            return f"gave up: {why}", 5
        time.sleep(wait)


def save(url, path):
    """Fetches the result. It lies on another host: no credentials for that one."""
    with urllib.request.urlopen(url, timeout=ATTEMPT_S) as reply, open(path, "wb") as out:
        while chunk := reply.read(1 << 16):
            out.write(chunk)


def main():
    intervals = {"doubao": 5, "newapi": 5, "video": 5, "avatar": 5, "videos": 5, "ark": 5, "zego-stream": 2,
                 "zego-drive": 2}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("upstream", choices=intervals)
    parser.add_argument("base_url")
    parser.add_argument("task_id")
    parser.add_argument("--goal", default="")
    parser.add_argument("--interval", type=float, help="seconds (default: the service's own)")
    parser.add_argument("--timeout", type=float, default=3600, help="seconds (default: an hour)")
    parser.add_argument("--save", metavar="FILE", help="fetches the result into a file")
    options = parser.parse_args()
    if options.upstream == "videos":  # its content wants the token, and has a route of its own
        options.save = None
    interval = options.interval or intervals[options.upstream]
    line, code = wait_for(Service(options), interval, options.timeout)
    print(line)
    if options.save and line.startswith("url: http"):
        save(line.removeprefix("url: "), options.save)
    return code


if __name__ == "__main__":
    sys.exit(main())
