/* Joins the reports of a run's shards. Scenarios are copied as they are written, byte by byte. */
#include "shard.h"

#include "base/file.h"
#include "base/json/json.h"

#include <stdlib.h>
#include <string.h>

/* The report of one shard. */
struct part {
    const char *path;
    struct buf text;
    struct json *document;
    struct shard shard;
    struct json_range *scenarios; /* in text */
    uint32_t count, room;
};

struct merge {
    struct part *parts; /* by the index of their shard, once they are checked */
    uint32_t count;
    uint32_t clients, scenarios; /* scenarios: of one client */
};

/* -- Reading ---------------------------------------------------------------------------------- */

static bool keep_range(const struct json_range *range, void *arg)
{
    struct part *p = arg;
    if (p->count < p->room)
        p->scenarios[p->count++] = *range;
    return true;
}

static bool read_uint(const struct json *v, uint32_t *out)
{
    int64_t number;
    if (!json_int64(v, &number) || number < 0 || number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

static int read_part(struct part *p, struct err *e)
{
    int code = file_read(p->path, &p->text, e);
    if (!code)
        code = json_open(buf_span(&p->text), &p->document, e);
    if (code == ERR_SYNTAX)
        return err_set(e, ERR_SYNTAX, p->path, "is no JSON");
    if (code)
        return code;
    const struct json *root = p->document, *list = json_get(root, "scenarios");
    const struct json *shard = json_get(root, "shard");
    const char *program = json_string(json_get(root, "program"));
    if (!program || strcmp(program, "harness") != 0 || json_kind(list) != JSON_ARRAY)
        return err_set(e, ERR_CONTRACT, p->path, "is no report of harness run --report json=FILE");
    if (!read_uint(json_get(shard, "index"), &p->shard.index)
        || !read_uint(json_get(shard, "of"), &p->shard.of) || p->shard.index < 1
        || p->shard.index > p->shard.of)
        return err_set(e, ERR_CONTRACT, p->path, "tells of no shard: run it with --shard I/N");
    p->room = (uint32_t)json_count(list);
    p->scenarios = calloc(p->room + 1, sizeof *p->scenarios);
    if (!p->scenarios)
        return err_set(e, ERR_MEMORY, p->path, "no memory for its scenarios");
    json_find_all(buf_span(&p->text), "/scenarios/*", keep_range, p);
    return 0;
}

/* -- What belongs together --------------------------------------------------------------------- */

static struct span member(const struct part *p, const char *pointer)
{
    struct json_range range;
    if (!json_find(buf_span(&p->text), pointer, &range))
        return span_of("");
    return span_cut(buf_span(&p->text), range.at, range.len);
}

/* Both are of one run, as far as they say. */
static int same_run(const struct part *a, const struct part *b, struct err *e)
{
    static const char *const pointers[] = {"/format", "/version", "/seed", "/clients", "/rules"};
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        if (!span_same(member(a, pointers[i]), member(b, pointers[i])))
            return err_set(e, ERR_CONTRACT, b->path,
                           "is of another run than %.200s: its %s differ%s", a->path,
                           pointers[i] + 1, i < 3 ? "s" : "");
    if (a->shard.of != b->shard.of)
        return err_set(e, ERR_CONTRACT, b->path, "is shard %u/%u, but %.200s is %u/%u",
                       b->shard.index, b->shard.of, a->path, a->shard.index, a->shard.of);
    return 0;
}

static int compare_parts(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return (x->shard.index > y->shard.index) - (x->shard.index < y->shard.index);
}

/* Sorts the parts; every shard must be there once. */
static int order_parts(struct merge *m, struct err *e)
{
    uint32_t of = m->parts[0].shard.of;
    for (uint32_t i = 1; i < m->count; i++) {
        int code = same_run(&m->parts[0], &m->parts[i], e);
        if (code)
            return code;
    }
    qsort(m->parts, m->count, sizeof *m->parts, compare_parts);
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t index = m->parts[i].shard.index;
        if (i > 0 && index == m->parts[i - 1].shard.index)
            return err_set(e, ERR_CONTRACT, m->parts[i].path, "is shard %u/%u, and so is %.200s",
                           index, of, m->parts[i - 1].path);
        if (index != i + 1)
            break;
        if (i + 1 == of)
            return 0;
    }
    uint32_t missing = 1;
    while (missing <= m->count && m->parts[missing - 1].shard.index == missing)
        missing++;
    return err_set(e, ERR_CONTRACT, NULL, "the report of shard %u/%u is missing", missing, of);
}

/* How many scenarios each shard has says how many there are in all, and whether they are of one list. */
static int count_scenarios(struct merge *m, struct err *e)
{
    uint32_t all = 0;
    m->clients = (uint32_t)json_count(json_get(m->parts[0].document, "clients"));
    for (uint32_t i = 0; i < m->count; i++)
        all += m->parts[i].count;
    m->scenarios = m->clients > 0 ? all / m->clients : 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct part *p = &m->parts[i];
        uint32_t wanted = (m->scenarios + m->count - 1 - i) / m->count * m->clients;
        if (p->count != wanted)
            return err_set(e, ERR_CONTRACT, p->path,
                           "has %u results where %u are wanted: the shards are not of one list",
                           p->count, wanted);
    }
    return 0;
}

/* -- Writing ---------------------------------------------------------------------------------- */

/* Result s of client c, as the run in one piece would have had it. */
static const struct part *part_of(const struct merge *m, uint32_t c, uint32_t s,
                                  struct json_range *out)
{
    const struct part *p = &m->parts[s % m->count];
    *out = p->scenarios[c * (p->count / m->clients) + s / m->count];
    return p;
}

