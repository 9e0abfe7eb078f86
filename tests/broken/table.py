"""Broken clients: each is a good one of tests/clients with one thing wrong, as real clients have it.

A row: its name, the scenarios that show it, the rule that must catch it, and what to replace by what in the
good client's text. Every text to be replaced occurs exactly once there. `options` are taskpoll's. A rule written
"remark RULE: WHY" finds a remark and nothing that is REQUIRED: it passes, and fails under --fail-on remark.
"""
from collections import namedtuple

Row = namedtuple("Row", "name language scenarios rule weight edits options")
ROWS = []


def add(language, name, scenarios, rule, *edits, options=()):
    pairs = list(zip(edits[::2], edits[1::2]))
    weight = "remark" if rule.startswith("remark ") else "REQUIRED"
    rule = rule.removeprefix("remark ").split(":")[0]
    ROWS.append(Row(f"{language}: {name}", language, scenarios.split(), rule, weight, pairs, list(options)))


def python(*row):
    add("python", *row)


def javascript(*row):
    add("javascript", *row)


def program(*row):
    add("program", *row)


def shell(*row):
    add("shell", *row)


def go(*row):
    add("go", *row)


def c(*row, options=()):
    add("c", *row, options=options)


# -- When it stops -------------------------------------------------------------------------------

python("polls once more after success", "doubao:success", "terminal",
       '                return "url: " + text, 0', '                service.poll()\n                return "url: " + text, 0')
python("polls once more after a failure", "video:failure", "terminal",
       '                return "failed: " + text, 3', '                service.poll()\n                return "failed: " + text, 3')
python("does not know the word failure", "doubao:failure", "terminal", '{"failure", "failed"}', '{"failed"}')
python("does not know the word completed", "video:success", "terminal", '{"completed", "succeeded"}', '{"succeeded"}')
python("knows -1 as the only negative status", "avatar:failure avatar:failure-timeout", "terminal",
       "if status < 0", "if status == -1")
python("polls on when a task has expired", "ark:expired", "terminal",
       '{"succeeded"}, {"failed", "expired", "cancelled"}', '{"succeeded"}, {"failed"}')
python("waits for a URL where the content has a route", "videos:success", "terminal",
       '        return state, first_url(reply.get("metadata") or {}, "url") or content',
       '        url = first_url(reply.get("metadata") or {}, "url")\n        return (state, url) if url else ("running", "")')
python("makes up the address of the content", "videos:success", "outcome",
       '{}, "url") or content', '{}, "url") or content + ".mp4"')
python("knows one of the two dialects", "newapi:channel", "terminal", '{"success", "succeeded"}', '{"success"}')
python("compares statuses with their case", "doubao:case", "terminal",
       "if status.lower() in done:", "if status in done:")
python("takes no string for a number", "avatar:string-status", "terminal",
       "        return int(value)", "        return int(value) if isinstance(value, int) else None + value")
python("stops at the first reply", "doubao:success", "outcome",
       "troubles, why = 0, state", 'troubles, why = 0, state\n            return "url: " + text, 0')
python("takes 100 % for success", "doubao:failure", "outcome",
       "    if state == \"succeeded\":\n        inner", "    if record.get(\"progress\") == \"100%\":\n        state = \"succeeded\"\n        inner")
python("asks once and remembers the answer", "doubao:success", "outcome",
       "state, text, retry_after = service.poll()",
       "service.told = getattr(service, 'told', None) or service.poll()\n            state, text, retry_after = service.told")
python("has no bound", "doubao:stuck", "bounded", " or time.monotonic() - started + wait > timeout", "")
python("counts its bound in minutes", "video:stuck", "bounded", "+ wait > timeout", "+ wait > timeout * 60")
python("starts its bound again with every reply", "doubao:stuck", "bounded",
       "troubles, why = 0, state", "troubles, why, started = 0, state, time.monotonic()")
