/* Lists of what there is: upstreams, scenarios, faults. A line each for people, or one JSON object with an array of
 * objects, whose members are those of the admin pages.
 *
 *     struct listing list;
 *     list_begin(&list, "upstreams", json, out);
 *     list_upstream(&list, u);
 *     list_end(&list);
 *
 * Nothing fails; out (which says so when memory runs out) is lent until list_end. One thread a list. */
#ifndef UNDERSTUDY_MOCKSERVER_LIST_LIST_H
#define UNDERSTUDY_MOCKSERVER_LIST_LIST_H

#include "base/buf.h"
#include "base/json/json.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/plan/fault.h"

#include <stdbool.h>

struct listing {
    struct buf *out;
    bool json;
    struct json_writer w; /* inside the array, when json */
};

void list_begin(struct listing *l, const char *kind, bool json, struct buf *out);
void list_end(struct listing *l);

void list_upstream(struct listing *l, const struct upstream *u);
void list_scenario(struct listing *l, const struct upstream *u, const struct scenario *s);
void list_fault(struct listing *l, const struct fault_type *t);

/* Whole arrays. */
void list_upstreams(struct listing *l, const struct fixtures *f);
void list_scenarios(struct listing *l, const struct fixtures *f);
void list_faults(struct listing *l, const struct fixtures *f); /* f: not looked at */

/* A line for people: a name, and what it is. Both may come from files. */
void list_line(struct listing *l, const char *name, const char *text);

/* The objects alone. */
void list_write_upstream(struct json_writer *w, const struct upstream *u);
void list_write_scenario(struct json_writer *w, const struct upstream *u, const struct scenario *s);

#endif
