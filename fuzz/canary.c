/* The canary: a decoder with two planted faults. A fuzzer that lets it live guards nothing.
 *
 * Built with decoder.c in place of view_read. Neither fault is reached by a seed: a mutation must. */
#include "client/decode/view.h"

#include <string.h>

int canary_read(const char *upstream, int http_status, struct span body, struct task_view *out,
                struct err *e);

static bool ends_with(struct span s, const char *tail)
{
    size_t n = strlen(tail);
    return s.n >= n && span_is(span_cut(s, s.n - n, n), tail);
}

int canary_read(const char *upstream, int http_status, struct span body, struct task_view *out,
                struct err *e)
{
    int code = view_read("doubao", http_status, body, out, e);
    (void)upstream;
    /* Takes whatever stands in fail_reason for a URL. */
    if (code == 0 && out->state == TASK_FAILED && strcmp(out->reason, out->id) == 0)
        out->url[0] = 'h';
    /* Looks for a line's end behind the body. */
    if (code == ERR_SYNTAX && ends_with(body, "\"status"))
        out->progress = body.p[body.n] == '\n' ? -1 : 0;
    return code;
}
