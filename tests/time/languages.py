"""The programs of programs/: a row each, with what it needs and how it is started."""
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent / "programs"
BUN = PROGRAMS.parents[2] / "build/bun/node_modules/@oven/bun-linux-x64/bin/bun"

# needs: the programs without which it is left out. build: made before it is started, {out} is a folder of its own.
Language = namedtuple("Language", "needs command build", defaults=[()])


def source(name):
    return str(PROGRAMS / name)


def python_with(module):
    """A Python that has the module: our own, or Debian's; None: neither."""
    for python in (sys.executable, "/usr/bin/python3"):
        asked = [python, "-c", f"import {module}"]
        if Path(python).exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return python
    return None


def python(file, program=sys.executable):
    return Language([program], [program, "-B", source(file)])


# What ci/setup brings.
LANGUAGES = {
    "python-http.client": python("http_client.py"),
    "python-requests": python("with_requests.py", python_with("requests") or "python3 with requests"),
    "python-asyncio": python("streams.py"),
    "python-threads": python("threads.py"),
    "node": Language(["node"], ["node", source("poll.mjs")]),
    "go": Language(["go"], ["{out}/poll"], ["go", "build", "-o", "{out}/poll", source("poll.go")]),
    "java": Language(["java", "javac"], ["java", "-cp", "{out}", "Poll"], ["javac", "-d", "{out}", source("Poll.java")]),
    "php": Language(["php"], ["php", source("poll.php")]),
    "shell": Language(["bash", "curl"], ["bash", source("poll.sh")]),
    "c": Language(["cc"], ["{out}/multi"], ["cc", "-o", "{out}/multi", source("multi.c"), "-lcurl"]),
}
# What only ci/full asks for.
MORE = {
    "bun": Language([str(BUN)], [str(BUN), source("poll.mjs")]),
    "rust": Language(["rustc"], ["{out}/poll"], ["rustc", "--edition", "2021", "-o", "{out}/poll", source("poll.rs")]),
    "ruby": Language(["ruby"], ["ruby", source("poll.rb")]),
    "perl": Language(["perl"], ["perl", source("poll.pl")]),
    "lua": Language(["lua"], ["lua", source("poll.lua")]),
    "erlang": Language(["erl", "erlc"], ["erl", "-noinput", "-pa", "{out}", "-run", "poll", "main", "-extra"],
                       ["erlc", "-o", "{out}", source("poll.erl")]),
    "r": Language(["Rscript"], ["Rscript", "--vanilla", source("poll.R")]),
}
ALL = {**LANGUAGES, **MORE}


def missing(name):
    """The first program that the language needs and that is not here; None: all are."""
    return next((need for need in ALL[name].needs if shutil.which(need) is None), None)


def make(name, folder):
    """Builds the language's program in a folder of its own; returns the words that start it."""
    out = folder / name
    out.mkdir()
    words = {key: [word.replace("{out}", str(out)) for word in getattr(ALL[name], key)] for key in ("build", "command")}
    if words["build"]:
        subprocess.run(words["build"], check=True, env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"})
    return words["command"]
