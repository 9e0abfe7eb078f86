/* Fixtures: loads one upstream's folder and checks that it is complete. */
#include "fixtures_load.h"

#include "base/file.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPLY_FILE_MAX = REPLY_BODY_MAX + REPLY_HEAD_MAX };

void fixtures_say(struct fixtures_errors *errors, const struct err *e)
{
    if (errors->report)
        errors->report(e, errors->arg);
    if (errors->first.code == ERR_OK)
        errors->first = *e;
}

__attribute__((format(printf, 4, 5))) static void say(struct fixtures_errors *errors,
                                                      enum err_code code, const char *where,
                                                      const char *format, ...)
{
    struct err e = {0};
    char what[ERR_WHAT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    err_set(&e, code, where, "%s", what);
    fixtures_say(errors, &e);
}

/* -- Walking a folder ------------------------------------------------------------------------- */

/* An upstream under way. */
struct loading {
    struct upstream *u;
    struct fixtures_errors *errors;
    const char *dir; /* being walked */
    bool contract_good;
    bool success_seen; /* its file, good or not */
};

static int out_of_memory(const char *where, struct err *e)
{
    return err_set(e, ERR_MEMORY, where, "no memory for the fixtures");
}

/* Room for one more in a list that doubles. NULL, and *list is as it was, when there is none. */
static void *grown(void *list, uint32_t count, size_t size)
{
    if (count & (count - 1) || (count && count < 8))
        return list;
    return realloc(list, (count ? 2 * (size_t)count : 8) * size);
}

static bool ends_with(const char *file, const char *suffix)
{
    size_t n = strlen(file), m = strlen(suffix);
    return n >= m && strcmp(file + n - m, suffix) == 0;
}

/* "queued.http" and ".http" to "queued". */
static bool stem(const char *file, const char *suffix, char *out, size_t out_size)
{
    if (!ends_with(file, suffix))
        return false;
    struct span name = {file, strlen(file) - strlen(suffix)};
    return text_is_name(name) && span_copy(name, out, out_size);
}

/* -- Replies ---------------------------------------------------------------------------------- */

static int read_reply(const char *path, const char *name, struct reply *out, struct err *e)
{
    struct buf bytes;
    buf_init(&bytes, REPLY_FILE_MAX);
    int code = file_read(path, &bytes, e);
    if (!code)
        code = reply_parse(buf_span(&bytes), name, path, out, e);
    buf_fini(&bytes);
    return code;
}

/* A reply that does not parse keeps its name, so that scenarios do not complain of it again. */
static int load_reply(struct loading *l, const char *path, const char *name, struct err *e)
{
    struct upstream *u = l->u;
    struct reply reply = {0};
    if (u->reply_count == FIXTURES_REPLIES_MAX)
        return err_set(e, ERR_LIMIT, path, "more than %d replies", FIXTURES_REPLIES_MAX);
    void *room = grown(u->replies, u->reply_count, sizeof reply);
    if (!room)
        return out_of_memory(path, e);
    u->replies = room;
    int code = read_reply(path, name, &reply, e);
    if (!code && l->contract_good) {
        struct err cause = {0};
        code = contract_stamp(&u->contract, &reply, &cause);
        if (!code)
            code = contract_read_refusal(&u->contract, &reply, &cause);
        if (code)
            err_set(e, cause.code, path, "%s", cause.what);
    }
    span_copy(span_of(name), reply.name, sizeof reply.name);
    u->replies[u->reply_count++] = reply;
    return code;
}

/* Two visits, since a want.json sorts before or after its reply: replies first. */
static int visit_reply(const char *file, bool is_dir, void *arg, struct err *e)
{
    struct loading *l = arg;
    struct err own = {0};
    char path[FILE_PATH_MAX], name[REPLY_NAME_MAX];
    (void)e;
    if (is_dir || !ends_with(file, ".http"))
        return 0;
    int code = 0;
    if (!file_join(path, sizeof path, l->dir, file))
        code = err_set(&own, ERR_LIMIT, l->dir, "the path of %s is too long", file);
    else if (!stem(file, ".http", name, sizeof name))
        code = err_set(&own, ERR_CONTRACT, path,
                       "not a reply's name: letters, digits, . _ - and no dot first, at most 100");
    else
        code = load_reply(l, path, name, &own);
    if (code)
        fixtures_say(l->errors, &own);
    return 0;
}

static int visit_other(const char *file, bool is_dir, void *arg, struct err *e)
{
    struct loading *l = arg;
    char path[FILE_PATH_MAX], name[REPLY_NAME_MAX];
    (void)e;
    if ((!is_dir && ends_with(file, ".http")) || !file_join(path, sizeof path, l->dir, file))
        return 0;
    if (is_dir || !stem(file, ".want.json", name, sizeof name))
        say(l->errors, ERR_CONTRACT, path, "neither NAME.http nor NAME.want.json");
    else if (!upstream_reply(l->u, name))
        say(l->errors, ERR_CONTRACT, path, "no %s.http stands beside it", name);
    return 0;
}

static int by_reply_name(const void *a, const void *b)
{
    return strcmp(((const struct reply *)a)->name, ((const struct reply *)b)->name);
}

static void load_replies(struct loading *l, const char *dir)
{
    struct err e = {0};
    l->dir = dir;
    if (file_list(dir, visit_reply, l, &e)) {
        fixtures_say(l->errors, &e);
        return;
    }
    if (l->u->reply_count)
        qsort(l->u->replies, l->u->reply_count, sizeof *l->u->replies, by_reply_name);
    if (file_list(dir, visit_other, l, &e))
        fixtures_say(l->errors, &e);
}

/* -- Scenarios -------------------------------------------------------------------------------- */

int upstream_read_scenario(const struct upstream *u, const char *path, const char *name,
                           struct scenario *out, struct err *e)
{
    struct buf text;
    buf_init(&text, JSON_TEXT_MAX);
    int code = file_read(path, &text, e);
    if (!code) {
        json_blank_comments(text.p, text.n);
        code = scenario_parse(buf_span(&text), path, name, u, out, e);
    }
    buf_fini(&text);
    return code;
}

static int find_clash(const struct upstream *u, const struct scenario *s, struct err *e)
{
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        const struct scenario *other = &u->scenarios[i];
        if (strcmp(other->name, s->name) == 0)
            return err_set(e, ERR_CONTRACT, s->path, "%s has a scenario \"%s\" already: %s",
                           u->name, s->name, other->path);
        if (other->tasks && s->tasks && strcmp(other->tasks, s->tasks) == 0)
            return err_set(e, ERR_CONTRACT, s->path, "\"tasks\" is \"%s\", which %s claims too",
                           s->tasks, other->path);
    }
    return 0;
}

