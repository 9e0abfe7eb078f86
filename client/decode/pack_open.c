/* Opens a contract for the client: x-task is read here, the request in pack_request.c. */
#include "pack_inner.h"

#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum { INTERVAL_DEFAULT_MS = 5000, INTERVAL_MAX_S = 86400 };

const char *pack_keep(struct task_pack *p, struct span text)
{
    char *kept = p->memory + p->used;
    if (text.n >= p->room - p->used || !span_copy(text, kept, p->room - p->used))
        return NULL;
    p->used += text.n + 1;
    return kept;
}

/* -- Pointers --------------------------------------------------------------------------------- */

/* Copies a segment with ~1 and ~0 decoded. */
static const char *keep_segment(struct task_pack *p, struct span segment)
{
    char *kept = p->memory + p->used;
    size_t n = 0;
    if (segment.n >= p->room - p->used)
        return NULL;
    for (size_t i = 0; i < segment.n; i++) {
        bool escape = segment.p[i] == '~' && i + 1 < segment.n;
        kept[n++] = !escape ? segment.p[i] : segment.p[++i] == '1' ? '/' : '~';
    }
    kept[n] = '\0';
    p->used += n + 1;
    return kept;
}

int pack_read_pointer(struct task_pack *p, const struct json_doc *at, struct pack_pointer *out,
                      struct err *e)
{
    int code = json_doc_pointer(at, &out->text, e);
    if (code)
        return code;
    struct span rest = span_of(out->text);
    out->star = UINT32_MAX;
    while (rest.n > 0) {
        size_t n = span_find(span_cut(rest, 1, rest.n), '/');
        struct span segment = span_cut(rest, 1, n);
        if (out->count == PACK_SEGMENTS_MAX)
            return json_doc_error(at, ERR_LIMIT, e, "a pointer of more than %d segments",
                                  PACK_SEGMENTS_MAX);
        if (span_is(segment, "*"))
            out->star = out->count;
        out->keys[out->count] = keep_segment(p, segment);
        if (!out->keys[out->count++])
            return json_doc_error(at, ERR_LIMIT, e, "the pointers are longer than their file");
        rest = span_cut(rest, n + 1, rest.n);
    }
    if (out->star == UINT32_MAX)
        out->star = out->count;
    return 0;
}

/* The pointer at a key of an object; nothing when it is not there. */
static int read_pointer_of(struct task_pack *p, const struct json_doc *object, const char *key,
                           struct pack_pointer *out, struct err *e)
{
    struct json_doc at = json_doc_get(object, key);
    return at.value ? pack_read_pointer(p, &at, out, e) : 0;
}

static int add_pointer(struct task_pack *p, const struct json_doc *at, struct pack_pointers *out,
                       struct err *e)
{
    if (out->count == PACK_POINTERS_MAX)
        return json_doc_error(at, ERR_LIMIT, e, "more than %d pointers", PACK_POINTERS_MAX);
    return pack_read_pointer(p, at, &out->list[out->count++], e);
}

/* An object in `url` names an operation: the mock's loader lets nothing pass but {"role": "content"}. */
static int read_place(struct task_pack *p, const struct json_doc *at, struct pack_pointers *out,
                      struct err *e)
{
    if (out != &p->url || json_kind(at->value) != JSON_OBJECT)
        return add_pointer(p, at, out, e);
    p->url_is_content = true;
    return 0;
}

/* A pointer or a list of them. */
static int read_pointers(struct task_pack *p, const struct json_doc *task, const char *key,
                         struct pack_pointers *out, struct err *e)
{
    struct json_doc at = json_doc_get(task, key);
    if (json_kind(at.value) != JSON_ARRAY)
        return at.value ? read_place(p, &at, out, e) : 0;
    int code = 0;
    for (struct json_doc one = json_doc_first(&at); !code && one.value; json_doc_next(&one))
        code = read_place(p, &one, out, e);
    return code;
}

