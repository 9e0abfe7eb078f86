/* Schemas that are checked by checking themselves on the same value. */
#include "json_schema_read.h"

#include "base/buf.h"

enum { CIRCLE_MAX = 256 };

/* The nth schema that checking s checks on the same value; NULL when there are fewer. */
static struct json_schema *nth_on_same_value(const struct json_schema *s, size_t n)
{
    const struct json_schema_list *lists[] = {&s->all, &s->any, &s->one};
    struct json_schema *const singles[] = {s->ref, s->no, s->condition, s->then, s->otherwise};
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++)
        if (singles[i] && n-- == 0)
            return singles[i];
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (n < lists[i]->count)
            return lists[i]->schemas[n];
        n -= lists[i]->count;
    }
    return n < s->dependents.count ? s->dependents.members[n].schema : NULL;
}

/* `from` leads to itself: the way back, of which those that a $ref named are told. There is one. */
static int circle_error(const struct json_schema *from, const struct json_schema *end,
                        struct err *e)
{
    struct buf names;
    const struct json_schema *place = NULL;
    buf_init(&names, CIRCLE_MAX);
    for (const struct json_schema *s = from; s; s = s == end ? NULL : s->way_back) {
        if (!s->pointer)
            continue;
        buf_addf(&names, "%s\"", place ? " and " : "");
        json_schema_place(s, &names);
        buf_add_char(&names, '"');
        place = s;
    }
    place = place ? place : end;
    struct json_doc p = json_doc_root(place->document->file, place->source,
                                      place->pointer ? place->pointer : "");
    int code = json_doc_error(&p, ERR_CONTRACT, e,
                              "a circle of $refs that no value ends: it leads through %s",
                              names.broken ? "too many schemas to tell" : names.p);
    buf_fini(&names);
    return code;
}

/* A walk, depth first, along what is checked on one and the same value. It keeps its way in the schemas
 * themselves: a way may be as long as the document. */
int schema_find_circle(struct json_schema *start, struct err *e)
{
    struct json_schema *s = start;
    if (s->is_done)
        return 0;
    s->is_open = true;
    while (s) {
        struct json_schema *to = nth_on_same_value(s, s->edge++);
        if (to && to->is_open)
            return circle_error(s, to, e);
        if (to && !to->is_done) {
            to->is_open = true;
            to->way_back = s;
            s = to;
        } else if (!to) {
            s->is_open = false;
            s->is_done = true;
            s = s->way_back;
        }
    }
    return 0;
}
