/* Lays out the seeds of every fuzz target from the fixtures: the same bytes that the tests replay.
 *
 *   fuzz_seeds FIXTURES OUT
 *
 * Every upstream's bodies go to every decoder, because dialects mix. A file that does not load is an
 * error: the fixtures' own checks say more about it. */
#include "base/buf.h"
#include "base/file.h"
#include "client/decode/pack.h"
#include "client/client.h"
#include "client/http/request.h"
#include "mockserver/fixture/reply.h"
#include "mockserver/record/har.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 2 << 20, POLLS = 4, POLL_MS = 5000 };

static const int64_t noon_ms = INT64_C(1800000000000); /* when the mock's target begins */

struct layout {
    const char *fixtures;
    const char *out;
    const char *upstream; /* the one at hand */
    const struct source *source;
    char dir[FILE_PATH_MAX]; /* where it is */
};

static int write_seed(const struct layout *l, const char *target, const char *file,
                      struct span bytes, struct err *e)
{
    char dir[FILE_PATH_MAX], name[FILE_PATH_MAX], path[FILE_PATH_MAX];
    int n = snprintf(name, sizeof name, "%s.%s", l->upstream, file);
    bool fits = n > 0 && (size_t)n < sizeof name && file_join(dir, sizeof dir, l->out, target)
        && file_join(path, sizeof path, dir, name);
    if (!fits)
        return err_set(e, ERR_LIMIT, file, "a path longer than %d bytes", FILE_PATH_MAX - 1);
    return file_write(path, bytes, e);
}

/* The targets that read by a contract (fuzz/CMakeLists.txt). */
static const char *const by_contract[] = {"videos", "ark", "contract-newapi",
                                          "contract-zego-drive"};

static int write_body(const struct layout *l, const char *file, struct span body, struct err *e)
{
    int code = write_seed(l, "json", file, body, e);
    if (code == 0)
        code = write_seed(l, "canary", file, body, e);
    for (const char *const *decoder = task_upstreams(); *decoder != NULL && code == 0; decoder++)
        code = write_seed(l, *decoder, file, body, e);
    for (size_t i = 0; i < sizeof by_contract / sizeof by_contract[0] && code == 0; i++)
        code = write_seed(l, by_contract[i], file, body, e);
    return code;
}

/* A recording of one exchange, whose answer this was. */
static int write_recording(const struct layout *l, const char *file, const struct reply *reply,
                           struct err *e)
{
    struct json_writer w;
    struct buf har;
    struct har_entry entry = {.started_ms = noon_ms,
                              .method = span_of("GET"),
                              .url = span_of("https://real.example.com/v1/tasks/t-1?a=1"),
                              .status = reply->status,
                              .response_body = reply->body};
    buf_init(&har, FILE_MAX);
    buf_add_text(&har, har_file_start);
    json_write_init(&w, &har, false);
    har_write_entry(&w, &entry);
    buf_add_text(&har, har_file_end);
    int code = buf_err(&har, file, e);
    if (!code)
        code = write_seed(l, "har", file, buf_span(&har), e);
    buf_fini(&har);
    return code;
}

static int lay_reply(const struct layout *l, const char *file, struct span bytes, struct err *e)
{
    struct reply reply;
    char name[REPLY_NAME_MAX];
    span_copy(span_cut(span_of(file), 0, strlen(file) - strlen(".http")), name, sizeof name);
    int code = reply_parse(bytes, name, file, &reply, e);
    if (code == 0)
        code = write_seed(l, "reply", file, bytes, e);
    if (code == 0)
        code = write_body(l, name, reply.body, e);
    if (code == 0)
        code = write_recording(l, name, &reply, e);
    reply_fini(&reply);
    return code;
}

static const char base_host[] = "http://h";

static void add_request(struct buf *out, const struct http_request *http, int64_t wait_ms)
{
    if (out->n > 0)
        buf_addf(out, "\n### %lld\n", (long long)wait_ms);
    buf_addf(out, "%s %s HTTP/1.1\nHost: 127.0.0.1:8080\n", http->method,
             http->url + strlen(base_host));
    for (size_t i = 0; http->headers[i]; i++)
        buf_addf(out, "%s\n", http->headers[i]);
    buf_add_char(out, '\n');
    buf_add_span(out, http->body);
}

/* The upstream's contract, which stands above its scenarios. */
static int open_pack(const struct layout *l, struct task_pack **out, struct err *e)
{
    char folder[FILE_PATH_MAX];
    if (!file_join(folder, sizeof folder, l->dir, ".."))
        return err_set(e, ERR_LIMIT, l->dir, "the path is too long");
    return pack_open_folder(folder, out, e);
}

