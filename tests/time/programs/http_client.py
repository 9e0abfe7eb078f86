"""http.client: blocking calls, and the socket's own time limit."""
import http.client
import sys
import time
from urllib.parse import urlsplit

from polling import HEADERS, POLLS_MAX, TIMEOUT_S, URL, is_done, wait_s

parts = urlsplit(URL)
connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
for _ in range(POLLS_MAX):
    retry_after = None
    try:
        connection.request("GET", parts.path, headers=HEADERS)
        reply = connection.getresponse()
        retry_after = reply.headers["Retry-After"]
        if is_done(reply.read()):
            sys.exit(0)
    except TimeoutError:
        connection.close()
    time.sleep(wait_s(retry_after))
sys.exit(1)
