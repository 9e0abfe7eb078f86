# The jobs that harness ci prints, and the composite action, do what they say: their steps are run here, in a repository of a stranger.
. "$(dirname "$0")/../e2e/lib.sh"
python=
for candidate in /usr/bin/python3 python3; do
    "$candidate" -c 'import yaml' 2>/dev/null && { python=$candidate; break; }
done
[ -n "$python" ] || { echo "skipped: no python3 with yaml"; exit 77; }
: "${SOURCE:?the source folder}"
export PATH=$scratch/bin:$BIN:$PATH UNDERSTUDY_FIXTURES=$FIXTURES
mkdir "$scratch/repository" "$scratch/bin" && cd "$scratch/repository" || exit 1
workspace=$(pwd -P)
# What a job installs is here already; it is asked for by this name.
printf '#!/bin/sh\nexec "$@"\n' >"$scratch/bin/sudo"
printf '#!/bin/sh\necho "apt-get $*" >>%s\n' "$scratch/installed" >"$scratch/bin/apt-get"
chmod +x "$scratch/bin"/*
package=understudy_$("$BIN/harness" --version | cut -d' ' -f 2)_amd64.deb
touch "$package"
like "the package that a job installs is one that packaging/build makes" "$(grep -o 'CPACK_DEBIAN_FILE_NAME [A-Z-]*' "$SOURCE/packaging/package.cmake")" \
    "*DEB-DEFAULT"

client() { # good or hasty
    printf '#!/bin/sh\n' >client.sh
    case $1 in
        good) echo 'exec taskpoll video --base-url "$1" --task "$2" --token any' ;;
        hasty) echo 'curl -s -H "Authorization: Bearer any" "$1/v1/video/generations/$2"' ;;
    esac >>client.sh
    chmod +x client.sh
}

# steps FILE PATH...: the shell lines at these places of a YAML file, joined
steps() {
    "$python" - "$@" <<'END'
import sys, yaml
tree = yaml.safe_load(open(sys.argv[1]))
for path in sys.argv[2:]:
    part = tree
    for key in path.split("/"):
        part = part[int(key) if key.isdigit() else key]
    print("\n".join(part) if isinstance(part, list) else part)
END
}
github() { GITHUB_ACTIONS=true GITHUB_WORKSPACE=$workspace GITHUB_STEP_SUMMARY=$scratch/summary bash -e "$@"; }

# -- GitHub ---------------------------------------------------------------------------------------------------------

"$BIN/harness" ci github video:success -- ./client.sh '{base_url}' '{task_id}' >job.yml
steps job.yml jobs/understudy/steps/1/run jobs/understudy/steps/2/run >job.sh
client hasty
rm -f "$scratch/summary"
github job.sh >out 2>&1
is "GitHub: a client that gives up fails the job" "$?" 1
like "it installs the package" "$(cat "$scratch/installed")" "*apt-get install --yes ./$package"
like "the table comes first" "$(cat out)" $'video\n  FAIL *1 failed*'
like "the annotation points into the repository" "$(grep ^::error out)" "::error file=client.sh,title=video/success%3A outcome::*it stopped after poll 1*"
like "the step has a summary" "$(cat "$scratch/summary")" "### harness run: 0 of 1 scenarios passed*"
is "the files that are kept are there" "$(steps job.yml jobs/understudy/steps/3/with/path | xargs ls)" $'harness.html\nharness.json'
client good
github job.sh >out 2>&1
is "GitHub: a good one passes" "$?" 0
is "without an annotation" "$(grep -c ^::error out)" 0

cp -rL "$FIXTURES/video" "$scratch/video" && mkdir own && cp -r "$scratch/video" own/
client hasty
github -c 'harness run video:success --fixtures own -- ./client.sh {base_url} {task_id}' >out 2>&1
like "a scenario of the repository is what is annotated" "$(grep ^::error out)" "::error file=own/video/scenarios/success.json,*"
github -c 'harness run video:success --report tap -- ./client.sh {base_url} {task_id}' >out 2>&1
is "TAP stays TAP" "$(grep -c ^:: out)" 0
github -c 'harness run video:success --report github -- ./client.sh {base_url} {task_id}' >out 2>&1
is "who asks for annotations gets them once" "$(grep -c ^::error out)" 1

# -- GitLab ---------------------------------------------------------------------------------------------------------

"$BIN/harness" ci gitlab video:success -- ./client.sh '{base_url}' '{task_id}' >.gitlab-ci.yml
steps .gitlab-ci.yml understudy/before_script understudy/script >job.sh
junit=$(steps .gitlab-ci.yml understudy/artifacts/reports/junit)
gitlab() { GITLAB_CI=true CI_PROJECT_DIR=$workspace bash -e "$@"; }
gitlab job.sh >out 2>&1
is "GitLab: a client that gives up fails the job" "$?" 1
like "the JUnit report is where the job says, and points into the repository" "$(cat "$junit")" \
    '*<testcase classname="video" name="success" file="client.sh"*<failure *'
client good
gitlab job.sh >out 2>&1
is "GitLab: a good one passes" "$?" 0
rm "$junit"
gitlab -c 'harness run video:success --report junit=mine.xml -- ./client.sh {base_url} {task_id}' >out 2>&1
is "who names a file gets no other" "$(ls ./*.xml)" ./mine.xml
is "no CI, no reports" "$(rm mine.xml; harness run video:success --transport direct | grep -c ^::; ls ./*.xml 2>/dev/null)" 0

# -- The composite action ---------------------------------------------------------------------------------------------

action=$SOURCE/packaging/action/action.yml
is "the action is a composite one" "$(steps "$action" runs/using)" composite
steps "$action" runs/steps/0/run runs/steps/1/run >action.sh
act() { # NAME=VALUE...: inputs, as the variables that the action makes of them
    env SHARD= REPORT=harness.json "$@" GITHUB_ACTIONS=true GITHUB_WORKSPACE="$workspace" GITHUB_STEP_SUMMARY="$scratch/summary" \
        bash -eo pipefail action.sh >out 2>&1
    echo "$?"
}
is "every input becomes a variable" "$("$python" -c '
import re, sys, yaml
tree = yaml.safe_load(open(sys.argv[1]))
used = {m for s in tree["runs"]["steps"] for v in s["env"].values() for m in re.findall(r"inputs\.(\w+)", v)}
print(used == set(tree["inputs"]))' "$action")" True
client hasty
is "the action fails with a client that gives up" \
    "$(act PACKAGE="$package" SCENARIOS='video:success video:failure' CLIENT='./client.sh {base_url} "{task_id}"')" 1
like "it installs the package, too" "$(tail -n 1 "$scratch/installed")" "apt-get install --yes $workspace/$package"
is "its annotations point into the repository" "$(grep -c '^::error file=client.sh,' out)" 2
client good
is "and passes with a good one, of a shard" \
    "$(act PACKAGE="$package" SCENARIOS='video:success,failure' SHARD=1/2 CLIENT='./client.sh {base_url} {task_id}')$(
        jq -c '[.shard, .summary.passed]' harness.json)" '0[{"index":1,"of":2},1]'

# -- Slips --------------------------------------------------------------------------------------------------------------

is "another CI system" "$(harness ci githib -- x 2>&1; echo "$?")" $'harness: no job for "githib"; there is github\n2'
is "no client" "$(harness ci gitlab video 2>&1; echo "$?")" $'harness: --: a client\'s command is wanted after it\n2'
like "what GitHub would replace" "$(harness ci github -- 'x${{ y }}' 2>&1; echo "$?")" $'*GitHub replaces *\n2'