python("gives up when nothing changes", "newapi:repeats", "outcome",
       "troubles, why = 0, state", "same = locals().get('same', 0) + 1\n            troubles, why = 0, state\n            if same == 5:\n                return 'gave up: no change', 5")
python("gives up when progress goes backwards", "newapi:progress-back", "outcome",
       '    if state == "succeeded":\n        inner',
       '    now = int(str(record.get("progress") or "0").strip("%") or 0)\n    read_record.best = max(now, getattr(read_record, "best", 0))\n    if now < read_record.best:\n        raise Refused("progress went backwards")\n    if state == "succeeded":\n        inner')

python("asks twenty times and no more", "doubao:slow", "outcome",
       "troubles, why = 0, state",
       'troubles, why = 0, state\n            service.polls = getattr(service, "polls", 0) + 1\n            if service.polls == 20:\n                return "gave up: twenty polls", 5')
python("hangs when it is done", "video:missing", "bounded", "    print(line)\n", "    print(line)\n    time.sleep(100000)\n")

# -- What it makes of a reply ----------------------------------------------------------------------

python("takes an unknown status for failure", "doubao:unknown-status", "remark unknown: the replies are inferred",
       'return "failed" if status.lower() in failed else "running"',
       'return "running" if status.lower() in ("queued", "in_progress") else "failed"')
python("takes an unknown status for success", "video:unknown-status", "remark unknown: the replies are inferred",
       "if status.lower() in done:", 'if status.lower() not in failed | {"queued", "in_progress"}:')
python("takes an unknown status for an error", "newapi:unknown-status", "unknown",
       'return "failed" if status.lower() in failed else "running"',
       'if status.lower() in failed:\n        return "failed"\n    if status.lower() in ("queued", "in_progress", "not_start", "submitted"):\n        return "running"\n    raise Refused("what is " + status)')
python("takes an unknown number for failure", "avatar:unknown-status", "remark unknown: the replies are inferred",
       "if status < 0", "if status not in (0, 100)")
python("takes an unknown drive for ended", "zego-drive:unknown-status", "unknown",
       "statuses - {3, 4}:", "statuses & {1, 2}:")
python("takes a URL in the reason for the result", "doubao:failure-url", "remark outcome: the replies are inferred",
       'if state == "succeeded":\n        inner', 'if state == "succeeded" or (state == "failed" and first_url(record, "fail_reason")):\n        state = "succeeded"\n        inner')
python("takes result_url for success", "newapi:failure newapi:failure-url", "outcome",
       'if state == "succeeded":\n        inner', 'if record.get("result_url"):\n        state = "succeeded"\n        inner')
python("takes a URL that comes too early", "doubao:url-too-early", "remark outcome: the replies are inferred",
       'if state == "succeeded":\n        inner', 'if state == "succeeded" or first_url(record, "fail_reason"):\n        state = "succeeded"\n        inner')
python("takes a path that comes too early", "avatar:failure-left-over", "remark outcome: the replies are inferred",
       "    if status == 200:", '    if status == 200 or reply.get("work_video_path"):')
python("takes an error beside a running task for its failure", "video:url-too-early", "remark outcome: the replies are inferred",
       '    if state == "succeeded":\n        return state, first_url(reply, "url")',
       '    if reply.get("error"):\n        state = "failed"\n    if state == "succeeded":\n        return state, first_url(reply, "url")')
python("looks for the URL in result_url alone", "newapi:success-old", "outcome",
       '(first_url(record, "result_url", "url", "fail_reason")', '(first_url(record, "result_url", "url")')
python("looks for the URL in fail_reason alone", "newapi:success", "outcome",
       '(first_url(record, "result_url", "url", "fail_reason")', '(first_url(record, "url", "fail_reason")')
python("takes the work's first path alone", "avatar:clean-path", "remark outcome: the replies are inferred",
       'first_url(reply, "work_video_path", "no_wm_work_video_path",\n                                      "wm_work_video_path")', 'first_url(reply, "work_video_path")')
