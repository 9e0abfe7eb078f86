/* Rendering: makes the text of every stamp first, since Content-Length must be known, then head
 * and body. */
#include "render.h"
#include "asset_url.h"
#include "head.h"

#include "base/json/json.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 24, UUID_MAX = 40, ID_MAX = 6 * 256 + 2 };

/* -- Stamps ------------------------------------------------------------------------------------ */

/* The text of each stamp of one answer. values point into the arrays below, into the reply or
 * into the request. */
struct stamps {
    struct span values[REPLY_STAMPS_MAX];
    char numbers[REPLY_STAMPS_MAX][NUMBER_MAX];
    char id[ID_MAX];
    size_t id_len; /* 0: not written yet */
    char uuid[UUID_MAX];
    const char *asked_at; /* the pointer whose value `asked` holds; NULL: none yet */
    struct span asked;
};

static struct span moment(char out[NUMBER_MAX], int64_t ms, const struct reply_stamp *stamp)
{
    struct span digits = span_of_int(stamp->millis ? ms : ms / 1000, out + 1);
    if (!stamp->quoted)
        return digits;
    char *first = out + 1 + SPAN_INT_MAX - digits.n;
    first[-1] = first[digits.n] = '"';
    return (struct span){first - 1, digits.n + 2};
}

/* The id as a JSON string, written once an answer. Not done by the JSON writer because it
 * happens on every poll and few ids need an escape. ID_MAX fits the longest id with every byte
 * escaped. Bytes that are not UTF-8 are sent as they were received. */