/* -- Entries ---------------------------------------------------------------------------------- */

static int read_status(struct task_pack *p, const struct json_doc *entry, struct err *e)
{
    if (p->status_count == PACK_POINTERS_MAX)
        return json_doc_error(entry, ERR_LIMIT, e, "more than %d entries", PACK_POINTERS_MAX);
    struct pack_status *out = &p->status[p->status_count++];
    struct json_doc at = json_doc_get(entry, "pointer"), when = json_doc_get(entry, "when");
    int code = pack_read_pointer(p, &at, &out->at, e);
    if (!code)
        code = read_pointer_of(p, &when, "pointer", &out->when, e);
    out->when_values = json_get(when.value, "values");
    out->states = json_get(entry->value, "states");
    return code;
}

static int read_error(struct task_pack *p, const struct json_doc *entry, struct err *e)
{
    if (p->error_count == PACK_POINTERS_MAX)
        return json_doc_error(entry, ERR_LIMIT, e, "more than %d entries", PACK_POINTERS_MAX);
    struct pack_error *out = &p->errors[p->error_count++];
    int code = read_pointer_of(p, entry, "code", &out->code, e);
    out->unless = json_get(entry->value, "unless");
    return code ? code : read_pointer_of(p, entry, "reason", &out->reason, e);
}

typedef int read_entry(struct task_pack *p, const struct json_doc *entry, struct err *e);

/* An entry or a list of entries. */
static int read_entries(struct task_pack *p, const struct json_doc *at, read_entry *read,
                        struct err *e)
{
    if (json_kind(at->value) != JSON_ARRAY)
        return at->value ? read(p, at, e) : 0;
    int code = 0;
    for (struct json_doc one = json_doc_first(at); !code && one.value; json_doc_next(&one))
        code = read(p, &one, e);
    return code;
}

static void read_goals(struct task_pack *p, const struct json_doc *task)
{
    uint32_t count = 0;
    p->goals = json_get(task->value, "goals");
    for (const struct json *g = json_first(p->goals); g && json_key(g) && count < PACK_POINTERS_MAX;
         g = json_next(g))
        p->goal_names[count++] = json_key(g);
}

/* -- x-task ----------------------------------------------------------------------------------- */

static void read_interval(struct task_pack *p, const struct json_doc *task)
{
    double seconds = 0;
    const struct json *polite = json_get(task->value, "polite");
    bool told = json_double(json_get(polite, "interval_s"), &seconds);
    bool good = told && seconds >= 0.001 && seconds <= INTERVAL_MAX_S;
    p->dialect.interval_ms = good ? (int64_t)(seconds * 1000 + 0.5) : INTERVAL_DEFAULT_MS;
}

/* Where most services put an error, for contracts that do not say. */
static int read_usual_error(struct task_pack *p)
{
    static const char *const keys[] = {"error", "code", "message"};
    struct pack_error *out = &p->errors[p->error_count++];
    out->code = (struct pack_pointer){"/error/code", {keys[0], keys[1]}, 2, 2};
    out->reason = (struct pack_pointer){"/error/message", {keys[0], keys[2]}, 2, 2};
    return 0;
}

int pack_read_task(struct task_pack *p, const struct json_doc *root, struct err *e)
{
    struct json_doc task = json_doc_get(root, "x-task"), times = json_doc_get(&task, "times");
    const struct {
        const struct json_doc *in;
        const char *key;
        struct pack_pointers *out;
    } lists[] = {{&task, "url", &p->url},          {&task, "reason", &p->reason},
                 {&task, "code", &p->code},        {&task, "progress", &p->progress},
                 {&task, "reply_id", &p->id},      {&times, "created", &p->created},
                 {&times, "started", &p->started}, {&times, "finished", &p->finished}};
    struct json_doc status = json_doc_get(&task, "status"), error = json_doc_get(&task, "error");
    int code = json_doc_kind(&task, JSON_OBJECT, e);
    if (!code && !status.value)
        code = json_doc_error(&status, ERR_CONTRACT, e, "\"status\" is missing");
    if (!code)
        code = read_entries(p, &status, read_status, e);
    if (!code)
        code = error.value ? read_entries(p, &error, read_error, e) : read_usual_error(p);
    for (size_t i = 0; !code && i < sizeof lists / sizeof lists[0]; i++)
        code = read_pointers(p, lists[i].in, lists[i].key, lists[i].out, e);
    p->permanent = json_get(task.value, "permanent");
    p->transient = json_get(task.value, "transient");
    read_goals(p, &task);
    read_interval(p, &task);
    return code;
}

