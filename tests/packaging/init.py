#!/usr/bin/env python3
"""What harness init writes is good, and breaking it is caught.

    init.py HARNESS LANGUAGE    (UNDERSTUDY_FIXTURES says where the fixtures are)

Each row breaks one thing: a name, the scenario that shows it, the rule that must catch it, and what to replace by what in the client.
Exit codes: 0 good, 1 not, 77 the language is not here.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

NEEDS = {"python": ["python3"], "node": ["node"], "go": ["go"], "c": ["cc", "pkg-config"], "bash": ["curl", "jq"]}
FILES = {"python": "client.py", "node": "client.mjs", "go": "client.go", "c": "client.c", "bash": "client.sh"}

INTERVAL = ("asks every second", "success", "interval")
RETRY_AFTER = ("knows no Retry-After", "overloaded", "retry-after")
FATAL = ("ends at a 429", "overloaded", "transient")
WORD = ("does not know the word failure", "failure", "terminal")
ENDLESS = ("never gives up", "stuck", "bounded")
REFUSED = ("asks again for what was refused", "unauthorized", "permanent")
TOKEN = ("sends no token", "success", None)
URL = ("does not look where the URL is", "success", "outcome")
CODE = ("ends well when the task failed", "failure", "outcome")

BREAKS = {
    "python": [
        (*INTERVAL, "INTERVAL_S = 5 ", "INTERVAL_S = 1 "),
        (*RETRY_AFTER, "if retry_after is not None:", "if False:"),
        (*FATAL, "(408, 425, 429)", "(408, 425)"),
        (*WORD, '("failure", "failed")', '("failed",)'),
        (*ENDLESS, "+ wait > timeout", "+ wait > 1e9"),
        (*REFUSED, "raise Refused(f\"HTTP", "raise Trouble(f\"HTTP"),
        (*TOKEN, "headers={\"Authorization\"", "headers={\"X-Authorization\""),
        (*URL, '("result_url", "url", "fail_reason")', '("result_url", "url")'),
        (*CODE, 'return "failed: " + text, 3', 'return "url: " + text, 0'),
    ],
    "node": [
        (*INTERVAL, "INTERVAL_S = 5;", "INTERVAL_S = 1;"),
        (*RETRY_AFTER, "if (retryAfter !== null)", "if (false)"),
        (*FATAL, "[408, 425, 429]", "[408, 425]"),
        (*WORD, "['failure', 'failed']", "['failed']"),
        (*ENDLESS, "elapsed + wait > timeout", "elapsed + wait > 1e9"),
        (*REFUSED, "throw new Refused(`HTTP", "throw new Trouble(`HTTP"),
        (*TOKEN, "{ Authorization:", "{ 'X-Authorization':"),
        (*URL, "record.url, record.fail_reason]", "record.url]"),
        (*CODE, "[`failed: ${told.text}`, 3]", "[`url: ${told.text}`, 0]"),
    ],
    "go": [
        (*INTERVAL, "= 5 * time.Second", "= 1 * time.Second"),
        (*RETRY_AFTER, "if asked >= 0 {", "if false {"),
        (*FATAL, "code == 425 || code == 429 ||", "code == 425 ||"),
        (*WORD, 'case "failure", "failed":', 'case "failed":'),
        (*ENDLESS, "+wait > timeout", "+wait > 1e9*time.Second"),
        (*REFUSED, "refused{fmt.Sprintf(\"HTTP", "trouble{fmt.Sprintf(\"HTTP"),
        (*TOKEN, 'Set("Authorization"', 'Set("X-Authorization"'),
        (*URL, '{"result_url", "url", "fail_reason"}', '{"result_url", "url"}'),
        (*CODE, 'return "failed: " + text, 3', 'return "url: " + text, 0'),
    ],
    "bash": [
        (*INTERVAL, "interval=5 ", "interval=1 "),
        (*RETRY_AFTER, "[[ -z $retry_after ]] ||", "true ||"),
        (*FATAL, "408 | 425 | 429 | 5??) return", "408 | 425 | 5??) return"),
        (*WORD, 'IN("failure", "failed")', 'IN("failed")'),
        (*ENDLESS, "> ${timeout%.*}", "> 999999999"),
        (*REFUSED, "state=refused", "state=trouble"),
        (*TOKEN, "Authorization: Bearer", "X-Authorization: Bearer"),
        (*URL, ".url, .fail_reason]", ".url]"),
        (*CODE, "failed) finish failed 3", "failed) finish url 0"),
    ],
    "c": [
        (*INTERVAL, ".timeout_ms =", ".interval_ms = 1000, .timeout_ms ="),
        ("asks for another service's words", "success", "terminal", '"doubao"', '"video"'),
        ("gives up after a second", "slow", "outcome", "argc > 3 ? (int64_t)(strtod(argv[3], NULL) * 1000) : 0", "1000"),
        (*TOKEN, 'getenv("MOCK_TOKEN")', "NULL"),
        ("tells the status for the URL", "success", "outcome", '"url: %s\\n", result.view.url', '"url: %s\\n", result.view.status'),
        ("ends well when the task failed", "failure", "outcome", "return 3;", "return 0;"),
        ("ends well when it was refused", "unauthorized", "outcome", "return 4;", "return 0;"),
        ("asks for another task", "success", None, ".task_id = argv[2]", '.task_id = "another"'),
    ],
}


def run_test(folder, words):
    """Exit code, what was printed, and the rules that found something."""
    report = os.path.join(folder, "report.json")
    done = subprocess.run(["sh", "test.sh", *words, "--report", "table", "--report", "json=" + report], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
    rules = set()
    if os.path.exists(report):
        with open(report, encoding="utf-8") as file:
            for scenario in json.load(file)["scenarios"]:
                rules |= {f["rule"] for run in scenario["runs"] for f in run["findings"] if f["level"] == "REQUIRED"}
        os.remove(report)
    return done.returncode, done.stdout, rules


def main():
    harness, language = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.environ["PATH"] = os.path.dirname(harness) + os.pathsep + os.environ["PATH"]
    missing = [need for need in NEEDS[language] if not shutil.which(need)]
    if missing:
        print("skipped: no", *missing)
        return 77
    wrong = 0
    rows = BREAKS[language]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([harness, "init", language, folder], check=True, stdout=subprocess.DEVNULL)
        path = os.path.join(folder, FILES[language])
        with open(path, encoding="utf-8") as file:
            good = file.read()
        words = ["doubao:" + ",".join(dict.fromkeys(row[1] for row in rows))]
        code, printed, _ = run_test(folder, words)
        if code:
            print(f"not ok - {language}: what is written passes\n{printed}")
            return 1
        print(f"ok - {language}: what is written passes {words[0]}")
        for name, scenario, rule, old, new in rows:
            if good.count(old) != 1:
                print(f"not ok - {language}: {name}: {old!r} is there {good.count(old)} times")
                wrong += 1
                continue
            with open(path, "w", encoding="utf-8") as file:
                file.write(good.replace(old, new))
            code, printed, rules = run_test(folder, ["doubao:" + scenario])
            caught = code == 1 and (rule in rules if rule else rules)
            print(f"{'ok' if caught else 'not ok'} - {language}: {name}: {', '.join(sorted(rules)) or 'nothing found'}")
            if not caught:
                print(printed)
            wrong += not caught
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
