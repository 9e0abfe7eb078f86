/* Answers requests for assets and notes them. */
#include "assets.h"

#include "mockserver/answer/answer.h"
#include "mockserver/answer/asset_url.h"
#include "mockserver/answer/head.h"
#include "mockserver/answer/movie.h"
#include "mockserver/message/secret.h"
#include "wire.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASSETS_THREADS = 32, ASSETS_DRAIN_MS = 2000, URL_MAX = 16 << 10, LEAK_MAX = 160 };

struct noted {
    struct noted *next;
    char *session;
    struct download download;
};

struct assets {
    const char *secrets[ASSETS_SECRETS_MAX];
    struct wire *wire;
    pthread_mutex_t lock; /* protects the list below */
    struct noted *first;
    struct noted **end;
    uint32_t count;
};

static bool shows(const struct assets *a, struct span text)
{
    for (int i = 0; i < ASSETS_SECRETS_MAX; i++)
        if (secret_is_shown(text, a->secrets[i]))
            return true;
    return false;
}

/* Looks for the secrets in headers, URL and body. True, and out names the place, when one is
 * there. */
static bool find_leak(const struct assets *a, const struct message *request, char out[LEAK_MAX])
{
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *h = &request->headers[i];
        if (!shows(a, h->value))
            continue;
        snprintf(out, LEAK_MAX, "its header %.*s", (int)(h->name.n < 100 ? h->name.n : 100),
                 h->name.p);
        return true;
    }
    snprintf(out, LEAK_MAX, "%s", shows(a, request->target_text) ? "its URL" : "its body");
    return shows(a, request->target_text) || shows(a, request->body);
}

static void noted_free(struct noted *n)
{
    free(n->session);
    free(n->download.url);
    free(n->download.leak);
    free(n);
}

/* Whether there is room for one more of this session. Called with the lock held. */
static bool has_room(const struct assets *a, const char *session)
{
    uint32_t own = 0;
    for (const struct noted *n = a->first; n; n = n->next)
        own += strcmp(n->session, session) == 0;
    return a->count < ASSETS_NOTED_MAX && own < ASSETS_SESSION_MAX;
}

/* Adds a download to the list; owns url from then on, also on failure. False when memory ran out
 * (also for url, which is then NULL) or the list is full. */
static bool note(struct assets *a, struct span session, char *url, const char *leak, int64_t now_ms)
{
    struct noted *n = calloc(1, sizeof *n);
    if (!n || !url) {
        free(n);
        free(url);
        return false;
    }
    n->session = strndup(session.p, session.n);
    n->download = (struct download){
        .began_ms = now_ms, .url = url, .leak = leak ? strdup(leak) : NULL};
    bool good = n->session && (!leak || n->download.leak);
    pthread_mutex_lock(&a->lock);
    good = good && has_room(a, n->session);
    if (good) {
        *a->end = n;
        a->end = &n->next;
        a->count++;
    }
    pthread_mutex_unlock(&a->lock);
    if (!good)
        noted_free(n);
    return good;
}

/* For HEAD as well: the wire then sends the head alone. */
static void send_movie(struct plan *plan)
{
    plan_reset(plan);
    head_begin(plan, 200, NULL);
    buf_add_text(&plan->answer, "Content-Type: video/mp4\r\n");
    head_end(plan, (int64_t)movie().n);
    buf_add_span(&plan->answer, movie());
    head_send(plan);
}

static void answer(void *arg, const struct message *request, int64_t now_ms, struct plan *plan)
{
    struct assets *a = arg;
    struct span session;
    struct buf url;
    char leak[LEAK_MAX];
    buf_init(&url, URL_MAX);
    if (!span_is(request->method, "GET") && !span_is(request->method, "HEAD"))
        answer_error(plan, 405, "Allow: GET, HEAD\r\n", "an asset is fetched with GET");
    else if (!asset_url_of_target(request->target.origin_form, &session, &url))
        answer_error(plan, 404, NULL, "no asset: /SESSION/https/HOST/PATH is wanted");
    else if (!note(a, session, buf_take(&url), find_leak(a, request, leak) ? leak : NULL, now_ms))
        answer_error(plan, 503, NULL, "more than %d downloads", ASSETS_SESSION_MAX);
    else
        send_movie(plan);
    buf_fini(&url);
}

int assets_open(const struct assets_options *options, struct clock *clock, struct assets **out,
                struct err *e)
{
    struct wire_options wire = {.threads = options->threads ? options->threads : ASSETS_THREADS,
                                .watch = options->watch};
    struct assets *a = calloc(1, sizeof *a);
    *out = NULL;
    if (!a)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the assets");
    memcpy(a->secrets, options->secrets, sizeof a->secrets);
    a->end = &a->first;
    pthread_mutex_init(&a->lock, NULL);
    struct wire_service service = {.arg = a, .answer = answer};
    int code = wire_serve(&service, clock, &wire, &a->wire, e);
    if (code) {
        assets_close(a);
        return code;
    }
    *out = a;
    return 0;
}

void assets_close(struct assets *a)
{
    if (!a)
        return;
    wire_close(a->wire, ASSETS_DRAIN_MS);
    for (struct noted *n = a->first, *next; n; n = next) {
        next = n->next;
        noted_free(n);
    }
    pthread_mutex_destroy(&a->lock);
    free(a);
}

const char *assets_address(const struct assets *a)
{
    return wire_address(a->wire);
}

static bool copy(const struct download *from, struct download *to)
{
    *to = (struct download){.began_ms = from->began_ms, .url = strdup(from->url)};
    if (from->leak)
        to->leak = strdup(from->leak);
    return to->url && (!from->leak || to->leak);
}

int assets_downloads(struct assets *a, const char *session, struct downloads *out, struct err *e)
{
    uint32_t count = 0;
    bool good = true;
    *out = (struct downloads){0};
    pthread_mutex_lock(&a->lock);
    for (const struct noted *n = a->first; n; n = n->next)
        count += strcmp(n->session, session) == 0;
    if (count > 0)
        out->list = calloc(count, sizeof *out->list);
    good = count == 0 || out->list;
    for (const struct noted *n = a->first; good && n; n = n->next)
        if (strcmp(n->session, session) == 0)
            good = copy(&n->download, &out->list[out->count++]);
    pthread_mutex_unlock(&a->lock);
    if (good)
        return 0;
    downloads_fini(out);
    return err_set(e, ERR_MEMORY, NULL, "no memory for %u downloads", count);
}

void downloads_fini(struct downloads *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        free(d->list[i].url);
        free(d->list[i].leak);
    }
    free(d->list);
    *d = (struct downloads){0};
}