python("writes the URL in lower case", "newapi:success", "outcome", 'return "url: " + text, 0', 'return "url: " + text.lower(), 0')
python("drops the URL's query", "doubao:odd", "remark outcome: the replies are inferred", 'return "url: " + text, 0', 'return "url: " + text.split("?")[0], 0')
python("decodes the URL", "doubao:odd", "remark outcome: the replies are inferred",
       'return "url: " + text, 0', 'return "url: " + text.replace("%2B", "+"), 0')
python("ends a failure with exit code 0", "video:failure", "outcome", 'return "failed: " + text, 3', 'return "failed: " + text, 0')
python("tells no reason", "doubao:failure", "remark outcome: the reason's words are advice", 'return "failed: " + text, 3', 'return "failed: ", 3')
python("reads data when it is null", "doubao:unreadable newapi:data-null", "outcome",
       "    if not isinstance(value, dict):\n        raise Trouble(f\"no {key} in the reply\")\n", "")
python("takes an error in a 200 for a running task", "doubao:refused-in-200", "remark outcome: the replies are inferred",
       '''raise Refused(f"{reply['code']} {reply.get('message')}")''', 'raise Trouble("no data")')
python("knows 200 as the only good status", "doubao:odd", "remark outcome: the replies are inferred", "if not 200 <= status < 300:", "if status != 200:")
python("reads the first drive of several", "zego-drive:all", "outcome",
       'for drive in drives}', 'for drive in drives[:1]}')
python("takes any error code for success", "zego-stream:missing zego-stream:bad-request", "outcome",
       '    raise Refused(f"code {code}: {reply.get(\'Message\')}")', "    return None")
python("does not look at Code", "zego-stream:missing", "permanent",
       'if code == "0":\n        return', 'if True:\n        return')
python("takes busy for good", "zego-drive:overloaded", "transient", ', "400010002", "400010009"}', "}")
python("does not sign again", "zego-stream:signature-expired", "transient", '{"100000004", ', "{")
python("waits for the end where ready was asked for", "zego-stream:ready", "terminal", 'if goal == "ready" else', 'if goal == "" else')
python("takes streaming for the end", "zego-stream:success zego-stream:stopped", "outcome", "else ({5}, {2})", "else ({3, 5}, {2})")
python("takes a stopped task for a missing one", "zego-stream:after-stop-not-found", "remark outcome: the replies are inferred",
       "if goal == \"stopped\" and code", "if goal == \"gone\" and code")

# -- When it polls -------------------------------------------------------------------------------

python("polls every second", "doubao:success", "interval", '{"doubao": 5', '{"doubao": 1')
python("polls ZEGO every half second", "zego-drive:success", "remark interval: the interval is our choice", '"zego-drive": 2}', '"zego-drive": 0.5}')
python("counts the interval from the start of a poll", "doubao:late", "interval",
       "            state, text, retry_after = service.poll()", "            began = time.monotonic()\n            state, text, retry_after = service.poll()",
       "        time.sleep(wait)", "        time.sleep(max(0, wait - (time.monotonic() - began)))")
python("polls three times at the start", "video:success", "remark interval: the interval is our choice",
       "started, troubles, why, first = time.monotonic(), 0, \"\", True",
       "started, troubles, why, first = time.monotonic(), 0, \"\", True\n    service.poll(), service.poll()")
python("asks again at once after trouble", "doubao:blip", "hot-loop",
       "wait = backoff(interval, troubles) if troubles else interval", "wait = 0 if troubles else interval")
python("asks again at once after 429", "doubao:overloaded-bare", "hot-loop",
       "wait = backoff(interval, troubles) if troubles else interval", 'wait = 0.2 if why == "HTTP 429" else interval')
