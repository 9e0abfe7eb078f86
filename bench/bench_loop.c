/* Polls a second on one core, with doubao's replies: five measures in turns, in one run.
 *
 *   bench_loop [ROUNDS]    from the project's root; each round takes about a tenth of a second
 *
 * parse   cJSON parses and deletes the body of in_progress: what nobody can do without
 * client  the client's loop over a transport that hands out recorded bytes: scan, decode, decide
 * direct  the same with the mock behind it: route, auth, step, stamps, journal
 * fresh   as direct, but each reply differs in a byte from the one before, so that the client reads each
 * pack    as fresh, but it reads doubao by its contract, not by its decoder */
#include "base/clock.h"
#include "client/client.h"
#include "client/http/http.h"
#include "harness/testbed/direct.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/decide/mock.h"

#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 20, PARSES = 50000, WAITS = 40, ROUNDS_MAX = 100000 };
static const int64_t START_MS = 1767225600000;

struct tally {
    const char *name;
    uint64_t count;
    int64_t ns;
    int64_t best_ns; /* of a thousand, in the best round */
};

static void note(struct tally *t, uint64_t count, int64_t ns)
{
    int64_t each = ns * 1000 / (int64_t)count;
    t->count += count;
    t->ns += ns;
    t->best_ns = t->best_ns == 0 || each < t->best_ns ? each : t->best_ns;
}

static int measure_parse(const struct reply *reply, struct tally *t)
{
    int64_t began = clock_ticks_ns();
    for (int i = 0; i < PARSES; i++) {
        cJSON *root = cJSON_ParseWithLength(reply->body.p, reply->body.n);
        if (root == NULL)
            return 1;
        cJSON_Delete(root);
    }
    note(t, PARSES, clock_ticks_ns() - began);
    return 0;
}

/* Hands out in_progress, and success when its turn has come. */
struct canned {
    struct task_transport transport; /* first */
    const struct reply *running, *success;
    uint32_t polls;
};

static int hand_out(struct task_transport *t, const struct http_request *request,
                    struct http_reply *out, struct err *e)
{
    struct canned *c = (struct canned *)t;
    const struct reply *reply = ++c->polls % 720 == 0 ? c->success : c->running;
    (void)request;
    buf_reset(&out->head);
    buf_reset(&out->body);
    buf_add_text(&out->head, "Content-Type: application/json\r\n");
    buf_add_span(&out->body, reply->body);
    out->status = reply->status;
    int code = buf_err(&out->head, "head", e);
    return code == 0 ? buf_err(&out->body, "body", e) : code;
}

/* Passes exchanges on, and changes a letter of "action", which nobody reads, in each reply. */
struct restless {
    struct task_transport transport; /* first */
    struct task_transport *inner;
    uint32_t polls;
};

static int change_letter(struct task_transport *t, const struct http_request *request,
                         struct http_reply *out, struct err *e)
{
    static const char action[] = "\"generate\"";
    struct restless *r = (struct restless *)t;
    int code = r->inner->exchange(r->inner, request, out, e);
    char *at = code ? NULL : memmem(out->body.p, out->body.n, action, sizeof action - 1);
    if (at)
        at[1] = (char)('a' + ++r->polls % 26);
    return code;
}

static int measure_waits(struct task_transport *transport, struct mock *mock,
                         const struct task_pack *pack, struct tally *t)
{
    struct task_options o = {.upstream = "doubao",
                             .pack = pack,
                             .base_url = "http://direct/doubao:hour:bench",
                             .task_id = "doubao-hour-1",
                             .token = "sk-bench",
                             .timeout_ms = 3 * 3600 * 1000,
                             .seed = 1,
                             .transport = transport};
    uint64_t polls = 0;
    int64_t began = clock_ticks_ns();
    for (int i = 0; i < WAITS; i++) {
        struct task_result r;
        if (mock != NULL)
            mock_reset(mock);
        if (task_wait(&o, &r, NULL) != 0 || r.outcome != TASK_OUTCOME_SUCCEEDED)
            return 1;
        polls += r.polls;
    }
    note(t, polls, clock_ticks_ns() - began);
    return 0;
}

static void print(const struct tally *t, const struct tally *parse)
{
    double rate = (double)t->count * 1e9 / (double)t->ns;
    double best = 1e12 / (double)t->best_ns;
    printf("%-8s %10.0f a second, best round %10.0f; %6.2f us each, %5.2f times a bare parse\n",
           t->name, rate, best, 1e6 / rate, (double)t->best_ns / (double)parse->best_ns);
}

static int measure(struct fixtures *fixtures, long rounds)
{
    const struct upstream *doubao = fixtures_upstream(fixtures, "doubao");
    struct mock_options options = {.seed = 1};
    struct tally tallies[] = {{.name = "parse"},
                              {.name = "client"},
                              {.name = "direct"},
                              {.name = "fresh"},
                              {.name = "pack"}};
    struct task_pack *pack;
    struct task_failure f;
    struct mock *mock;
    struct clock_sim clock;
    struct direct direct;
    struct err e;
    if (mock_open(fixtures, &options, &mock, &e) != 0) {
        fprintf(stderr, "bench_loop: %s %s\n", e.where, e.what);
        return 3;
    }
    if (task_pack_open(doubao->dir, &pack, &f) != 0) {
        fprintf(stderr, "bench_loop: %s %s\n", f.where, f.what);
        mock_close(mock);
        return 3;
    }
    clock_sim_init(&clock, START_MS);
    direct_init(&direct, mock, &clock);
    struct canned canned = {.transport = {.exchange = hand_out, .clock = &clock.clock},
                            .running = upstream_reply(doubao, "in_progress"),
                            .success = upstream_reply(doubao, "success")};
    struct restless restless = {.transport = {.exchange = change_letter, .clock = &clock.clock},
                                .inner = &direct.transport};
    int failed = 0;
    for (long i = 0; i < rounds && failed == 0; i++) {
        clock_sim_init(&clock, START_MS);
        failed = measure_parse(canned.running, &tallies[0])
            || measure_waits(&canned.transport, NULL, NULL, &tallies[1])
            || measure_waits(&direct.transport, mock, NULL, &tallies[2])
            || measure_waits(&restless.transport, mock, NULL, &tallies[3])
            || measure_waits(&restless.transport, mock, pack, &tallies[4]);
    }
    for (size_t i = 0; i < sizeof tallies / sizeof tallies[0] && !failed; i++)
        print(&tallies[i], &tallies[0]);
    direct_fini(&direct);
    task_pack_close(pack);
    mock_close(mock);
    return failed;
}

int main(int argc, char **argv)
{
    struct fixtures *fixtures;
    struct err e;
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_loop [ROUNDS], 1 to %d\n", ROUNDS_MAX);
        return 2;
    }
    if (fixtures_load("fixtures", NULL, NULL, &fixtures, &e) != 0) {
        fprintf(stderr, "bench_loop: %s %s\n", e.where, e.what);
        return 3;
    }
    int code = measure(fixtures, rounds);
    fixtures_free(fixtures);
    return code;
}