int upstream_add_scenario(struct upstream *u, const struct scenario *s, struct err *e)
{
    int code = find_clash(u, s, e);
    if (code)
        return code;
    if (u->scenario_count == FIXTURES_SCENARIOS_MAX)
        return err_set(e, ERR_LIMIT, s->path, "more than %d scenarios", FIXTURES_SCENARIOS_MAX);
    struct scenario *room = grown(u->scenarios, u->scenario_count, sizeof *room);
    if (!room)
        return out_of_memory(s->path, e);
    u->scenarios = room;
    uint32_t at = u->scenario_count++;
    for (; at && strcmp(room[at - 1].name, s->name) > 0; at--)
        room[at] = room[at - 1];
    room[at] = *s;
    return 0;
}

static int load_scenario(struct loading *l, const char *path, const char *name, struct err *e)
{
    struct scenario s;
    int code = upstream_read_scenario(l->u, path, name, &s, e);
    if (code)
        return code;
    code = upstream_add_scenario(l->u, &s, e);
    if (code)
        scenario_fini(&s);
    return code;
}

static int visit_scenario(const char *file, bool is_dir, void *arg, struct err *e)
{
    struct loading *l = arg;
    struct err own = {0};
    char path[FILE_PATH_MAX], name[REPLY_NAME_MAX];
    (void)e;
    int code = 0;
    l->success_seen = l->success_seen || strcmp(file, "success.json") == 0;
    if (!file_join(path, sizeof path, l->dir, file))
        code = err_set(&own, ERR_LIMIT, l->dir, "the path of %s is too long", file);
    else if (is_dir || !stem(file, ".json", name, sizeof name))
        code = err_set(&own, ERR_CONTRACT, path, "not a scenario's file: NAME.json");
    else if (l->contract_good)
        code = load_scenario(l, path, name, &own);
    if (code)
        fixtures_say(l->errors, &own);
    return 0;
}