python("takes a malformed Retry-After for 0", "avatar:overloaded-odd", "hot-loop",
       "wait = max(interval, retry_after)", "wait = retry_after",
       "    except (TypeError, ValueError):\n        return None\n\n\n# -- The", "    except (TypeError, ValueError):\n        return 0 if text else None\n\n\n# -- The")
python("crashes on a malformed Retry-After", "avatar:overloaded-odd", "transient",
       "    if text.isdecimal():", "    if text:")
python("polls faster the longer it waits", "doubao:success", "interval",
       "        time.sleep(wait)", '        service.haste = getattr(service, "haste", 1) * 0.98\n        time.sleep(wait * service.haste)')
python("waits ten seconds at most, whatever is asked", "doubao:overloaded", "retry-after",
       "wait = max(interval, retry_after)", "wait = max(interval, min(10, retry_after))")
python("ignores Retry-After", "doubao:overloaded", "retry-after", "if retry_after is not None:", "if False:")
python("ignores Retry-After on 503", "avatar:overloaded video:unavailable", "retry-after",
       'raise Trouble(f"HTTP {status}", retry_after)', 'raise Trouble(f"HTTP {status}", retry_after if status == 429 else None)')
python("ignores Retry-After while the task runs", "avatar:paced", "remark retry-after: asked for on an answer",
       "        return state, text, retry_after", "        return state, text, None")
python("does not know Retry-After as a date", "doubao:overloaded-date", "retry-after",
       "        return max(0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())", "        return float(text)")
python("takes Retry-After for milliseconds", "video:overloaded", "retry-after",
       "        return int(text)\n", "        return int(text) / 1000\n")
python("waits for at most 10 s", "doubao:overloaded", "retry-after",
       "wait = max(interval, retry_after)", "wait = min(10, max(interval, retry_after))")
python("asks twice at once", "doubao:late", "one-flight",
       "state, text, retry_after = service.poll()",
       "import threading\n            threading.Thread(target=Service(service.options).exchange, daemon=True).start()\n            state, text, retry_after = service.poll()")
python("hedges a slow poll with a second one", "video:late", "one-flight",
       "            state, text, retry_after = service.poll()",
       """            import threading
            answered = []
            threading.Thread(daemon=True, target=lambda: (
                time.sleep(2), answered or Service(service.options).exchange())).start()
            state, text, retry_after = service.poll()
            answered.append(state)""")

# -- What it does after trouble --------------------------------------------------------------------

python("gives up after one 5xx", "doubao:blip", "transient", "if status in (408, 425, 429) or status >= 500:",
       "if status in (408, 425, 429):")
python("gives up after one 408", "doubao:unavailable", "transient", "status in (408, 425, 429)", "status == 429")
python("gives up after one 429", "doubao:overloaded-bare", "transient", "status in (408, 425, 429)", "status == 408")
python("crashes on a cut body", "doubao:blip", "transient",
       "except (OSError, http.client.HTTPException) as lost:", "except OSError as lost:")
python("crashes on a connection that closes", "video:blip", "transient",
       "except (OSError, http.client.HTTPException) as lost:", "except http.client.IncompleteRead as lost:")
python("crashes on what is no JSON", "doubao:blip", "transient", "        except ValueError:\n            reply = None", "        except KeyError:\n            reply = None")
python("gives up after an empty 200", "newapi:data-null", "transient",
       "        try:\n            reply = json", "        if not body:\n            raise Refused(\"empty\")\n        try:\n            reply = json")
python("insists on Content-Type", "avatar:blip", "remark transient: the replies are inferred",
       "        try:\n            reply = json", "        if \"json\" not in (headers.get(\"Content-Type\") or \"\"):\n            raise Refused(\"not JSON\")\n        try:\n            reply = json")
python("has no patience", "zego-stream:blip", "transient", "TROUBLES_MAX = 8 ", "TROUBLES_MAX = 1 ")
python("retries 401 for ever", "doubao:unauthorized", "permanent",
       "        if not 200 <= status < 300:", "        if status == 401:\n            raise Trouble(\"HTTP 401\")\n        if not 200 <= status < 300:")
