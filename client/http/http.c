/* Replies of one exchange: their memory and their headers. */
#include "http.h"

void http_reply_init(struct http_reply *r)
{
    r->status = 0;
    buf_init(&r->head, HTTP_HEAD_MAX);
    buf_init(&r->body, HTTP_BODY_MAX);
}

void http_reply_fini(struct http_reply *r)
{
    buf_fini(&r->head);
    buf_fini(&r->body);
    r->status = 0;
}

struct span http_header(const struct http_reply *r, const char *name)
{
    struct span rest = buf_span(&r->head);
    while (rest.n > 0) {
        size_t end = span_find(rest, '\n');
        struct span line = span_cut(rest, 0, end);
        size_t colon = span_find(line, ':');
        if (colon < line.n && span_is_nocase(span_cut(line, 0, colon), name))
            return span_trim(span_cut(line, colon + 1, line.n));
        rest = span_cut(rest, end + 1, rest.n);
    }
    return (struct span){0};
}
