/* Texts without what is marked, and sentences without what is known. */
#include "redact_clean.h"

#include "redact_scan.h"

enum { LOOKS_MAX = 3, TEXT_MAX = 144 << 20 };

/* A text without its marks is looked at again: the encodings of two secrets may have overlapped. */
int redact_write_clean(struct redactor *r, struct redact_marks *marks, struct span text,
                       struct buf *out, struct err *e)
{
    struct buf now, before;
    struct redact_marks again;
    int looks = 0;
    buf_init(&now, TEXT_MAX);
    buf_init(&before, TEXT_MAX);
    redact_write(marks, text, &now);
    redact_marks_init(&again, r, e);
    int code = buf_err(&now, "a text without its secrets", e);
    for (; !code && r->set.count > 0 && looks < LOOKS_MAX; looks++) {
        again.list.n = 0;
        redact_mark_known(&again, buf_span(&now), 0);
        code = again.code;
        if (code || redact_marks_count(&again) == 0)
            break;
        buf_reset(&before);
        buf_move(&before, &now);
        redact_write(&again, buf_span(&before), &now);
        code = code ? code : buf_err(&now, "a text without its secrets", e);
    }
    if (!code && looks == LOOKS_MAX)
        code = err_set(e, ERR_LIMIT, NULL, "a secret would still show");
    if (!code)
        buf_add_span(out, buf_span(&now));
    redact_marks_fini(&again);
    buf_fini(&before);
    buf_fini(&now);
    return code;
}

static int redact_sentence(struct redactor *r, struct span text, bool by_names, struct buf *out,
                           struct err *e)
{
    struct redact_marks marks;
    size_t before = out->n;
    redact_marks_init(&marks, r, e);
    if (by_names)
        redact_scan_text(&marks, text, 0, SCAN_ALL);
    redact_mark_known(&marks, text, 0);
    int code = marks.code ? marks.code : redact_write_clean(r, &marks, text, out, e);
    code = code ? code : buf_err(out, "a text without its secrets", e);
    if (code)
        out->n = before;
    redact_marks_fini(&marks);
    return code;
}

/* The ids of tasks come again with every poll. */
int redact_text(struct redactor *r, struct span text, struct buf *out, struct err *e)
{
    struct buf key;
    struct span known;
    size_t before = out->n;
    buf_init(&key, REDACT_CACHED_MAX);
    buf_add_text(&key, "sentence\n");
    buf_add_span(&key, text);
    bool has_key = key.broken == ERR_OK;
    int code = 0;
    if (has_key && redact_cache_get(r->cache, buf_span(&key), r->version, &known)) {
        buf_add_span(out, known);
        code = buf_err(out, "a text without its secrets", e);
    } else {
        code = redact_sentence(r, text, false, out, e);
        if (!code && has_key)
            redact_cache_put(r->cache, buf_span(&key), r->version,
                             span_cut(buf_span(out), before, out->n));
    }
    buf_fini(&key);
    return code;
}

int redact_log(struct redactor *r, struct span text, struct buf *out, struct err *e)
{
    return redact_sentence(r, text, true, out, e);
}

void redact_target(struct buf *out, struct span target)
{
    struct redactor *r = NULL;
    int code = redactor_open(true, &r, NULL);
    code = code ? code : redact_log(r, target, out, NULL);
    redactor_close(r);
    if (code)
        out->broken = (enum err_code)code;
}