python("retries 403 for ever", "video:forbidden", "permanent",
       "        if not 200 <= status < 300:", "        if status == 403:\n            raise Trouble(\"HTTP 403\")\n        if not 200 <= status < 300:")
python("takes 404 for not yet", "video:missing avatar:gone", "permanent",
       "        if not 200 <= status < 300:", "        if status == 404:\n            return \"running\", \"\", None\n        if not 200 <= status < 300:")
python("retries 400", "newapi:missing avatar:bad-request", "permanent",
       "        if not 200 <= status < 300:", "        if status == 400:\n            raise Trouble(\"HTTP 400\")\n        if not 200 <= status < 300:")
python("retries every code of ZEGO", "zego-drive:missing", "permanent",
       '    raise Refused(f"code {code}: {reply.get(\'Message\')}")', '    raise Trouble(code)')

# -- What it sends -------------------------------------------------------------------------------

python("sends no token", "doubao:success", "auth", '{"Authorization": "Bearer " + os.environ.get("MOCK_TOKEN", "")}', "{}")
python("sends the token with another scheme", "video:success", "auth", '"Bearer "', '"Token "')
python("sends the token without a scheme", "avatar:success", "auth", '"Bearer " + ', '')
python("sends the token in a header of its own", "newapi:success", "auth", '{"Authorization": "Bearer " +', '{"X-Api-Key": "" +')
python("sends the token in the query", "doubao:success", "auth",
       'f"/v1/video/generations/{task}", bearer', 'f"/v1/video/generations/{task}?token=" + os.environ["MOCK_TOKEN"], {}')
python("sends the token in the URL too", "doubao:success", "auth",
       'f"/v1/video/generations/{task}", bearer', 'f"/v1/video/generations/{task}?key=" + os.environ["MOCK_TOKEN"], bearer')
python("forgets the token on its second connection", "doubao:blip", "auth",
       "            self.connection = None\n            raise", "            self.connection = None\n            os.environ[\"MOCK_TOKEN\"] = \"\"\n            raise")
python("sends the token along with the download", "doubao:success", "auth",
       "    with urllib.request.urlopen(url,",
       '    asked = urllib.request.Request(url, headers={"Authorization": "Bearer " + os.environ["MOCK_TOKEN"]})\n    with urllib.request.urlopen(asked,')
python("puts the token into the download's URL", "video:success", "auth",
       "urlopen(url,", 'urlopen(url + "?token=" + os.environ["MOCK_TOKEN"],')
python("fetches what a failure points at", "doubao:failure-url newapi:failure-url", "remark outcome: the replies are inferred",
       'if options.save and line.startswith("url: http"):\n        save(line.removeprefix("url: "), options.save)',
       'if options.save and ": http" in line:\n        save(line.split(": ", 1)[1], options.save)')
python("fetches a URL while the task runs", "doubao:url-too-early", "remark outcome: the replies are inferred",
       "troubles, why = 0, state",
       'troubles, why = 0, state\n            if state == "running" and is_url(text):\n                save(text, service.options.save)')
python("leaves / in an id as it is", "doubao:encoded-id", "request", 'quote(o.task_id, safe="")', "quote(o.task_id)")
python("encodes an id twice", "doubao:encoded-id", "one-flight", 'quote(o.task_id, safe="")', 'quote(quote(o.task_id, safe=""), safe="")')
python("asks for two tasks in turn", "video:success", "one-flight",
       'task = quote(o.task_id, safe="")', 'self.turn = not getattr(self, "turn", True)\n        task = quote(o.task_id + ("-2" if self.turn else ""), safe="")')
python("changes an id's case", "zego-stream:success", "one-flight", '{"TaskId": o.task_id})', '{"TaskId": o.task_id.upper()})')
python("posts where it should get", "doubao:success", "request",
       'return "GET", f"/v1/video', 'return "POST", f"/v1/video')
