#!/usr/bin/env bash
# Pages that must fail run_commands.sh, each for one reason, and one that must not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tests" "$scratch/tests/docs" "$scratch/bin"
cp "$here/run_commands.sh" "$scratch/tests/docs/"
failed=0

# page NAME EXIT WORDS: the page on standard input must end with EXIT and say WORDS.
page() {
    local name=$1 exit_wanted=$2 words=$3 exit_got=0
    cat >"$scratch/$name.md"
    "$scratch/tests/docs/run_commands.sh" "$scratch/bin" "$scratch/$name.md" >"$scratch/log" 2>&1 || exit_got=$?
    if [[ $exit_got != "$exit_wanted" ]] || ! grep -qF -- "$words" "$scratch/log"; then
        printf 'not ok - %s: wanted exit %s and "%s", got exit %s and\n' "$name" "$exit_wanted" "$words" "$exit_got"
        sed 's/^/#   /' "$scratch/log"
        failed=1
    else
        printf 'ok - %s\n' "$name"
    fi
}

page a_true_page_passes 0 'ran 3 blocks with 4 lines, skipped 0' <<'END'
```sh
name=world
```

A variable lives on, and dots stand for any lines.

```sh
printf 'hello\n1\n2\n' && echo "bye [$name]"
```

```text
hello
...
bye [world]
```

```sh
false || echo "exit code $?"
echo 'at 1767225600 and 1767225600123'
```

```text
exit code 1
at 1999999999 and 1999999999999
```
END

page another_output_fails 1 'prints something else' <<'END'
```sh
echo hello
```

```text
hell
```
END

page an_output_that_goes_on_fails 1 'prints something else' <<'END'
```sh
printf 'hello\nmore\n'
```

```text
hello
```
END

page an_output_that_is_missing_fails 1 'prints something else' <<'END'
```sh
true
```

```text
hello
```
END

page a_pattern_character_is_only_itself 1 'prints something else' <<'END'
```sh
echo hello
```

```text
h*o
```
END

page a_failing_command_fails 1 'this block failed' <<'END'
```sh
false
echo later
```
END

page a_page_without_commands_fails 1 'ran 0 blocks' <<'END'
Nothing.
END

page a_page_that_skips_all_fails 1 'skipped 1' <<'END'
<!-- not run: no reason is good enough for all of them -->
```sh
true
```
END

page a_skipped_program_must_exist 1 'there is no ci/dmeo' <<'END'
<!-- not run: too long -->
```sh
ci/dmeo
```
END

page a_command_in_an_indented_block_fails 1 'no test would run it' <<'END'
    curl -s http://127.0.0.1:8080/
END

page a_command_in_another_fence_fails 1 'no test would run it' <<'END'
```bash
harness run
```
END

page a_block_without_a_kind_fails 1 'say what the block holds' <<'END'
```
true
```
END

page a_block_that_does_not_end_fails 1 'does not end' <<'END'
```sh
true
END

page a_server_left_running_fails 1 'is never ended' <<'END'
```sh
{ echo 'listening on http://127.0.0.1:1'; exec tail -f /dev/null; } &
```
END

page a_server_that_never_listens_fails 1 'this block failed' <<'END'
```sh
echo 'no port' &
```
END

page ports_are_the_pages 0 'ran 3 blocks' <<'END'
```sh
{ echo 'listening on http://127.0.0.1:54321'; exec tail -f /dev/null; } &
```

```text
listening on http://127.0.0.1:8080
```

```sh
echo 'a request to http://127.0.0.1:8080/x' | tr : /
```

```text
a request to http///127.0.0.1/54321/x
```

```sh
kill $!
wait $! || true
```
END
exit "$failed"
