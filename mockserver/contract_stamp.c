/* Contracts: finds the stamped values of a reply. */
#include "contract.h"

#include "contract_task.h"

#include <stdlib.h>
#include <string.h>

/* Numbers from here on are milliseconds: as seconds this is the year 5138. */
static const double MILLIS_FROM = 1e11;

struct stamp_search {
    struct span body;
    struct reply_stamp stamp; /* what each match is a copy of */
    struct reply_stamp found[REPLY_STAMPS_MAX];
    uint32_t count;
    bool full;
};

/* The number that a value is, or that a string of digits says. */
static bool number_of(const struct json *value, double *out)
{
    long long digits = 0;
    if (json_kind(value) == JSON_NUMBER)
        return json_double(value, out);
    if (!span_int64(span_of(json_string(value)), &digits))
        return false;
    *out = (double)digits;
    return true;
}

/* Whether the recorded value is one that this stamp can stand on. 0, null and "" mean "not yet". */
static bool can_stamp(const struct json *value, struct reply_stamp *s)
{
    double number = 0;
    bool is_number = number_of(value, &number);
    const char *text = json_string(value);
    s->quoted = text != NULL;
    s->millis = number >= MILLIS_FROM;
    if (text ? !text[0] : !is_number || (number <= 0 && number >= 0))
        return false;
    switch (s->source) {
    case STAMP_TASK_ID:
    case STAMP_UUID:
        return text != NULL;
    case STAMP_REQUEST_BODY:
        return true;
    default:
        return is_number && (number < 0 || number > 0);
    }
}

static bool visit_value(const struct json_place *place, void *arg)
{
    struct stamp_search *s = arg;
    struct reply_stamp stamp = s->stamp;
    struct json *value = NULL;
    bool good = json_open(span_cut(s->body, place->at, place->len), &value, NULL) == 0 &&
                can_stamp(value, &stamp);
    json_close(value);
    if (!good)
        return true;
    if (s->count == REPLY_STAMPS_MAX) {
        s->full = true;
        return false;
    }
    stamp.at = (uint32_t)place->at;
    stamp.len = (uint32_t)place->len;
    s->found[s->count++] = stamp;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct reply_stamp *left = a, *right = b;
    return (left->at > right->at) - (left->at < right->at);
}

/* Two pointers may name one value ("/list/0" and a "*"): it is stamped once. */
static uint32_t drop_doubles(struct reply_stamp *stamps, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!kept || stamps[kept - 1].at != stamps[i].at)
            stamps[kept++] = stamps[i];
    return kept;
}

int contract_stamp(const struct contract *c, struct reply *r, struct err *e)
{
    struct stamp_search *s = NULL;
    const struct json *rule = json_first(json_get(c->x_task, "stamp"));
    int code = 0;
    free(r->stamps);
    r->stamps = NULL;
    r->stamp_count = 0;
    if (!rule || json_scan(r->body, NULL, NULL) != 0)
        return 0;
    s = calloc(1, sizeof *s);
    if (!s)
        return err_set(e, ERR_MEMORY, r->name, "no memory to find stamps");
    s->body = r->body;
    for (; rule; rule = json_next(rule)) {
        memset(&s->stamp, 0, sizeof s->stamp);
        contract_stamp_source(json_string(rule), &s->stamp.source, &s->stamp.pointer);
        json_find_all(r->body, json_key(rule), visit_value, s);
    }
    if (s->full)
        code = err_set(e, ERR_LIMIT, r->name, "more than %d stamped values", REPLY_STAMPS_MAX);
    if (!code && s->count) {
        qsort(s->found, s->count, sizeof s->found[0], by_place);
        r->stamp_count = drop_doubles(s->found, s->count);
        r->stamps = malloc(r->stamp_count * sizeof s->found[0]);
        if (r->stamps)
            memcpy(r->stamps, s->found, r->stamp_count * sizeof s->found[0]);
        else
            code = err_set(e, ERR_MEMORY, r->name, "no memory for stamps");
    }
    r->stamp_count = r->stamps ? r->stamp_count : 0;
    free(s);
    return code;
}
