/* Requests and replies of one task, brought together by the id. */
#include "record_task.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ID_BYTES_MIN = 3,
    STRONG_BYTES_MIN = 4,
    STRONG_WITHOUT_DIGIT = 16,
    IDS_BYTES_MAX = 16 << 10
};

/* What requests of one method and path made before anybody asked for what they made. */
struct create {
    const void *owner;           /* the contract, or NULL */
    uint64_t key;                /* of method and path */
    bool accepted;               /* one was answered with 2xx */
    bool claimed;                /* a request has named one of its ids */
    char path[FILE_PATH_MAX];    /* until then */
    char task[MOCK_TASK_ID_MAX]; /* that id */
    struct buf ids;              /* each ends with a NUL */
    uint32_t id_count;
};

struct record_tasks {
    struct create list[RECORD_CREATES_MAX]; /* a ring: the oldest is forgotten */
    uint32_t count;                         /* made so far */
};

int record_tasks_open(struct record_tasks **out, struct err *e)
{
    *out = calloc(1, sizeof **out);
    return *out ? 0 : err_set(e, ERR_MEMORY, NULL, "no memory for tasks");
}

void record_tasks_close(struct record_tasks *t)
{
    for (uint32_t i = 0; t && i < RECORD_CREATES_MAX; i++)
        if (t->list[i].ids.room > 0)
            buf_fini(&t->list[i].ids);
    free(t);
}

/* -- Words of requests and replies that may be ids ---------------------------------------------- */

/* Called for each word until it returns false. */
typedef bool word_visit(struct span word, void *arg);

/* The segments of a path, decoded. */
static bool visit_path(struct span path, word_visit *visit, void *arg)
{
    char plain[MOCK_TASK_ID_MAX];
    path = span_cut(path, 0, span_find(path, '?'));
    while (path.n > 0) {
        size_t end = span_find(path, '/');
        struct span segment = span_cut(path, 0, end);
        path = span_cut(path, end + 1, path.n);
        if (segment.n > 0 && text_percent_decode(segment, plain, sizeof plain)
            && !visit(span_of(plain), arg))
            return false;
    }
    return true;
}

static bool is_url(struct span text)
{
    return span_starts(text, "http://") || span_starts(text, "https://") || span_starts(text, "/");
}

static bool visit_json(const struct json *v, word_visit *visit, void *arg)
{
    char number[64];
    const char *text = json_string(v);
    if (!text && json_kind(v) == JSON_NUMBER && json_number_text(v, number, sizeof number))
        text = number;
    if (text
        && (!visit(span_of(text), arg)
            || (is_url(span_of(text)) && !visit_path(span_of(text), visit, arg))))
        return false;
    for (const struct json *child = json_first(v); child; child = json_next(child))
        if (!visit_json(child, visit, arg))
            return false;
    return true;
}

static bool visit_request(const struct message *m, struct span target, word_visit *visit, void *arg)
{
    if (!visit_path(target, visit, arg))
        return false;
    for (uint32_t i = 0; i < m->target.param_count; i++)
        if (!visit(span_of(m->target.params[i].value), arg))
            return false;
    return visit_json(m->json, visit, arg);
}

static void visit_reply(const struct fetched *reply, word_visit *visit, void *arg)
{
    static const char *const places[] = {"Location", "Operation-Location", "Azure-AsyncOperation"};
    struct json *body = NULL;
    struct span value;
    if (json_open(buf_span(&reply->body), &body, NULL) == 0)
        (void)visit_json(body, visit, arg);
    json_close(body);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (header_find(reply->headers, reply->header_count, places[i], &value) > 0)
            (void)visit_path(value, visit, arg);
}

/* Says an id by itself: what a contract does not name as one must look like one. */
static bool is_strong(struct span word)
{
    bool digit = false;
    for (size_t i = 0; i < word.n; i++) {
        if ((unsigned char)word.p[i] <= ' ')
            return false;
        digit |= word.p[i] >= '0' && word.p[i] <= '9';
    }
    return word.n >= (digit ? STRONG_BYTES_MIN : STRONG_WITHOUT_DIGIT);
}

/* -- Creates ----------------------------------------------------------------------------------- */

static bool has_id(const struct create *c, struct span word)
{
    for (size_t at = 0; at < c->ids.n; at += strlen(c->ids.p + at) + 1)
        if (span_is(word, c->ids.p + at))
            return true;
    return false;
}

/* The newest first. */
static struct create *find_by_id(struct record_tasks *t, const void *owner, struct span id)
{
    uint32_t kept = t->count < RECORD_CREATES_MAX ? t->count : RECORD_CREATES_MAX;
    for (uint32_t i = 1; i <= kept; i++) {
        struct create *c = &t->list[(t->count - i) % RECORD_CREATES_MAX];
        if (c->owner == owner && has_id(c, id))
            return c;
    }
    return NULL;
}

static struct create *find_open(struct record_tasks *t, const void *owner, uint64_t key)
{
    uint32_t kept = t->count < RECORD_CREATES_MAX ? t->count : RECORD_CREATES_MAX;
    for (uint32_t i = 1; i <= kept; i++) {
        struct create *c = &t->list[(t->count - i) % RECORD_CREATES_MAX];
        if (c->owner == owner && c->key == key && !c->claimed)
            return c;
    }
    return NULL;
}

/* What a search through words looks for. */
struct search {
    struct record_tasks *tasks;
    const void *owner;
    const struct message *request;
    struct span target, word;
    struct create *create; /* found, or to be filled */
    bool found;
    char id[MOCK_TASK_ID_MAX];
};

