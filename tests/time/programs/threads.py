"""A thread a poll, and Event.wait for all that takes time. A thread that is given up goes on waiting."""
import http.client
import sys
import threading
from urllib.parse import urlsplit

from polling import HEADERS, POLLS_MAX, TIMEOUT_S, URL, is_done, wait_s


class Poll(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.replied = threading.Event()
        self.retry_after, self.body = None, b""

    def run(self):
        parts = urlsplit(URL)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", parts.path, headers=HEADERS)
        reply = connection.getresponse()
        self.retry_after, self.body = reply.headers["Retry-After"], reply.read()
        self.replied.set()


for _ in range(POLLS_MAX):
    poll = Poll()
    poll.start()
    replied = poll.replied.wait(TIMEOUT_S)
    if replied and is_done(poll.body):
        sys.exit(0)
    threading.Event().wait(wait_s(poll.retry_after if replied else None))
sys.exit(1)
