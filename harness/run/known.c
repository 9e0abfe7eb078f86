/* The baseline of known findings: read, compared with results, told, written. */
#include "known.h"

#include "base/file.h"
#include "base/grow.h"
#include "base/json/json_doc.h"
#include "base/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CAUSE_MAX = 64,
    SCENARIO_MAX = 2 * REPLY_NAME_MAX,
    PARTS = 4,
    KNOWN_BYTES_MAX = 16 << 20,
    LINE_MAX_BYTES = 768
};

/* What a finding is, in the order by which they are sorted. */
struct entry {
    char client[EXTERNAL_NAME_MAX];
    char scenario[SCENARIO_MAX]; /* "upstream:scenario" */
    char rule[CAUSE_MAX];
    char cause[CAUSE_MAX];
    bool in_file;
    bool judged; /* its scenario had a verdict */
    bool found;
};

struct known {
    const char *path;
    bool update;
    struct entry *list;
    uint32_t count;
    size_t room;
    bool lost; /* there was no room for a finding */
};

/* -- Reading ---------------------------------------------------------------------------------- */

static int read_part(const struct json_doc *p, char *out, size_t out_size, struct err *e)
{
    const char *text = NULL;
    int code = json_doc_text(p, &text, e);
    if (!code && !span_copy(span_of(text), out, out_size))
        code = json_doc_error(p, ERR_LIMIT, e, "\"%s\" is longer than %zu bytes", p->key,
                              out_size - 1);
    return code;
}

static int read_client(const struct json_doc *p, void *entry, struct err *e)
{
    return read_part(p, ((struct entry *)entry)->client, EXTERNAL_NAME_MAX, e);
}

static int read_scenario(const struct json_doc *p, void *entry, struct err *e)
{
    char *scenario = ((struct entry *)entry)->scenario;
    int code = read_part(p, scenario, SCENARIO_MAX, e);
    if (!code && !strchr(scenario, ':'))
        code = json_doc_error(p, ERR_CONTRACT, e, "\"scenario\" must be \"upstream:scenario\"");
    return code;
}

static int read_rule(const struct json_doc *p, void *entry, struct err *e)
{
    return read_part(p, ((struct entry *)entry)->rule, CAUSE_MAX, e);
}

static int read_cause(const struct json_doc *p, void *entry, struct err *e)
{
    return read_part(p, ((struct entry *)entry)->cause, CAUSE_MAX, e);
}

/* NULL when there is no room. */
static struct entry *add(struct known *k)
{
    struct entry *list = grow(k->list, k->count, &k->room, sizeof *list, KNOWN_MAX);
    if (!list)
        return NULL;
    k->list = list;
    list[k->count] = (struct entry){.in_file = false};
    return &list[k->count++];
}

static int read_known(const struct json_doc *list, void *arg, struct err *e)
{
    static const struct json_doc_field fields[] = {{"client", true, read_client},
                                                   {"scenario", true, read_scenario},
                                                   {"rule", true, read_rule},
                                                   {"cause", true, read_cause},
                                                   {0}};
    struct known *k = arg;
    int code = json_doc_kind(list, JSON_ARRAY, e);
    for (struct json_doc p = json_doc_first(list); !code && p.value; json_doc_next(&p)) {
        struct entry *entry = add(k);
        if (!entry && k->count == KNOWN_MAX)
            return json_doc_error(&p, ERR_LIMIT, e, "more than %d known findings", KNOWN_MAX);
        if (!entry)
            return json_doc_error(&p, ERR_MEMORY, e, "no memory for the known findings");
        entry->in_file = true;
        code = json_doc_object(&p, fields, entry, e);
    }
    return code;
}

static int read_file(struct known *k, struct err *e)
{
    static const struct json_doc_field fields[] = {{"known", true, read_known}, {0}};
    struct json *document = NULL;
    struct buf text;
    buf_init(&text, KNOWN_BYTES_MAX);
    int code = file_read(k->path, &text, e);
    if (!code) {
        json_blank_comments(text.p, text.n);
        struct json_doc_file file = {.path = k->path, .text = buf_span(&text)};
        code = json_doc_open(&file, &document, e);
        struct json_doc root = json_doc_root(&file, document, "");
        if (!code)
            code = json_doc_object(&root, fields, k, e);
    }
    json_close(document);
    buf_fini(&text);
    return code;
}

int known_open(const char *path, bool update, struct known **out, struct err *e)
{
    struct known *k = calloc(1, sizeof *k);
    *out = NULL;
    if (!k)
        return err_set(e, ERR_MEMORY, path, "no memory for the known findings");
    k->path = path;
    k->update = update;
    int code = update && !file_exists(path) ? 0 : read_file(k, e);
    if (code)
        known_close(k);
    else
        *out = k;
    return code;
}

void known_close(struct known *k)
{
    if (!k)
        return;
    free(k->list);
    free(k);
}

