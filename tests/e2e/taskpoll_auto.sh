# taskpoll auto: one name for the three dialects of the shared path, also when a task changes its dialect.
. "$(dirname "$0")/lib.sh"
serve --speed 100

# poll MOUNT: the last line of a patient taskpoll under auto.
poll() {
    "$BIN/taskpoll" auto --base-url "$url/$1" --task t-1 --token sk-e2e-0123456789 --interval 0.06 | tail -1
}

video=https://storage.example.com/videos
is "a task that changes its dialect between polls is followed to its end" \
    "$(poll newapi:dialect-switch)" "$video/Qm4TzX8v.mp4"
is "doubao's own body is read" "$(poll doubao:success)" "$video/task_abc123xyz456.mp4"
is "and video's" "$(poll video:success)" https://example.com/video.mp4
like "a failed task is no success" "$(poll newapi:failure)" "the task failed*"
