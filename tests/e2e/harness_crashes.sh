# harness run: a client that crashes has reported nothing, in whatever language it is written.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 1

# Polls once; a task that is missing is told by any exit code but 0, so that only a crash can fail.
cat >poll <<'SH'
#!/bin/sh
exec curl -s -o /dev/null -H "Authorization: Bearer $MOCK_TOKEN" "$MOCK_BASE_URL/v1/video/generations/$MOCK_TASK_ID"
SH
chmod +x poll
run=("$BIN/harness" run --fixtures "$FIXTURES" doubao:missing --report json=report.json)

# ends CLAIM GLOB [PROFILE-OPTION...] -- CLIENT...: GLOB is of its verdict and what it failed by
ends() {
    local claim=$1 glob=$2
    shift 2
    "${run[@]}" "$@" >out 2>&1
    like "$claim" "$(jq -r '.scenarios[0] | .verdict + " " + (.runs[0].findings | map(.rule + ": " + .text) | join(" "))' report.json)" "$glob"
}

python=$(command -v python3)
cat >crash.py <<'PY'
import subprocess, sys
print("polling")
subprocess.run(["./poll"])
raise KeyError("result")
PY
cat >logs.py <<'PY'
import subprocess, sys, traceback
subprocess.run(["./poll"])
try:
    raise KeyError("result")
except KeyError:
    traceback.print_exc()
sys.exit("the task is missing")
PY
cat >crash.mjs <<'JS'
import { spawnSync } from 'node:child_process';
spawnSync('./poll');
await Promise.reject(new TypeError('no data'));
JS
cat >logs.mjs <<'JS'
import { spawnSync } from 'node:child_process';
spawnSync('./poll');
console.error(new TypeError('no data'));
process.exit(1);
JS
cat >unsettled.mjs <<'JS'
import { spawnSync } from 'node:child_process';
spawnSync('./poll');
await new Promise(() => {});
JS
cat >Crash.java <<'JAVA'
public class Crash {
    public static void main(String[] words) throws Exception {
        new ProcessBuilder("./poll").start().waitFor();
        throw new IllegalStateException("no data");
    }
}
JAVA
cat >crash.rb <<'RB'
system("./poll")
nil.fetch("data")
RB
cat >crash.php <<'PHP'
<?php
exec("./poll");
throw new RuntimeException("no data");
PHP
cat >crash.pl <<'PL'
system("./poll");
$! = 0;
die "no data";
PL
cat >crash.go <<'GO'
package main

import "os/exec"

func main() {
	_ = exec.Command("./poll").Run()
	panic("no data")
}
GO
cat >rows.json <<'JSON'
{"outcomes": [{"outcome": "error", "exit": 1, "output": "^KeyError:"}]}
JSON
cat >other.json <<'JSON'
{"outcomes": [{"outcome": "error", "exit": 1}]}
JSON

ends "an exit code of its own is a report" "passed " -- sh -c './poll; exit 3'
ends "a signal is none" "failed outcome: crashed: signal 11 (SEGV) ended it*" -- sh -c './poll; kill -SEGV $$'
ends "nor is one that a shell tells" "failed outcome: crashed: signal 6 (ABRT) ended it*" -- sh -c './poll; exit 134'
ends "nor is a program that is not there" "failed outcome: crashed: a program was not found*" -- sh -c './poll; exec ./nowhere'
ends "nor is one that is no program" "failed outcome: crashed: a program could not be executed*" -- sh -c './poll; exec ./rows.json'
if [ -n "$python" ]; then
    ends "nor is an exception of Python's" "failed outcome: crashed: uncaught exception: KeyError: 'result'*" -- python3 crash.py
    ends "one that was logged before a report is no crash" "passed " -- python3 logs.py
    ends "nor is one that a profile's row names" "passed " --profile rows.json -- python3 crash.py
    ends "a row of its exit code alone does not" "failed outcome: crashed: *" --profile other.json -- python3 crash.py
fi
if command -v node >/dev/null; then
    ends "an exception of Node's is a crash" "failed outcome: crashed: uncaught exception: TypeError: no data*" -- node crash.mjs
    ends "one that was logged is none" "passed " -- node logs.mjs
    ends "a promise that never settles is one of no row" "* " --profile other.json -- node unsettled.mjs
    is "and told so" "$(jq -r '.scenarios[0].runs[0].reported.why' report.json)" \
        "it ended with exit code 13, which is in no row of its profile; that is Node's for a promise that never settled"
fi
command -v java >/dev/null && javac Crash.java &&
    ends "an exception of Java's is a crash" "failed outcome: crashed: *IllegalStateException: no data*" -- java -cp . Crash
command -v ruby >/dev/null &&
    ends "an exception of Ruby's is a crash" "failed outcome: crashed: *NoMethodError*" -- ruby crash.rb
command -v php >/dev/null &&
    ends "an exception of PHP's is a crash" "failed outcome: crashed: *Uncaught RuntimeException: no data*" -- php crash.php
command -v perl >/dev/null &&
    ends "an exception of Perl's is a crash" "failed outcome: crashed: *no data at crash.pl line 3.*" -- perl crash.pl
command -v go >/dev/null && go build -o crash crash.go &&
    ends "a panic of Go's is a crash" "failed outcome: crashed: *panic: no data*" -- ./crash
true