static struct span quoted_id(struct stamps *s, const char *id)
{
    if (s->id_len != 0)
        return (struct span){s->id, s->id_len};
    char *p = s->id;
    *p++ = '"';
    for (; *id && p < s->id + ID_MAX - 8; id++) {
        unsigned char c = (unsigned char)*id;
        if (c < 0x20)
            p += snprintf(p, 7, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            *p++ = '\\', *p++ = (char)c;
        else
            *p++ = (char)c;
    }
    *p++ = '"';
    s->id_len = (size_t)(p - s->id);
    return (struct span){s->id, s->id_len};
}

/* A version 4 UUID (RFC 4122) whose random bits come from the seed: the same in every run. */
static struct span quoted_uuid(struct stamps *s, uint64_t seed)
{
    static const char form[] = "\"xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx\"";
    static const char hex[] = "0123456789abcdef";
    uint64_t bits = 0;
    for (unsigned i = 0, digits = 0; i < sizeof form - 1; i++) {
        s->uuid[i] = form[i];
        if (form[i] != 'x' && form[i] != 'v')
            continue;
        if (digits++ % 16 == 0)
            bits = text_random(&seed);
        s->uuid[i] = hex[form[i] == 'v' ? 8 | (bits & 3) : bits & 15];
        bits >>= 4;
    }
    return (struct span){s->uuid, sizeof form - 1};
}

/* The value at pointer in the request's body; empty when absent. Remembers the last one, since
 * all stamps of a list have the same pointer. */
static struct span asked(struct stamps *s, const char *pointer, struct span body)
{
    struct json_range range;
    if (s->asked_at != pointer) {
        s->asked_at = pointer;
        s->asked = json_find(body, pointer, &range) ? span_cut(body, range.at, range.len)
                                                    : span_of(NULL);
    }
    return s->asked;
}

/* The request's value when it has the kind of the recorded one, a number in quotes for a
 * recorded string; else the recorded value, so that the reply keeps its types. */
static struct span from_request(char out[NUMBER_MAX], const struct reply_stamp *stamp,
                                struct span recorded, struct span value)
{
    if (value.n == 0)
        return recorded;
    bool is_string = value.p[0] == '"';
    bool is_number = value.p[0] == '-' || (value.p[0] >= '0' && value.p[0] <= '9');
    if (stamp->quoted ? is_string : is_number)
        return value;
    if (!is_number || value.n > NUMBER_MAX - 3)
        return recorded;
    out[0] = out[value.n + 1] = '"';
    memcpy(out + 1, value.p, value.n);
    return (struct span){out, value.n + 2};
}

static struct span value_of(struct stamps *s, size_t i, const struct reply *r,
                            const struct render_values *v)
{
    const struct reply_stamp *stamp = &r->stamps[i];
    struct span recorded = span_cut(r->body, stamp->at, stamp->len);
    int64_t started_ms = v->started_ms < 0 ? v->now_ms : v->started_ms;
    int64_t finished_ms = v->finished_ms < 0 ? v->now_ms : v->finished_ms;
    switch (stamp->source) {
    case STAMP_TASK_ID: return v->id[0] && stamp->quoted ? quoted_id(s, v->id) : recorded;
    case STAMP_TASK_CREATED: return moment(s->numbers[i], v->created_ms, stamp);
    case STAMP_TASK_STARTED: return moment(s->numbers[i], started_ms, stamp);
    case STAMP_TASK_FINISHED: return moment(s->numbers[i], finished_ms, stamp);
    case STAMP_NOW: return moment(s->numbers[i], v->now_ms, stamp);
    case STAMP_UUID: return stamp->quoted ? quoted_uuid(s, v->seed) : recorded;
    case STAMP_REQUEST_BODY:
        return from_request(s->numbers[i], stamp, recorded,
                            asked(s, stamp->pointer, v->request_body));
    }
    return recorded;
}

/* -- Answers ----------------------------------------------------------------------------------- */

static bool may_have_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

static void add_reason(struct buf *b, const char *reason)
{
    if (!reason[0])
        return;
    buf_add_text(b, "X-Mock-Reason: ");
    for (; *reason; reason++)
        buf_add_char(b, *reason >= ' ' && *reason < 0x7f ? *reason : '?');
    buf_add_text(b, "\r\n");
}

/* Writes the head. Returns where in the answer the recorded headers begin, for move_dates. */
static size_t add_head(struct plan *p, int status, struct span head, size_t body_len,
                       const struct render_values *v)
{
    head_begin(p, status, NULL);
    size_t head_at = p->answer.n;
    buf_add_span(&p->answer, head);
    add_reason(&p->answer, v->reason);
    head_end(p, may_have_body(status) ? (int64_t)body_len : HEAD_NO_LENGTH);
    return head_at;
}

int64_t render_asked_ms(const struct reply *r, int64_t client_ms)
{
    if (!r->retry_date_at)
        return r->retry_after_ms;
    return (client_ms + r->retry_after_ms + 999) / 1000 * 1000 - client_ms;
}

/* Overwrites the recorded dates in place with current ones on the client's clock; both have the
 * same length. */
static void move_dates(struct buf *b, size_t head_at, const struct reply *r, int64_t client_ms)
{
    char text[40];
    if (!r->date_at || b->broken)
        return;
    text_of_http_date(client_ms / 1000, text, sizeof text);
    memcpy(b->p + head_at + r->date_at, text, strlen(text));
    text_of_http_date((client_ms + render_asked_ms(r, client_ms)) / 1000, text, sizeof text);
    memcpy(b->p + head_at + r->retry_date_at, text, strlen(text));
}

/* Appends the recorded body with the stamped values replaced. */
static void add_body(struct buf *b, const struct reply *r, const struct stamps *s)
{
    size_t at = 0;
    for (size_t i = 0; i < r->stamp_count; i++) {
        buf_add_span(b, span_cut(r->body, at, r->stamps[i].at - at));
        buf_add_span(b, s->values[i]);
        at = r->stamps[i].at + r->stamps[i].len;
    }
    buf_add_span(b, span_cut(r->body, at, r->body.n - at));
}

/* The same with its URLs moved. When the buffer in between is full, moved is marked as broken
 * too. */
static void add_moved_body(struct buf *moved, const struct reply *r, const struct stamps *s,
                           const char *asset_base)
{
    struct buf body;
    buf_init(&body, PLAN_ANSWER_MAX);
    add_body(&body, r, s);
    asset_url_move(moved, buf_span(&body), asset_base);
    buf_break_with(moved, &body);
    buf_fini(&body);
}

void render_reply(struct plan *p, const struct reply *r, const struct render_values *v)
{
    struct stamps s;
    struct buf moved;
    buf_init(&moved, PLAN_ANSWER_MAX);
    s.id_len = 0;
    s.asked_at = NULL;
    s.asked = (struct span){0};
    size_t len = r->body.n;
    for (size_t i = 0; i < r->stamp_count; i++) {
        s.values[i] = value_of(&s, i, r, v);
        len = len - r->stamps[i].len + s.values[i].n;
    }
    if (v->asset_base) {
        add_moved_body(&moved, r, &s, v->asset_base);
        len = moved.n;
        p->answer.broken = moved.broken;
    }
    size_t head_at = add_head(p, r->status, r->head, len, v);
    move_dates(&p->answer, head_at, r, v->client_ms);
    if (may_have_body(r->status) && !v->no_body) {
        if (v->asset_base)
            buf_add_span(&p->answer, buf_span(&moved));
        else
            add_body(&p->answer, r, &s);
    }
    buf_fini(&moved);
    head_send(p);
}

void render_body(struct plan *p, int status, struct span json, const struct render_values *v)
{
    add_head(p, status, span_of("Content-Type: application/json\r\n"), json.n, v);
    if (!v->no_body)
        buf_add_span(&p->answer, json);
    head_send(p);
}

void render_plain(struct plan *p, int status, const struct render_values *v)
{
    struct buf body;
    buf_init(&body, 8 << 10);
    buf_add_text(&body, "{\"error\":{\"message\":");
    json_add_string(&body, span_of(v->reason));
    buf_add_text(&body, "}}");
    buf_break_with(&p->answer, &body);
    render_body(p, status, buf_span(&body), v);
    buf_fini(&body);
}
