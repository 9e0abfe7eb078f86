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
    enum err_code broken; /* ERR_OK, ERR_LIMIT or ERR_MEMORY */
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
    bool is_zero = is_number && number <= 0 && number >= 0;
    switch (s->source) {
    case STAMP_TASK_ID:
    case STAMP_UUID: return text && text[0];
    case STAMP_REQUEST_BODY: return text ? text[0] != '\0' : is_number && !is_zero;
    default: return is_number && !is_zero;
    }
}

static bool visit_value(const struct json_place *place, void *arg)
{
    struct stamp_search *s = arg;
    struct reply_stamp stamp = s->stamp;
    struct json *value = NULL;
    if (json_open(span_cut(s->body, place->at, place->len), &value, NULL) != 0)
        s->broken = ERR_MEMORY;
    bool good = can_stamp(value, &stamp);
    json_close(value);
    if (!good)
        return s->broken == ERR_OK;
    if (s->count == REPLY_STAMPS_MAX) {
        s->broken = ERR_LIMIT;
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

/* Two pointers may name one value ("/list/0" and a "*"): it is stamped once. count > 0. */
static uint32_t drop_doubles(struct reply_stamp *stamps, uint32_t count)
{
    uint32_t kept = 1;
    for (uint32_t i = 1; i < count; i++)
        if (stamps[kept - 1].at != stamps[i].at)
            stamps[kept++] = stamps[i];
    return kept;
}

/* Copies what was found into the reply. */
static int keep(struct stamp_search *s, struct reply *r, struct err *e)
{
    if (s->broken == ERR_LIMIT)
        return err_set(e, ERR_LIMIT, r->name, "more than %d stamped values", REPLY_STAMPS_MAX);
    if (s->broken)
        return err_set(e, ERR_MEMORY, r->name, "no memory to read the stamped values");
    if (!s->count)
        return 0;
    qsort(s->found, s->count, sizeof s->found[0], by_place);
    uint32_t count = drop_doubles(s->found, s->count);
    struct reply_stamp *stamps = malloc(count * sizeof s->found[0]);
    if (!stamps)
        return err_set(e, ERR_MEMORY, r->name, "no memory for the stamps");
    memcpy(stamps, s->found, count * sizeof s->found[0]);
    r->stamps = stamps;
    r->stamp_count = count;
    return 0;
}

int contract_stamp(const struct contract *c, struct reply *r, struct err *e)
{
    const struct json *rule = json_first(json_get(c->x_task, "stamp"));
    free(r->stamps);
    r->stamps = NULL;
    r->stamp_count = 0;
    if (!rule || json_scan(r->body, NULL, NULL) != 0)
        return 0;
    struct stamp_search *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(e, ERR_MEMORY, r->name, "no memory to find stamps");
    s->body = r->body;
    for (; rule && s->broken == ERR_OK; rule = json_next(rule)) {
        memset(&s->stamp, 0, sizeof s->stamp);
        contract_stamp_source(json_string(rule), &s->stamp.source, &s->stamp.pointer);
        json_find_all(r->body, json_key(rule), visit_value, s);
    }
    int code = keep(s, r, e);
    free(s);
    return code;
}
