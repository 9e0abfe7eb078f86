/* What the mock's tests share: the fixtures, and one request put as its target and token. */
#ifndef UNDERSTUDY_TESTS_MOCK_ASK_H
#define UNDERSTUDY_TESTS_MOCK_ASK_H

#include "mockserver/fixture/fixtures.h"
#include "mockserver/decide/mock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t NOON_MS = INT64_C(1800000000000);

static inline void complain(const struct err *e, void *arg)
{
    (void)arg;
    print_error("%s: %s\n", e->where, e->what);
}

/* The real fixtures; loaded once, freed by drop_fixtures. */
static inline const struct fixtures *take_fixtures(struct fixtures **kept)
{
    const char *dir = getenv("UNDERSTUDY_FIXTURES");
    struct err e;
    if (!*kept && fixtures_load(dir ? dir : "fixtures", complain, NULL, kept, &e))
        fail_msg("%s: %s", e.where, e.what);
    return *kept;
}

static inline struct mock *open_mock(const struct fixtures *f, struct mock_options options)
{
    struct mock *m;
    struct err e;
    if (options.journal_bytes == 0)
        options.journal_bytes = 1 << 20;
    if (mock_open(f, &options, &m, &e))
        fail_msg("%s: %s", e.where, e.what);
    return m;
}

/* Opens a message that a transport would have filled in, asks and closes it. */
static inline void answer_message(struct mock *m, struct message *request, int64_t now_ms,
                                  struct plan *plan)
{
    message_open(request);
    mock_answer(m, request, now_ms, plan);
    message_close(request);
}

/* Asks with a bearer token, or without when token is NULL; host may be NULL, body too. */
static inline void ask(struct mock *m, const char *method, const char *target, const char *host,
                       const char *token, const char *body, int64_t now_ms, struct plan *plan)
{
    char bearer[256];
    struct header headers[4];
    size_t n = 0;
    snprintf(bearer, sizeof bearer, "Bearer %s", token ? token : "");
    headers[n++] = (struct header){span_of("Host"), span_of(host ? host : "127.0.0.1:8080")};
    if (token)
        headers[n++] = (struct header){span_of("Authorization"), span_of(bearer)};
    if (body)
        headers[n++] = (struct header){span_of("Content-Type"), span_of("application/json")};
    struct message request = {.method = span_of(method),
                              .target_text = span_of(target),
                              .body = span_of(body),
                              .headers = headers,
                              .header_count = n};
    answer_message(m, &request, now_ms, plan);
}

static inline void get(struct mock *m, const char *target, int64_t now_ms, struct plan *plan)
{
    ask(m, "GET", target, NULL, "token", NULL, now_ms, plan);
}

/* A copy of the newest entry; its texts are cut to 255 bytes. */
struct last {
    struct journal_entry entry;
    char upstream[256], scenario[256], session[256], task[256], reply[256], faults[256], why[512];
};

static inline bool copy_last(const struct journal_entry *entry, void *arg)
{
    struct last *last = arg;
    last->entry = *entry;
    snprintf(last->upstream, 256, "%.*s", (int)entry->upstream.n, entry->upstream.p);
    snprintf(last->scenario, 256, "%.*s", (int)entry->scenario.n, entry->scenario.p);
    snprintf(last->session, 256, "%.*s", (int)entry->session.n, entry->session.p);
    snprintf(last->task, 256, "%.*s", (int)entry->task.n, entry->task.p);
    snprintf(last->reply, 256, "%.*s", (int)entry->reply.n, entry->reply.p);
    snprintf(last->faults, 256, "%.*s", (int)entry->faults.n, entry->faults.p);
    snprintf(last->why, 512, "%.*s", (int)entry->why.n, entry->why.p);
    return true;
}

static inline struct last last_entry(struct mock *m)
{
    struct last last;
    struct journal *j = mock_journal(m);
    struct journal_filter filter = {.since = journal_last(j) - 1};
    memset(&last, 0, sizeof last);
    journal_each(j, &filter, copy_last, &last);
    return last;
}

#endif