python("gets where it should post", "zego-stream:success", "request", 'return "POST", f"/?{query}"', 'return "GET", f"/?{query}"')
python("asks at a wrong path", "avatar:success", "request", '"/avatar/task/', '"/avatar/tasks/')
python("puts a slash after the id", "video:success", "request", '/v1/video/generations/{task}"', '/v1/video/generations/{task}/"')
python("sends no body", "zego-drive:success", "request", "json.dumps(body)", "None")
python("sends a form", "zego-stream:success", "request", "json.dumps(body)", "urlencode(body)")
python("sends no Content-Type", "zego-stream:success", "request", '{"Content-Type": "application/json"}', "{}")
python("writes taskId", "zego-stream:success", "request", '{"TaskId": o.task_id})', '{"taskId": o.task_id})')
python("leaves out Action", "zego-stream:success", "request", '{"Action": action, "AppId"', '{"AppId"')
python("signs in another order", "zego-stream:success", "signature", "app_id + nonce + secret + now", "app_id + secret + nonce + now")
python("signs with a nonce of the program", "zego-drive:success", "signature", "secrets.token_hex(8)", "format(os.getpid(), '016x')")
python("signs with an old clock", "zego-stream:success", "signature", "str(int(time.time()))", "str(int(time.time()) - 1200)")
python("signs with local time", "zego-drive:success", "signature", "str(int(time.time()))", "str(int(time.time()) + 8 * 3600)")
python("signs with milliseconds", "zego-stream:success", "signature", "str(int(time.time()))", "str(int(time.time() * 1000))")
python("signs once and keeps the query", "zego-drive:success", "signature",
       'return "POST", f"/?{query}"', 'self.query = getattr(self, "query", query)\n        return "POST", f"/?{self.query}"')
python("signs for version 1.0", "zego-stream:success", "signature", '"SignatureVersion": "2.0"', '"SignatureVersion": "1.0"')
python("leaves out SignatureVersion", "zego-drive:success", "signature", ', "SignatureVersion": "2.0"', "")
python("writes the signature in upper case", "zego-drive:success", "signature", ".hexdigest()", ".hexdigest().upper()")
python("signs with SHA-256", "zego-stream:success", "signature", "hashlib.md5(", "hashlib.sha256(")

# -- Other languages -----------------------------------------------------------------------------

javascript("polls twice at once", "doubao:late", "one-flight",
           "const told = await poll(options, seen);", "const [told] = await Promise.all([poll(options, seen), poll(options, seen)]);")
javascript("takes seconds for milliseconds", "video:success", "hot-loop", "sleep(Math.ceil(wait * 1000) + 1)", "sleep(wait)")
javascript("forgets to await the wait", "video:success", "hot-loop", "await sleep(", "sleep(")
javascript("ignores Retry-After", "avatar:overloaded", "retry-after", "if (retryAfter !== null) wait", "if (false) wait")
javascript("gives up on what is no JSON", "newapi:blip", "transient", "    return null;\n  }\n}\n\nasync function poll", "    throw new Refused('no JSON');\n  }\n}\n\nasync function poll")
javascript("lets an error of fetch escape", "video:blip", "transient", "throw new Trouble(`no reply:", "throw new Error(`no reply:")
javascript("does not look at response.ok", "avatar:forbidden video:missing-bare", "permanent",
           "if (status < 200 || status > 299) throw", "if (status < 100) throw")
javascript("leaves an id as it is", "doubao:encoded-id", "request", "encodeURIComponent(taskId)", "taskId")
javascript("reads data when it is null", "newapi:data-null", "outcome",
           "if (!isObject(record[key])) throw new Trouble(`no ${key} in the reply`);\n  return record[key];", "return record[key];")