static void load_scenarios(struct loading *l, const char *dir)
{
    struct err e = {0};
    l->dir = dir;
    if (file_list(dir, visit_scenario, l, &e))
        fixtures_say(l->errors, &e);
    else if (!l->success_seen)
        say(l->errors, ERR_CONTRACT, dir,
            "no success.json: the scenario of tasks that no other claims");
}

/* -- The upstream ----------------------------------------------------------------------------- */

static void load_contract(struct loading *l, const char *path)
{
    struct err e = {0};
    struct buf text;
    buf_init(&text, JSON_TEXT_MAX);
    int code = file_read(path, &text, &e);
    if (!code)
        code = contract_parse(buf_span(&text), path, &l->u->contract, &e);
    buf_fini(&text);
    l->contract_good = code == 0;
    if (code)
        fixtures_say(l->errors, &e);
}

static bool has_auth(const struct contract *c, enum contract_auth auth)
{
    for (uint32_t i = 0; i < c->route_count; i++)
        if (c->routes[i].auth == auth)
            return true;
    return false;
}

/* The errors that the mock raises by itself, and the auth that makes it raise them. */
static const struct {
    const char *reply;
    enum contract_auth auth; /* AUTH_NONE: every upstream */
} demanded[] = {
    {"error.not_found", AUTH_NONE},           {"error.no_route", AUTH_NONE},
    {"error.bad_request", AUTH_NONE},         {"error.unauthorized", AUTH_BEARER},
    {"error.app_id_format", AUTH_ZEGO},       {"error.timestamp_missing", AUTH_ZEGO},
    {"error.timestamp_format", AUTH_ZEGO},    {"error.action_missing", AUTH_ZEGO},
    {"error.action_unknown", AUTH_ZEGO},      {"error.nonce_missing", AUTH_ZEGO},
    {"error.signature_missing", AUTH_ZEGO},   {"error.version_missing", AUTH_ZEGO},
    {"error.version_unsupported", AUTH_ZEGO}, {"error.signature_expired", AUTH_ZEGO},
    {"error.signature_wrong", AUTH_ZEGO},     {"error.body_unreadable", AUTH_ZEGO},
};

static void check_demanded(struct loading *l, const char *dir)
{
    for (size_t i = 0; i < sizeof demanded / sizeof demanded[0]; i++) {
        bool needed = demanded[i].auth == AUTH_NONE || has_auth(&l->u->contract, demanded[i].auth);
        if (needed && !upstream_reply(l->u, demanded[i].reply))
            say(l->errors, ERR_CONTRACT, dir, "no %s.http: the mock answers with it",
                demanded[i].reply);
    }
}

void upstream_load(struct upstream *u, const char *dir, struct fixtures_errors *errors)
{
    struct loading l = {.u = u, .errors = errors};
    char contract[FILE_PATH_MAX], replies[FILE_PATH_MAX], scenarios[FILE_PATH_MAX];
    if (!file_join(contract, sizeof contract, dir, "openapi.json")
        || !file_join(replies, sizeof replies, dir, "replies")
        || !file_join(scenarios, sizeof scenarios, dir, "scenarios")) {
        say(errors, ERR_LIMIT, dir, "the path is too long");
        return;
    }
    load_contract(&l, contract);
    load_replies(&l, replies);
    if (l.contract_good)
        check_demanded(&l, replies);
    load_scenarios(&l, scenarios);
}

void upstream_fini(struct upstream *u)
{
    for (uint32_t i = 0; i < u->scenario_count; i++)
        scenario_fini(&u->scenarios[i]);
    for (uint32_t i = 0; i < u->reply_count; i++)
        reply_fini(&u->replies[i]);
    free(u->scenarios);
    free(u->replies);
    contract_fini(&u->contract);
    memset(u, 0, sizeof *u);
}
