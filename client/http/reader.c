/* Collects one reply from the pieces that libcurl hands over. */
#include "reader.h"

static void empty(struct http_reply *reply)
{
    reply->status = 0;
    buf_reset(&reply->head);
    buf_reset(&reply->body);
}

void reader_begin(struct reader *r, struct http_reply *reply)
{
    *r = (struct reader){.reply = reply};
    empty(reply);
}

void reader_end(struct reader *r, bool good)
{
    if (!good)
        empty(r->reply);
    r->reply = NULL;
}

bool reader_refuse(struct reader *r, const char *wrong)
{
    r->refused = ERR_NETWORK;
    r->wrong = wrong;
    return false;
}

/* A status line came. An interim reply (1xx) may have come before; its headers are dropped. */
static bool begin_head(struct reader *r, struct span line)
{
    r->head_done = false;
    buf_reset(&r->reply->head);
    const char *wrong = framing_status_line(&r->framing, line);
    return !wrong || reader_refuse(r, wrong);
}

static bool add_header(struct reader *r, struct span line)
{
    const char *wrong = framing_header(&r->framing, line);
    if (wrong)
        return reader_refuse(r, wrong);
    buf_add_span(&r->reply->head, line);
    r->refused = r->reply->head.broken;
    return r->refused == ERR_OK;
}

bool reader_head(struct reader *r, struct span line)
{
    r->head_bytes += line.n;
    if (r->head_bytes > HTTP_HEAD_MAX) {
        r->refused = ERR_LIMIT;
        return false;
    }
    if (span_starts(line, "HTTP/"))
        return begin_head(r, line);
    if (r->head_done)
        return true; /* a trailer of a chunked body: not used */
    r->head_done = span_trim(line).n == 0;
    return r->head_done || add_header(r, line);
}

/* The body's maximum is that of its buffer. libcurl's own limit does not count chunked bodies. */
bool reader_body(struct reader *r, struct span bytes)
{
    buf_add_span(&r->reply->body, bytes);
    r->refused = r->reply->body.broken;
    return r->refused == ERR_OK;
}
