/* Every report of the same runs is, byte for byte, what stands in tests/harness/golden. */
#include "golden.h"
#include "rich.h"

#include <stdlib.h>
#include <unistd.h>

enum { RESULTS = 6, CLIENTS_TOLD = 2 };

static const struct row good_rows[] = {
    {0, 0, REPLY_STATE_QUEUED, 0, false, 0},
    {5000, 5000, REPLY_STATE_RUNNING, 0, false, 1},
    {10000, 10250, REPLY_STATE_SUCCEEDED, 0, false, 2},
};

static struct world worlds[RESULTS];
static char printed[] = "line 1\nline <2>\n"; /* by the client */

/* Good on both transports, rich in trouble, only unclear, skipped, not run; and a good one of another upstream. */
static void result_of(uint32_t i, const struct external *client, struct run_result *out)
{
    static const char *const names[RESULTS] = {"good",    "rich",    "unclear",
                                               "skipped", "not-run", "other"};
    struct world *w = &worlds[i];
    rich_result(w, out);
    if (i != 1) {
        world_of(w, good_rows, sizeof good_rows / sizeof good_rows[0]);
        start_late(w);
        *out = (struct run_result){.job = {.upstream = &w->upstream, .scenario = &w->scenario}};
        w->scenario.path = rich_path;
        w->evidence.result.elapsed_ms = 10250 * (1 + i);
    }
    snprintf(w->upstream.name, sizeof w->upstream.name, "%s", i == 5 ? "video" : "doubao");
    snprintf(w->scenario.name, sizeof w->scenario.name, "%s", names[i]);
    out->job.client = client;
    out->job.upstream = &worlds[i == 5 ? 5 : 0].upstream;
    if (i == 0 || i == 2 || i == 5) {
        out->direct = (struct run_half){.ran = !client, .evidence = w->evidence};
        out->wire = (struct run_half){.ran = true, .evidence = w->evidence};
        out->wire.evidence.transport = TESTBED_WIRE;
        out->wire.evidence.speed = 20;
        out->parity = client ? PARITY_NOT_CHECKED : PARITY_HOLDS;
    }
    if (i == 2) {
        out->wire.verdict.kind = VERDICT_INCONCLUSIVE;
        snprintf(out->wire.verdict.inconclusive, sizeof out->wire.verdict.inconclusive,
                 "it never polled");
    }
    if (i == 4)
        err_set(&out->failed, ERR_NETWORK, "127.0.0.1:0", "no port is free");
    if (client)
        out->wire.output = printed;
}

static void print_all(const char *type, uint32_t client_count, struct buf *out)
{
    char summary[] = "/tmp/understudy-summary-XXXXXX";
    char *const command[] = {(char[]){"./poll"}, (char[]){"it's"}, NULL};
    static const struct profile only = {.path = "one.json"};
    static const struct profile starts = {.path = "t w o.json", .command = {"./poll"}};
    const struct external clients[CLIENTS_TOLD] = {
        {.name = "one", .command = command, .profile = &only, .speed = 1},
        {.name = "two", .command = command, .profile = &starts, .speed = 60}};
    struct reports rs;
    const struct report_options options = {.seed = 7,
                                           .total = RESULTS * (client_count ? client_count : 1),
                                           .upstreams = 2,
                                           .clients = clients,
                                           .client_count = client_count,
                                           .step_summary = summary};
    close(mkstemp(summary));
    assert_int_equal(reports_open(&(struct args_list){{type}, 1}, &rs, NULL), 0);
    reports_begin(&rs, &options);
    for (uint32_t i = 0; i < options.total; i++) {
        struct run_result result;
        result_of(i % RESULTS, client_count ? &clients[i / RESULTS] : NULL, &result);
        reports_result(&rs, &result);
    }
    assert_int_equal(reports_end(&rs, NULL), 0);
    buf_add_span(out, buf_span(reports_printed(&rs)));
    reports_fini(&rs);
    assert_int_equal(file_read(summary, out, NULL), 0); /* behind it, what goes elsewhere */
    unlink(summary);
}

/* The page's style is no part of it: it is copied from report.css. */
static void without_style(struct buf *page)
{
    char *from = strstr(page->p, "<style>"), *to = strstr(page->p, "</style>");
    if (!from || !to)
        return;
    memmove(from, to, strlen(to) + 1);
    page->n = strlen(page->p);
}

static void every_report_is_what_it_was(void **state)
{
    (void)state;
    for (const struct report_type *const *type = report_types(); *type; type++)
        for (uint32_t clients = 0; clients <= CLIENTS_TOLD; clients += CLIENTS_TOLD) {
            char path[128];
            struct buf out;
            buf_init(&out, GOLDEN_MAX);
            print_all((*type)->name, clients, &out);
            without_style(&out);
            snprintf(path, sizeof path, "tests/harness/golden/%s-%u.txt", (*type)->name, clients);
            demand_golden(path, &out);
            buf_fini(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_is_what_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
