/* A look at the journal for what no trace tells. */
#include "strays.h"

#include <stdio.h>

struct looking {
    const char *session;
    struct strays *out;
};

static void note(const struct journal_entry *entry, char out[STRAY_TEXT_MAX])
{
    if (out[0] == '\0')
        snprintf(out, STRAY_TEXT_MAX, "%.*s %.*s", (int)entry->method.n, entry->method.p,
                 (int)entry->target.n, entry->target.p);
}

static bool look(const struct journal_entry *entry, void *arg)
{
    struct looking *l = arg;
    if (entry->session.n == 0)
        note(entry, l->out->outside);
    else if (span_is(entry->session, l->session))
        note(entry, l->out->other);
    return true;
}

void strays_read(struct journal *journal, uint64_t since, const char *session, struct strays *out)
{
    struct journal_filter filter = {.since = since};
    struct looking l = {.session = session, .out = out};
    *out = (struct strays){0};
    journal_each(journal, &filter, look, &l);
}