/* The built-in client's polls of a task, five seconds apart, as requests.h reads them. */
static int add_polls(const struct layout *l, const char *scenario, struct buf *out, struct err *e)
{
    char mount[FILE_PATH_MAX];
    struct request r;
    struct rng rng;
    (void)snprintf(mount, sizeof mount, "%s/%s:%s", base_host, l->upstream, scenario);
    struct task_pack *pack = NULL;
    const struct dialect *dialect = dialect_find(l->upstream);
    struct task_options options = {.upstream = l->upstream,
                                   .base_url = mount,
                                   .task_id = "t-1",
                                   .token = "any",
                                   .app_id = 12345,
                                   .secret = "9193cc662a4c0ec135ec71fb57194b38"};
    int code = dialect ? 0 : open_pack(l, &pack, e);
    if (!code)
        code = request_open(&r, dialect ? dialect : pack_dialect(pack), &options, e);
    if (code) {
        task_pack_close(pack);
        return code;
    }
    rng_init(&rng, 1);
    for (int i = 0; i < POLLS && code == 0; i++) {
        code = request_sign(&r, noon_ms + i * POLL_MS, &rng, e);
        if (code == 0)
            add_request(out, &r.http, POLL_MS);
    }
    request_close(&r);
    task_pack_close(pack);
    return code;
}

static int lay_scenario(const struct layout *l, const char *file, struct span bytes, struct err *e)
{
    char name[REPLY_NAME_MAX];
    struct buf polls;
    buf_init(&polls, FILE_MAX);
    span_copy(span_cut(span_of(file), 0, strlen(file) - strlen(".json")), name, sizeof name);
    int code = write_seed(l, "json", file, bytes, e);
    if (code == 0)
        code = write_seed(l, "scenario", file, bytes, e);
    if (code == 0)
        code = add_polls(l, name, &polls, e);
    if (code == 0)
        code = write_seed(l, "mock", name, buf_span(&polls), e);
    buf_fini(&polls);
    return code;
}

static int lay_contract(const struct layout *l, const char *file, struct span bytes, struct err *e)
{
    return write_seed(l, "contract", file, bytes, e);
}

/* What an upstream's folder holds. */
static const struct source {
    const char *folder;
    const char *ending;
    int (*lay)(const struct layout *l, const char *file, struct span bytes, struct err *e);
} sources[] = {
    {".", "openapi.json", lay_contract},
    {"replies", ".http", lay_reply},
    {"scenarios", ".json", lay_scenario},
};

static bool ends_with(const char *text, const char *tail)
{
    size_t n = strlen(text), t = strlen(tail);
    return n >= t && strcmp(text + n - t, tail) == 0;
}

static int lay_file(const char *file, bool is_dir, void *arg, struct err *e)
{
    const struct layout *l = arg;
    char path[FILE_PATH_MAX];
    if (is_dir || !ends_with(file, l->source->ending))
        return 0;
    if (!file_join(path, sizeof path, l->dir, file))
        return err_set(e, ERR_LIMIT, l->dir, "a path longer than %d bytes", FILE_PATH_MAX - 1);
    struct buf bytes;
    buf_init(&bytes, FILE_MAX);
    int code = file_read(path, &bytes, e);
    if (code == 0)
        code = l->source->lay(l, file, buf_span(&bytes), e);
    buf_fini(&bytes);
    return code;
}

static int lay_upstream(const char *name, bool is_dir, void *arg, struct err *e)
{
    struct layout *l = arg;
    char path[FILE_PATH_MAX];
    int code = 0;
    if (!is_dir || !file_join(path, sizeof path, l->fixtures, name))
        return 0;
    l->upstream = name;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0] && code == 0; i++) {
        l->source = &sources[i];
        if (file_join(l->dir, sizeof l->dir, path, sources[i].folder) && file_is_dir(l->dir))
            code = file_list(l->dir, lay_file, l, e);
    }
    return code;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    if (argc != 3) {
        (void)fprintf(stderr, "usage: fuzz_seeds FIXTURES OUT\n");
        return 2;
    }
    struct layout l = {.fixtures = argv[1], .out = argv[2]};
    if (file_list(l.fixtures, lay_upstream, &l, &e) != 0) {
        (void)fprintf(stderr, "%s: %s\n", e.where, e.what);
        return 1;
    }
    return 0;
}
