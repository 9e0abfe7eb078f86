/* Waits for one task and prints its URL:  TOKEN=... wait UPSTREAM BASE_URL TASK_ID */
#include <understudy/client.h>

#include <stdio.h>
#include <stdlib.h>

static void print_progress(const struct task_view *view, void *arg)
{
    (void)arg;
    fprintf(stderr, "%s %s\n", task_state_name(view->state), view->status);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return fprintf(stderr, "usage: wait UPSTREAM BASE_URL TASK_ID\n"), 2;
    struct task_options options = {.upstream = argv[1],
                                   .base_url = argv[2],
                                   .task_id = argv[3],
                                   .token = getenv("TOKEN"),
                                   .progress = print_progress};
    struct task_result result;
    struct task_failure failure;
    if (task_wait(&options, &result, &failure) != 0)
        return fprintf(stderr, "%s: %s\n", failure.where, failure.what), 2;
    if (result.outcome != TASK_OUTCOME_SUCCEEDED)
        return fprintf(stderr, "%s: %s\n", task_outcome_name(result.outcome), result.why), 1;
    puts(result.view.url);
    return 0;
}
