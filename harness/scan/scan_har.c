/* An entry of a recording as one exchange: whatever stands in pairs of name and value is looked at like a header. */
#include "scan_har.h"

#include "base/base64.h"

#include <string.h>

enum { PAIRS_MAX = 1024, BODY_MAX = 64 << 20 };

/* The pairs of a request or response, and where each stands. */
struct pairs {
    struct header list[PAIRS_MAX];
    const char *from[PAIRS_MAX]; /* "/request/headers" */
    size_t index[PAIRS_MAX];     /* in that list */
    size_t count;
};

/* What is told of an entry. */
struct telling {
    struct scan *scan;
    const char *path;
    uint64_t entry;
    const struct pairs *asked, *answered;
};

static struct span text_at(const struct json *v, const char *pointer)
{
    return span_of(json_string(json_at(v, pointer)));
}

static void add_pair(struct pairs *p, const char *from, size_t index, struct span name,
                     struct span value)
{
    if (p->count == PAIRS_MAX)
        return;
    p->list[p->count] = (struct header){name, value};
    p->from[p->count] = from;
    p->index[p->count++] = index;
}

/* as: the header that each is looked at as; NULL: it has its own name. */
static void add_pairs(struct pairs *p, const struct json *entry, const char *from, const char *as)
{
    size_t index = 0;
    for (const struct json *v = json_first(json_at(entry, from)); v; v = json_next(v), index++)
        add_pair(p, from, index, as ? span_of(as) : text_at(v, "/name"), text_at(v, "/value"));
}

static void tell(const struct redact_place *place, void *arg)
{
    const struct telling *t = arg;
    bool asked = strncmp(place->where, "request header", 14) == 0;
    bool answered = strncmp(place->where, "response header", 15) == 0;
    unsigned long long entry = (unsigned long long)t->entry;
    const struct pairs *p = asked ? t->asked : t->answered;
    static const struct {
        const char *where, *pointer;
    } places[] = {
        {"url", "/request/url"},
        {"method", "/request/method"},
        {"reason", "/response/statusText"},
        {"error", "/response/_error"},
        {"request body", "/request/postData/text"},
        {"response body", "/response/content/text"},
    };
    if (asked || answered) {
        scan_tell(t->scan, t->path, place->kind, "/log/entries/%llu%s/%zu", entry,
                  p->from[place->header], p->index[place->header]);
        return;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcmp(place->where, places[i].where) == 0)
            scan_tell(t->scan, t->path, place->kind, "/log/entries/%llu%s", entry,
                      places[i].pointer);
}

static struct span body_at(const struct json *entry, const char *text, const char *encoding,
                           struct buf *plain)
{
    struct span body = text_at(entry, text);
    if (!span_is(text_at(entry, encoding), "base64"))
        return body;
    bool good = base64_decode(plain, body) && plain->broken == ERR_OK;
    return good ? buf_span(plain) : body;
}

int scan_entry(struct scan *s, struct redactor *r, const char *path, const struct json *entry,
               uint64_t index, struct err *e)
{
    static struct pairs asked, answered; /* too large for a stack; a scan is for one thread */
    struct buf asked_body, answered_body;
    asked.count = answered.count = 0;
    buf_init(&asked_body, BODY_MAX);
    buf_init(&answered_body, BODY_MAX);
    add_pairs(&asked, entry, "/request/headers", NULL);
    add_pairs(&asked, entry, "/request/queryString", NULL);
    add_pairs(&asked, entry, "/request/postData/params", NULL);
    add_pairs(&asked, entry, "/request/cookies", "Cookie");
    add_pairs(&answered, entry, "/response/headers", NULL);
    add_pairs(&answered, entry, "/response/cookies", "Cookie");
    add_pair(&answered, "/response/redirectURL", 0, span_of("Location"),
             text_at(entry, "/response/redirectURL"));
    struct redact_exchange x = {
        .method = text_at(entry, "/request/method"),
        .url = text_at(entry, "/request/url"),
        .request_headers = asked.list,
        .request_header_count = asked.count,
        .request_body = body_at(entry, "/request/postData/text", "/request/postData/encoding",
                                &asked_body),
        .response_headers = answered.list,
        .response_header_count = answered.count,
        .response_body = body_at(entry, "/response/content/text", "/response/content/encoding",
                                 &answered_body),
        .reason = text_at(entry, "/response/statusText"),
        .error = text_at(entry, "/response/_error"),
    };
    struct telling t = {s, path, index, &asked, &answered};
    int code = redact_find(r, &x, tell, &t, e);
    buf_fini(&answered_body);
    buf_fini(&asked_body);
    return code;
}