/* -- Judging ---------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->client, y->client);
    if (order == 0)
        order = strcmp(x->scenario, y->scenario);
    if (order == 0)
        order = strcmp(x->rule, y->rule);
    return order != 0 ? order : strcmp(x->cause, y->cause);
}

/* Client and scenario of a result. */
static struct entry entry_of(const struct run_result *r)
{
    struct entry entry = {.judged = true, .found = true};
    snprintf(entry.client, sizeof entry.client, "%s", external_name(r->job.client));
    snprintf(entry.scenario, sizeof entry.scenario, "%s:%s", r->job.upstream->name,
             r->job.scenario->name);
    return entry;
}

/* Marks what is known as found, adds what is not. True when it is in the file, or will be. */
static bool look_up(struct known *k, const struct entry *wanted)
{
    bool is_known = false, is_there = false;
    for (uint32_t i = 0; i < k->count; i++) {
        if (compare(&k->list[i], wanted) != 0)
            continue;
        k->list[i].found = true;
        is_there = true;
        is_known |= k->list[i].in_file;
    }
    struct entry *entry = is_there ? NULL : add(k);
    if (entry)
        *entry = *wanted;
    k->lost |= !is_there && !entry;
    return is_known || (k->update && (is_there || entry));
}

static bool look_up_half(struct known *k, const struct run_half *half, struct entry *entry)
{
    bool all = true;
    if (!half->ran || half->verdict.kind != VERDICT_FAIL)
        return true;
    bool only_remarks = half->verdict.findings[0].level
        != RULE_REQUIRED; /* they fail too, as was asked for */
    for (uint32_t i = 0; i < half->verdict.finding_count; i++) {
        const struct finding *f = &half->verdict.findings[i];
        if (f->under >= 0 || (f->level != RULE_REQUIRED && !only_remarks))
            continue; /* what follows from another finding comes and goes with it */
        snprintf(entry->rule, sizeof entry->rule, "%s", f->rule->name);
        snprintf(entry->cause, sizeof entry->cause, "%s", f->cause->id);
        all &= look_up(k, entry);
    }
    return all;
}

bool known_judge(struct known *k, const struct run_result *r)
{
    enum verdict_kind kind = run_verdict(r);
    if (run_skipped(r) || kind == VERDICT_INCONCLUSIVE)
        return false;
    struct entry entry = entry_of(r);
    for (uint32_t i = 0; i < k->count; i++)
        if (strcmp(k->list[i].client, entry.client) == 0
            && strcmp(k->list[i].scenario, entry.scenario) == 0)
            k->list[i].judged = true;
    bool all = look_up_half(k, &r->direct, &entry);
    all &= look_up_half(k, &r->wire, &entry);
    return kind == VERDICT_FAIL && all && r->parity != PARITY_BROKEN;
}

/* -- Telling and writing ---------------------------------------------------------------------- */

static bool is_repaired(const struct entry *entry)
{
    return entry->in_file && entry->judged && !entry->found;
}

uint32_t known_end(const struct known *k, known_tell *tell, void *arg)
{
    uint32_t repaired = 0;
    for (uint32_t i = 0; !k->update && i < k->count; i++) {
        const struct entry *entry = &k->list[i];
        char line[LINE_MAX_BYTES];
        if (entry->in_file && !is_repaired(entry))
            continue;
        snprintf(line, sizeof line, "%s: %s %s %s (%s)%s", entry->in_file ? "repaired" : "new",
                 entry->client, entry->scenario, entry->rule, entry->cause,
                 entry->in_file ? ": take it out, or have --update-known do it" : "");
        tell(line, arg);
        repaired += entry->in_file;
    }
    return repaired;
}

static void write_entry(struct json_writer *w, const struct entry *entry)
{
    json_write_open(w, '{');
    json_member_text(w, "client", entry->client);
    json_member_text(w, "scenario", entry->scenario);
    json_member_text(w, "rule", entry->rule);
    json_member_text(w, "cause", entry->cause);
    json_write_close(w, '}');
}

/* One finding a line, so that a change reads well: {"known": [ ... ]}. */
static void write_entries(const struct entry *list, uint32_t count, struct buf *out)
{
    const struct entry *last = NULL;
    buf_add_text(out, "{\"known\": [");
    for (uint32_t i = 0; i < count; i++) {
        struct json_writer w;
        if (is_repaired(&list[i]) || (last && compare(last, &list[i]) == 0))
            continue;
        buf_add_text(out, last ? ",\n  " : "\n  ");
        json_write_init(&w, out, false);
        write_entry(&w, &list[i]);
        last = &list[i];
    }
    buf_add_text(out, last ? "\n]}\n" : "]}\n");
}

int known_write(const struct known *k, struct err *e)
{
    struct buf text;
    if (k->lost)
        return err_set(e, ERR_LIMIT, k->path, "more than %d known findings", KNOWN_MAX);
    if (k->count > 0)
        qsort(k->list, k->count, sizeof *k->list, compare);
    buf_init(&text, KNOWN_BYTES_MAX);
    write_entries(k->list, k->count, &text);
    int code = buf_err(&text, k->path, e);
    if (!code)
        code = file_write(k->path, buf_span(&text), e);
    buf_fini(&text);
    return code;
}
