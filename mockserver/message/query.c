/* The query of a target, taken apart at & and =. */
#include "query.h"

struct query query_of(struct span target)
{
    size_t question = span_find(target, '?');
    return (struct query){.rest = span_cut(target, question + 1, target.n),
                          .more = question < target.n};
}

bool query_next(struct query *q, struct query_pair *out)
{
    if (!q->more)
        return false;
    size_t end = span_find(q->rest, '&');
    struct span text = span_cut(q->rest, 0, end);
    size_t equals = span_find(text, '=');
    *out = (struct query_pair){.text = text,
                               .name = span_cut(text, 0, equals),
                               .value = span_cut(text, equals + 1, text.n),
                               .has_value = equals < text.n};
    q->more = end < q->rest.n;
    q->rest = span_cut(q->rest, end + 1, q->rest.n);
    return true;
}