static bool same_word(struct span word, void *arg)
{
    struct search *s = arg;
    s->found |= span_same(word, s->word);
    return !s->found;
}

static bool was_asked(struct search *s, struct span word)
{
    s->word = word;
    s->found = false;
    (void)visit_request(s->request, s->target, same_word, s);
    return s->found;
}

static bool keep_id(struct span word, void *arg)
{
    struct search *s = arg;
    struct create *c = s->create;
    bool fits = word.n >= ID_BYTES_MIN && word.n < MOCK_TASK_ID_MAX
        && span_find(word, ' ') == word.n;
    if (fits && c->id_count < RECORD_IDS_MAX && !has_id(c, word) && !was_asked(s, word)) {
        size_t before = c->ids.n;
        buf_add_span(&c->ids, word);
        buf_add_char(&c->ids, '\0');
        c->id_count += c->ids.broken == ERR_OK;
        if (c->ids.broken != ERR_OK)
            c->ids.n = before;
    }
    return true;
}

static bool echo_of_request(struct span word, void *arg)
{
    struct search *s = arg;
    bool echo = is_strong(word) && was_asked(s, word);
    s->create = echo ? (struct create *)s->tasks->list : s->create; /* any: not NULL */
    return !echo;
}

static bool id_of_some(struct span word, void *arg)
{
    struct search *s = arg;
    s->create = is_strong(word) ? find_by_id(s->tasks, s->owner, word) : NULL;
    return !(s->create && span_copy(word, s->id, sizeof s->id));
}

static struct create *add_create(struct record_tasks *t, const void *owner, uint64_t key)
{
    struct create *c = &t->list[t->count++ % RECORD_CREATES_MAX];
    if (c->ids.room > 0)
        buf_fini(&c->ids);
    *c = (struct create){.owner = owner, .key = key};
    buf_init(&c->ids, IDS_BYTES_MAX);
    return c;
}

/* -- Places ------------------------------------------------------------------------------------ */

static void place_by_path(struct span target, struct record_place *out)
{
    struct span path = span_cut(target, 0, span_find(target, '?'));
    path = span_cut(path, 1, path.n);
    if (!span_copy(path, out->task, sizeof out->task))
        span_copy(span_cut(path, 0, sizeof out->task - 1), out->task, sizeof out->task);
}

static void claim(struct create *c, const char *id, struct record_place *out)
{
    memcpy(out->was, c->path, sizeof out->was);
    c->claimed = true;
    snprintf(c->task, sizeof c->task, "%s", id);
}

static void place_create(struct search *s, bool is_create, const struct fetched *reply,
                         struct record_place *out)
{
    struct span path = span_cut(s->target, 0, span_find(s->target, '?'));
    uint64_t key = hash64_add(HASH64_START, s->request->method.p, s->request->method.n);
    key = hash64_add(key, path.p, path.n);
    bool accepted = reply->status >= 200 && reply->status <= 299;
    struct create *open = find_open(s->tasks, s->owner, key);
    s->create = NULL;
    if (accepted && !is_create && open)
        visit_reply(reply, echo_of_request, s);
    bool joins = open && (!accepted || !open->accepted || (!is_create && s->create));
    struct create *c = joins ? open : add_create(s->tasks, s->owner, key);
    out->is_create = !joins;
    out->create = (uint32_t)(c - s->tasks->list);
    place_by_path(s->target, out);
    if (joins)
        memcpy(out->path, c->path, sizeof out->path);
    c->accepted |= accepted;
    s->create = c;
    if (accepted)
        visit_reply(reply, keep_id, s);
}

static bool makes(const struct message *m)
{
    return span_is(m->method, "POST") || span_is(m->method, "PUT");
}

void record_tasks_place(struct record_tasks *t, const struct router *router,
                        const struct upstream *contract, const struct message *request,
                        struct span target, const struct fetched *reply, struct record_place *out)
{
    struct route route = {0};
    struct search s = {.tasks = t, .owner = contract, .request = request, .target = target};
    struct span path = span_cut(target, 0, span_find(target, '?'));
    memset(out, 0, sizeof *out);
    bool good = request->fault.code == ERR_OK;
    enum route_outcome outcome = ROUTE_NONE;
    if (router && contract && good)
        outcome = route_find_in(router, contract, path, request, &route);
    bool known = outcome == ROUTE_FOUND;
    /* one that makes a task names none */
    bool has_role = (known || outcome == ROUTE_BAD_ID) && route.match;
    enum contract_role role = has_role ? route.match->role : ROLE_NONE;
    if (known && role != ROLE_CREATE && route.id[0]) {
        struct create *c = find_by_id(t, contract, span_of(route.id));
        memcpy(out->task, route.id, sizeof out->task);
        if (c && !c->claimed)
            claim(c, route.id, out);
        out->ended = role != ROLE_POLL
            || (reply->status == 200
                && reply_state_is_end(
                    contract_state(&contract->contract, NULL, buf_span(&reply->body))));
        return;
    }
    if (good && role != ROLE_CREATE && !visit_request(request, target, id_of_some, &s)) {
        if (!s.create->claimed)
            claim(s.create, s.id, out);
        memcpy(out->task, s.create->task, sizeof out->task);
        return;
    }
    if (role == ROLE_CREATE || (good && makes(request)))
        place_create(&s, role == ROLE_CREATE, reply, out);
    else
        place_by_path(target, out);
}

void record_tasks_written(struct record_tasks *t, const struct record_place *place,
                          const char *path)
{
    snprintf(t->list[place->create].path, sizeof t->list[place->create].path, "%s", path);
}
