"""More rows of table.py: what docs/libraries.md shows libraries do, in or in front of a poller."""
from table import python

EXCHANGE = "status, headers, body = self.exchange()"


def stock_retry(wait_s):
    """A retry of 429 and 503 in front of the poller, four requests at most, with a pause of its own."""
    return (f"for _ in range(4):\n            {EXCHANGE}\n"
            f"            if status not in (429, 503):\n                break\n            time.sleep({wait_s})")


# curl --retry with its output in a pipe
python("glues what is left of a cut body before the next", "doubao:late", "terminal",
       "            return reply.status, reply.headers, reply.read()",
       '            left, self.left = getattr(self, "left", b""), b""\n            try:\n'
       "                return reply.status, reply.headers, left + reply.read()\n"
       "            except http.client.IncompleteRead as cut:\n                self.left = left + cut.partial\n                raise")
python("keeps a Retry-After for ever", "doubao:retry-after-once", "interval",
       "            wait = max(interval, retry_after)", "            interval = wait = retry_after")
# make-fetch-happen, p-retry, Guzzle, Apache HttpClient 4
python("has a stock retry in front that reads no Retry-After", "doubao:overloaded", "retry-after", EXCHANGE, stock_retry(1))
# superagent, tenacity
python("has a stock retry in front that knows no pause", "doubao:overloaded", "retry-after", EXCHANGE, stock_retry(0))
# any of them in front of a service that wants each call signed anew
python("has a stock retry in front of signed calls", "zego-stream:blip zego-drive:blip", "signature", EXCHANGE,
       f"signed = self.request()\n        self.request = lambda: signed\n        for _ in range(4):\n            {EXCHANGE}\n"
       "            if status < 500:\n                break\n            time.sleep(1)\n        del self.request")
# java.net.HttpURLConnection, Net::HTTP, PHP's streams: half a body with status 200 and no error
python("takes the end of a cut body for its own", "doubao:blip", "transient",
       "            return reply.status, reply.headers, reply.read()",
       "            try:\n                return reply.status, reply.headers, reply.read()\n"
       "            except http.client.IncompleteRead as cut:\n                return reply.status, reply.headers, cut.partial",
       '            reply = json.loads(body)\n        except ValueError:\n            reply = None',
       '            reply = json.loads(body)\n        except ValueError:\n            raise Refused("no JSON")')