javascript("sends the token along with the download", "avatar:success", "auth",
           "if (told.state === 'succeeded') return [",
           "if (told.state === 'succeeded') await fetch(told.text, { headers: { authorization: `Bearer ${process.env.MOCK_TOKEN}` } });\n      if (told.state === 'succeeded') return [")
javascript("signs with Date.now()", "zego-stream:success", "signature", "Math.floor(Date.now() / 1000)", "Date.now()")
javascript("has no bound", "video:stuck", "bounded", " || elapsed + wait > timeout", "")
javascript("takes an unknown status for failure", "newapi:unknown-status", "unknown",
           "return failed.includes(status.toLowerCase()) ? 'failed' : 'running';",
           "return ['queued', 'in_progress', 'processing', 'submitted', 'not_start'].includes(status.toLowerCase()) ? 'running' : 'failed';")

shell("waits a second", "doubao:success", "interval", 'sleep "$wait_s"', "sleep 1")
shell("forgets the header", "video:success", "auth", '*) request=(--header "Authorization: Bearer $MOCK_TOKEN" ', "*) request=(")
shell("puts the token into the URL", "doubao:success", "auth",
      '*) request=(--header "Authorization: Bearer $MOCK_TOKEN" "${base_url%/}/v1/video/generations/$encoded_id")',
      '*) request=("${base_url%/}/v1/video/generations/$encoded_id?api_key=$MOCK_TOKEN")')
shell("downloads with the options of its polls", "doubao:success", "auth",
      "succeeded) finish url 0", 'succeeded) curl --silent "${request[@]::2}" --output /dev/null "$text"; finish url 0')
shell("leaves an id as it is", "doubao:encoded-id", "request",
      "encoded_id=$(jq -rn --arg id \"$task_id\" '$id | @uri')", "encoded_id=${task_id// /%20}")
shell("takes curl's failure for the task's", "doubao:blip", "transient",
      'state=trouble text=\'no whole reply\'', 'state=refused text=\'no whole reply\'')
shell("retries what was refused", "doubao:unauthorized", "permanent", "state=refused\n            [[", "state=trouble\n            [[")
shell("knows seconds as the only Retry-After", "doubao:overloaded-date", "retry-after", '[[ $1 == *GMT ]] &&', 'false &&')
shell("polls once more after success", "newapi:success", "terminal", "succeeded) finish url 0", "succeeded) poll; finish url 0")
shell("makes its nonce once", "zego-drive:success", "signature",
      "nonce=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \\n')", "nonce=$(printf '%016x' $$)")
shell("stops when jq fails", "video:unreadable", "remark outcome: the replies are inferred", "|| return\n    state=${told%% *}", "|| { state=refused; return; }\n    state=${told%% *}")

go("compares statuses with their case", "newapi:success", "terminal", "words[strings.ToLower(status)]", "words[status]")
go("leaves an id as it is", "doubao:encoded-id", "request", "url.PathEscape(t.id)", "strings.ReplaceAll(t.id, \" \", \"%20\") + url.PathEscape(\"\")")
go("panics on a cut body", "doubao:blip", "transient",
   "bodyMax))\n\tif err != nil {\n\t\treturn nil, nil, trouble{err.Error(), -1}", "bodyMax))\n\tif err != nil {\n\t\tpanic(err)")
go("ignores Retry-After", "video:overloaded", "retry-after", "if asked >= 0 {", "if asked > time.Hour {")
go("polls five times as often", "avatar:success", "remark interval: the interval is our choice", "time.Sleep(wait)", "time.Sleep(wait / 5)")
go("does not look at the status", "avatar:forbidden video:missing-bare", "permanent",
   "if code < 200 || code > 299 {", "if code < 100 {")
go("takes an unknown status for failure", "doubao:unknown-status", "remark unknown: the replies are inferred",
   "return words[strings.ToLower(status)], nil // a word that is not there is still running",
   "if s, ok := words[strings.ToLower(status)]; ok || strings.Contains(\"queued in_progress\", status) {\n\t\treturn s, nil\n\t}\n\treturn failed, nil")
