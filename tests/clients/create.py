#!/usr/bin/env python3
"""A whole program: creates a task, waits for it and fetches its result. Standard library only.

    create.py ENDPOINT PROMPT [--interval S] [--timeout S] [--save FILE]

ENDPOINT is where tasks are created, such as https://api.example.com/v1/video/generations; a task is at ENDPOINT/ID. The
token comes from the environment, MOCK_TOKEN. The last line and the exit code are those of poll.py.
"""
import argparse
import http.client
import json
import os
import sys
import time
from urllib.parse import quote, urlsplit

import poll

CREATES_MAX = 4   # requests that were refused for now; any other failure may have made a task
DOWNLOADS_MAX = 5


def new_id(reply):
    """Where the services of this path put the id of a new task."""
    data = reply.get("data")
    if isinstance(data, list) and data:
        data = data[0]
    inner = data if isinstance(data, dict) else {}
    found = reply.get("task_id") or reply.get("id") or inner.get("task_id") or inner.get("id")
    if not found:
        raise poll.Refused(f"no id in the reply: {reply}")
    return str(found)


class Program(poll.Service):
    """Speaks to one endpoint, whichever of the services answers there."""

    def __init__(self, options):
        super().__init__(options)
        self.bearer = {"Authorization": "Bearer " + os.environ.get("MOCK_TOKEN", "")}
        self.content = ""

    def request(self):
        return "GET", "/" + quote(self.options.task_id, safe=""), self.bearer, None

    def post(self):
        """One request to create, over a connection of its own: what is kept may be closed by now."""
        kind = (http.client.HTTPSConnection if self.base.scheme == "https"
                else http.client.HTTPConnection)
        connection = kind(self.base.netloc, timeout=poll.ATTEMPT_S)
        prompt = self.options.prompt  # in the words of each service: none minds those of the others
        body = json.dumps({"model": "video-1", "prompt": prompt, "content": [{"type": "text", "text": prompt}]})
        try:
            connection.request("POST", self.base.path, body, {**self.bearer, "Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            connection.close()

    def create(self):
        """The id of a new task. Whatever may have made one is not sent again."""
        for _ in range(CREATES_MAX):
            try:
                status, headers, body = self.post()
            except (OSError, http.client.HTTPException) as lost:
                raise poll.Trouble(f"the answer was lost, and a task may exist: {lost!r}") from lost
            if 200 <= status < 300:
                return new_id(json.loads(body))
            if status not in (429, 503):
                break
            time.sleep(max(poll.seconds_of(headers.get("Retry-After")) or 0, 5))
        if status >= 500:
            raise poll.Trouble(f"HTTP {status}, and a task may exist")
        raise poll.Refused(f"HTTP {status} {body[:200].decode(errors='replace')}")

    def read(self, reply):
        if reply.get("status") is None:
            return poll.read_record(reply)
        state, text = poll.read_video(reply)
        if str(reply["status"]).lower() in ("expired", "cancelled", "canceled"):
            return "failed", text or reply["status"]
        content = reply.get("content")
        if state == "succeeded" and not text and isinstance(content, dict):
            text = content.get("video_url") or ""
        if state == "succeeded" and not text and reply.get("object") == "video":
            text = self.content = f"{self.options.base_url}/{quote(self.options.task_id, safe='')}/content"
        return state, text

    def fetch(self, path):
        """The content, which the service itself serves: with the token, and again until it came whole."""
        for _ in range(DOWNLOADS_MAX):
            connection = http.client.HTTPConnection(self.base.netloc, timeout=poll.ATTEMPT_S)
            try:
                connection.request("GET", urlsplit(self.content).path, None, self.bearer)
                reply = connection.getresponse()
                body = reply.read()
                if reply.status == 200:
                    with open(path, "wb") as out:
                        out.write(body)
                    return True
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(5)
        return False


def run(options):
    program = Program(options)
    try:
        options.task_id = program.create()
    except poll.Refused as refused:
        return f"error: {refused}", 4
    except poll.Trouble as trouble:
        return f"gave up: {trouble}", 5
    line, code = poll.wait_for(program, options.interval, options.timeout)
    if options.save and program.content and not program.fetch(options.save):
        return "gave up: the content did not come whole", 5
    if options.save and line.startswith("url: http") and not program.content:
        poll.save(line.removeprefix("url: "), options.save)
    return line, code


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base_url", metavar="ENDPOINT")
    parser.add_argument("prompt")
    parser.add_argument("--interval", type=float, default=5, help="seconds")
    parser.add_argument("--timeout", type=float, default=3600, help="seconds (default: an hour)")
    parser.add_argument("--save", metavar="FILE", help="fetches the result into a file")
    line, code = run(parser.parse_args())
    print(line)
    return code


if __name__ == "__main__":
    sys.exit(main())