/* -- The whole -------------------------------------------------------------------------------- */

static int read_all(struct task_pack *p, const struct json_doc_file *file, struct err *e)
{
    int code = json_doc_open(file, &p->document, e);
    if (code)
        return code;
    struct json_doc root = json_doc_root(file, p->document, "");
    code = json_doc_kind(&root, JSON_OBJECT, e);
    if (!code)
        code = pack_read_task(p, &root, e);
    return code ? code : pack_read_request(p, &root, e);
}

int pack_open(const char *name, struct span text, const char *where, struct task_pack **out,
              struct err *e)
{
    static const struct refusal_code no_codes[] = {{NULL, TASK_ERROR_NONE}};
    static const struct goal_rule no_rules[] = {{.goal = NULL}};
    const struct json_doc_file file = {.path = where, .text = text};
    struct task_pack *p = calloc(1, sizeof *p);
    *out = NULL;
    if (p)
        p->memory = malloc(text.n + PACK_NAME_MAX);
    if (!p || !p->memory) {
        free(p);
        return err_set(e, ERR_MEMORY, where, "no memory for a contract");
    }
    p->room = text.n + PACK_NAME_MAX;
    int code = span_copy(span_of(name), p->name, sizeof p->name)
        ? read_all(p, &file, e)
        : err_set(e, ERR_LIMIT, where, "a name of more than %d bytes", PACK_NAME_MAX - 1);
    if (code) {
        task_pack_close(p);
        return code;
    }
    p->dialect.name = p->name;
    p->dialect.kind = REQUEST_PACK;
    p->dialect.codes = no_codes;
    p->dialect.rules = no_rules;
    p->dialect.goals = p->goal_names;
    p->dialect.pack = p;
    *out = p;
    return 0;
}

/* "packs/ark/" to "ark". */
static struct span last_part(const char *folder)
{
    struct span s = span_of(folder);
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    for (size_t at = span_find(s, '/'); at < s.n; at = span_find(s, '/'))
        s = span_cut(s, at + 1, s.n);
    return s;
}

int pack_open_folder(const char *folder, struct task_pack **out, struct err *e)
{
    char path[FILE_PATH_MAX], name[PACK_NAME_MAX];
    struct buf text;
    *out = NULL;
    if (!file_join(path, sizeof path, folder, "openapi.json")
        || !span_copy(last_part(folder), name, sizeof name))
        return err_set(e, ERR_LIMIT, folder, "the path is too long");
    buf_init(&text, JSON_TEXT_MAX);
    int code = file_read(path, &text, e);
    if (!code)
        code = pack_open(name, buf_span(&text), path, out, e);
    buf_fini(&text);
    return code;
}

void task_pack_close(struct task_pack *p)
{
    if (!p)
        return;
    json_close(p->document);
    free(p->memory);
    free(p);
}

const struct dialect *pack_dialect(const struct task_pack *p)
{
    return &p->dialect;
}

const struct pack_request *pack_request(const struct task_pack *p)
{
    return &p->request;
}

bool pack_has_content(const struct task_pack *p)
{
    return p->url_is_content && p->request.content_path;
}

const char *const *task_pack_goals(const struct task_pack *p)
{
    return p->goal_names;
}