go("makes its nonce once", "zego-stream:success", "signature",
   "if _, err := rand.Read(random); err != nil {\n\t\treturn nil, err\n\t}",
   "_, _ = rand.Read(nil)\n\tcopy(random, strconv.Itoa(os.Getpid()))")
go("signs in another order", "zego-drive:success", "signature",
   "appID + nonce + secret + timestamp", "appID + secret + nonce + timestamp")
go("signs with milliseconds", "zego-stream:success", "signature", "now.Unix()", "now.UnixMilli()")
go("takes a code for a float", "zego-stream:overloaded zego-drive:overloaded", "outcome", "\tdecoder.UseNumber()\n", "")
go("counts what is not playing as ended", "zego-drive:unknown-status", "unknown",
   "\t\tcase 4:\n\t\tdefault:\n", "\t\tdefault:\n\t\tcase 1, 2:\n")

c("polls every second", "doubao:success", "interval", options=["--interval", "1"])
c("has a bound of its own", "video:stuck zego-drive:stuck", "bounded", options=["--timeout", "1h"])
c("asks for another task", "avatar:success", "one-flight", options=["--task", "another"])
c("waits for another goal", "zego-stream:ready", "terminal", options=["--goal", "stopped"])
c("signs with another secret", "zego-drive:success", "signature", options=["--secret-file", "/proc/version"])

# -- Whole programs, which create their tasks -------------------------------------------------------

program("creates a second task", "doubao:success video:success", "create",
        "        options.task_id = program.create()", "        program.create()\n        options.task_id = program.create()")
program("sends a lost request to create again", "doubao:create-lost video:create-cut", "create",
        '                raise poll.Trouble(f"the answer was lost, and a task may exist: {lost!r}") from lost',
        "                lost.again = True\n                continue")
program("lets its library send a lost request to create again", "newapi:create-lost", "create",
        "        body = json.dumps(", "        http.client.HTTPConnection.getresponse = again(http.client.HTTPConnection.getresponse)\n        body = json.dumps(",
        "def new_id(reply):", '''def again(getresponse):
    def twice(self):
        try:
            return getresponse(self)
        except http.client.RemoteDisconnected:
            self.close()
            self.request("POST", self.path, self.body, self.all)
            return getresponse(self)
    return twice if getresponse.__name__ != "twice" else getresponse


def new_id(reply):''',
        '            connection.request("POST", self.base.path, body, {**self.bearer, "Content-Type": "application/json"})',
        '            connection.path, connection.body, connection.all = self.base.path, body, {**self.bearer, "Content-Type": "application/json"}\n'
        '            connection.request("POST", self.base.path, body, connection.all)')
program("takes a 500 for a task that was not made", "video:create-error", "remark create: a task may exist",
        "            if status not in (429, 503):", "            if status not in (429, 500, 503):")
program("does not wait for Retry-After before it creates", "doubao:create-busy", "create",
        "max(poll.seconds_of(headers.get(\"Retry-After\")) or 0, 5)", "1")
program("polls another id than was created", "video:success", "one-flight",
        "        options.task_id = program.create()", "        options.task_id = program.create() + \"0\"")
program("does not look for the id in a list", "newapi:create-list", "outcome",
        "    if isinstance(data, list) and data:\n        data = data[0]\n", "")
program("creates without its token", "video:success", "auth",
        '{**self.bearer, "Content-Type": "application/json"}', '{"Content-Type": "application/json"}')
program("creates with a form", "doubao:success", "request",
        'json.dumps({"model": "video-1", "prompt": prompt, "content": [{"type": "text", "text": prompt}]})', '"prompt=" + prompt')
program("sends its token with the download", "doubao:success", "auth",
        "poll.save(line.removeprefix(\"url: \"), options.save)",
        "poll.save(poll.urllib.request.Request(line.removeprefix(\"url: \"), headers=program.bearer), options.save)")
