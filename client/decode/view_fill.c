/* Filling a view: what fits is copied, what does not is an error or, for people, cut. */
#include "view_fill.h"

#include "base/span.h"
#include "base/utf8.h"

#include <string.h>

void view_clear(struct task_view *out)
{
    memset(out, 0, sizeof *out);
    out->progress = -1;
}

void view_text(struct reading *r, const char *pointer, const char *text, char *out, size_t out_size)
{
    if (!span_copy(span_of(text), out, out_size) && r->code == 0)
        r->code = err_set(r->e, ERR_LIMIT, pointer, "is longer than %zu bytes", out_size - 1);
}

void view_cut(const char *text, char *out, size_t out_size)
{
    static const char mark[] = "\xE2\x80\xA6"; /* an ellipsis */
    if (span_copy(span_of(text), out, out_size))
        return;
    size_t n = utf8_cut(span_of(text), out_size - sizeof mark);
    memcpy(out, text, n);
    memcpy(out + n, mark, sizeof mark);
}

void view_int(int64_t n, char *out, size_t out_size)
{
    char room[SPAN_INT_MAX];
    (void)span_copy(span_of_int(n, room), out, out_size);
}