static void write_raw(struct json_writer *w, const struct part *p, const char *key,
                      const char *pointer)
{
    json_write_key(w, key);
    json_write_raw(w, member(p, pointer));
}

static void write_scenarios(struct json_writer *w, const struct merge *m)
{
    json_write_key(w, "scenarios");
    json_write_open(w, '[');
    for (uint32_t c = 0; c < m->clients; c++)
        for (uint32_t s = 0; s < m->scenarios; s++) {
            struct json_range range;
            const struct part *p = part_of(m, c, s, &range);
            json_write_raw(w, span_cut(buf_span(&p->text), range.at, range.len));
        }
    json_write_close(w, ']');
}

/* Adds up one number of all summaries. */
static uint32_t summed(const struct merge *m, const char *key)
{
    uint32_t sum = 0, number;
    for (uint32_t i = 0; i < m->count; i++)
        if (read_uint(json_get(json_get(m->parts[i].document, "summary"), key), &number))
            sum += number;
    return sum;
}

static void write_summary(struct json_writer *w, const struct merge *m, const struct shard_sum *sum)
{
    json_write_key(w, "summary");
    json_write_open(w, '{');
    json_member_int(w, "clients", sum->clients);
    json_member_int(w, "scenarios", sum->scenarios);
    json_member_int(w, "upstreams", sum->upstreams);
    json_member_int(w, "passed", sum->passed);
    json_member_int(w, "failed", sum->failed);
    json_member_int(w, "inconclusive", sum->inconclusive);
    json_member_int(w, "skipped", sum->skipped);
    if (sum->known > 0)
        json_member_int(w, "known", sum->known);
    json_member_int(w, "polls_direct", summed(m, "polls_direct"));
    json_member_int(w, "polls_wire", summed(m, "polls_wire"));
    json_write_close(w, '}');
}

static void write_report(const struct merge *m, const struct shard_sum *sum, struct buf *out)
{
    struct json_writer w;
    const struct part *p = &m->parts[0];
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    write_raw(&w, p, "format", "/format");
    write_raw(&w, p, "program", "/program");
    write_raw(&w, p, "version", "/version");
    write_raw(&w, p, "seed", "/seed");
    write_raw(&w, p, "clients", "/clients");
    write_raw(&w, p, "rules", "/rules");
    write_scenarios(&w, m);
    write_summary(&w, m, sum);
    json_write_close(&w, '}');
    buf_add_char(out, '\n');
}

/* -- Telling ---------------------------------------------------------------------------------- */

static const char *text_of(const struct json *row, const char *key)
{
    const char *text = json_string(json_get(row, key));
    return text ? text : "";
}

static bool is_first_of_upstream(const struct merge *m, uint32_t part, const struct json *row)
{
    for (uint32_t i = 0; i <= part; i++) {
        const struct json *other = json_first(json_get(m->parts[i].document, "scenarios"));
        for (; other && other != row; other = json_next(other))
            if (strcmp(text_of(other, "upstream"), text_of(row, "upstream")) == 0)
                return false;
    }
    return true;
}

static void tell_row(const struct json *row, struct shard_sum *sum, shard_told *told, void *arg)
{
    const char *verdict = text_of(row, "verdict");
    bool known = false;
    json_bool(json_get(row, "known"), &known);
    if (known || strcmp(verdict, "passed") == 0 || strcmp(verdict, "skipped") == 0)
        return;
    sum->not_run += json_kind(json_get(row, "not_run")) == JSON_STRING;
    struct buf name;
    buf_init(&name, 1 << 12);
    buf_addf(&name, "%s:%s", text_of(row, "upstream"), text_of(row, "scenario"));
    if (name.broken == ERR_OK)
        told(text_of(row, "client"), name.p, verdict, text_of(row, "again"), arg);
    buf_fini(&name);
}

static void sum_up(const struct merge *m, struct shard_sum *sum, shard_told *told, void *arg)
{
    *sum = (struct shard_sum){.clients = m->clients,
                              .scenarios = m->scenarios,
                              .passed = summed(m, "passed"),
                              .failed = summed(m, "failed"),
                              .inconclusive = summed(m, "inconclusive"),
                              .skipped = summed(m, "skipped"),
                              .known = summed(m, "known")};
    for (uint32_t i = 0; i < m->count; i++) {
        const struct json *row = json_first(json_get(m->parts[i].document, "scenarios"));
        for (; row; row = json_next(row)) {
            sum->upstreams += is_first_of_upstream(m, i, row);
            tell_row(row, sum, told, arg);
        }
    }
}

int shard_merge(const char *const *paths, uint32_t count, struct buf *out, struct shard_sum *sum,
                shard_told *told, void *arg, struct err *e)
{
    struct merge m = {.parts = calloc(count + 1, sizeof *m.parts), .count = count};
    int code = m.parts ? 0 : err_set(e, ERR_MEMORY, NULL, "no memory for %u reports", count);
    for (uint32_t i = 0; !code && i < count; i++) {
        m.parts[i].path = paths[i];
        buf_init(&m.parts[i].text, JSON_TEXT_MAX);
        code = read_part(&m.parts[i], e);
    }
    if (!code)
        code = order_parts(&m, e);
    if (!code)
        code = count_scenarios(&m, e);
    if (!code) {
        sum_up(&m, sum, told, arg);
        write_report(&m, sum, out);
        code = buf_err(out, "the report", e);
    }
    for (uint32_t i = 0; m.parts && i < count; i++) {
        buf_fini(&m.parts[i].text);
        json_close(m.parts[i].document);
        free(m.parts[i].scenarios);
    }
    free(m.parts);
    return code;
}
