/* Which tables there are, and what the code says in them. */
#include "tables.h"

#include "base/file.h"
#include "base/json/json.h"
#include "base/json/json_ref.h"
#include "base/json/json_schema.h"
#include "base/regex.h"
#include "client/decode/pack.h"
#include "client/client.h"
#include "client/http/http.h"
#include "client/poll/policy.h"
#include "harness/check/shape.h"
#include "harness/distill/distill_write.h"
#include "harness/distill/har_read.h"
#include "harness/external/clients.h"
#include "harness/report/report.h"
#include "harness/run/run.h"
#include "harness/testbed/testbed.h"
#include "mockserver/admin/admin_pages.h"
#include "mockserver/auth/auth.h"
#include "mockserver/auth/zego.h"
#include "mockserver/decide/journal.h"
#include "mockserver/decide/mock.h"
#include "mockserver/fixture/contract.h"
#include "mockserver/fixture/fixtures.h"
#include "mockserver/message/target.h"
#include "mockserver/plan/fault.h"
#include "mockserver/plan/plan.h"
#include "mockserver/wire/assets.h"
#include "mockserver/wire/wire.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void fault_rows(struct buf *out)
{
    for (const struct fault_type *t = fault_types(); t->name; t++) {
        buf_addf(out, "| `%s` | ", t->name);
        switch (t->kind) {
        case FAULT_FLAG: buf_add_text(out, "`true`"); break;
        case FAULT_TIME: buf_addf(out, "`%ums` to `%ums`", t->min, t->max); break;
        case FAULT_BYTES: buf_addf(out, "`%u` to `%u` bytes", t->min, t->max); break;
        case FAULT_STATUS: buf_add_text(out, "`100`, `102` or `103`"); break;
        case FAULT_RATE:
            buf_addf(out, "`{\"bytes\": %u` to `%u, \"every\":` `1ms` to `%dms`}`", t->min, t->max,
                     FAULT_EVERY_MAX);
            break;
        }
        buf_addf(out, " | %s |\n", t->sees);
    }
}

/* "The answer comes late: 1ms to 60000ms." */
static void fault_description(const struct fault_type *t, struct json_writer *w)
{
    struct buf text;
    buf_init(&text, 256);
    buf_add_char(&text, (char)toupper((unsigned char)t->sees[0]));
    buf_add_text(&text, t->sees + 1);
    if (t->kind == FAULT_TIME)
        buf_addf(&text, ": %ums to %ums", t->min, t->max);
    buf_add_char(&text, '.');
    json_member_span(w, "description", buf_span(&text));
    buf_fini(&text);
}

static void integer_schema(struct json_writer *w, const struct fault_type *t)
{
    json_member_text(w, "type", "integer");
    json_member_int(w, "minimum", t->min);
    json_member_int(w, "maximum", t->max);
}

static void rate_schema(struct json_writer *w, const struct fault_type *t)
{
    json_member_text(w, "type", "object");
    json_write_key(w, "required");
    json_write_open(w, '[');
    json_write_span(w, span_of("bytes"));
    json_write_span(w, span_of("every"));
    json_write_close(w, ']');
    json_member_bool(w, "additionalProperties", false);
    json_write_key(w, "properties");
    json_write_open(w, '{');
    json_write_key(w, "bytes");
    json_write_open(w, '{');
    integer_schema(w, t);
    json_write_close(w, '}');
    json_write_key(w, "every");
    json_write_open(w, '{');
    json_member_text(w, "$ref", "#/$defs/duration");
    json_write_close(w, '}');
    json_write_close(w, '}');
}

static void fault_schema(struct buf *out)
{
    struct json_writer w;
    json_write_init(&w, out, true);
    json_write_open(&w, '{');
    for (const struct fault_type *t = fault_types(); t->name; t++) {
        json_write_key(&w, t->name);
        json_write_open(&w, '{');
        fault_description(t, &w);
        switch (t->kind) {
        case FAULT_FLAG: json_member_bool(&w, "const", true); break;
        case FAULT_TIME: json_member_text(&w, "$ref", "#/$defs/duration"); break;
        case FAULT_BYTES: integer_schema(&w, t); break;
        case FAULT_STATUS:
            json_write_key(&w, "enum");
            json_write_open(&w, '[');
            json_write_int(&w, 100);
            json_write_int(&w, 102);
            json_write_int(&w, 103);
            json_write_close(&w, ']');
            break;
        case FAULT_RATE: rate_schema(&w, t); break;
        }
        json_write_close(&w, '}');
    }
    json_write_close(&w, '}');
}

static void rule_rows(struct buf *out)
{
    for (const struct rule *r = rules(); r->name; r++)
        buf_addf(out, "| [%s](%s.md) | %s | %s |\n", r->name, r->name, report_level_name(r->level),
                 r->demand);
}

static void cause_rows(struct buf *out)
{
    for (int i = 0; i < CAUSES; i++) {
        const struct cause *c = cause_of((enum cause_id)i);
        buf_addf(out, "| [%s](%s.md) | `%s` | %s | %s |\n", c->rule, c->rule, c->id,
                 report_level_name(c->level), c->change);
    }
}

static void rule_schema(struct buf *out)
{
    struct json_writer w;
    json_write_init(&w, out, true);
    json_write_open(&w, '[');
    for (const struct rule *r = rules(); r->name; r++)
        json_write_text(&w, r->name);
    json_write_close(&w, ']');
}

static void report_rows(struct buf *out)
{
    for (const struct report_type *const *t = report_types(); *t; t++)
        buf_addf(out, "| `%s` | %s |\n", (*t)->name, (*t)->is_for);
}

static void report_places(struct buf *out)
{
    for (const struct report_type *const *t = report_types(); *t; t++)
        buf_addf(out, "| `%s` | %s | %s |\n", (*t)->name, (*t)->is_for, (*t)->goes);
}

static void admin_rows(struct buf *out)
{
    for (const struct admin_page *p = admin_pages(); p->path; p++) {
        buf_addf(out, "| `%s %s` | ", p->method, p->path);
        for (size_t i = 0; i < ADMIN_PARAMS_MAX && p->params[i]; i++)
            buf_addf(out, "%s`%s`", i > 0 ? ", " : "", p->params[i]);
        buf_add_text(out, p->body ? p->body : "");
        buf_addf(out, "%s| %s |\n", p->params[0] || p->body ? " " : "", p->gives);
    }
}

static void scheme_rows(struct buf *out)
{
    for (size_t i = 0; auth_scheme_at(i); i++)
        buf_addf(out, "| `%s` | %s | %s |\n", auth_scheme_at(i)->name, auth_scheme_at(i)->object,
                 auth_scheme_at(i)->accepts);
}

/* -- Rooms: what their CMakeLists.txt say ------------------------------------------------------- */

/* Appends a room's CMakeLists.txt. False when there is none. */
static bool read_room(const char *folder, struct buf *out)
{
    char path[FILE_PATH_MAX];
    return file_join(path, sizeof path, folder, "CMakeLists.txt") && !file_read(path, out, NULL);
}

/* The words between start and the next closing parenthesis or word in capitals; empty when start is not there. */
static struct span words_after(struct span text, const char *start)
{
    const char *at = memmem(text.p, text.n, start, strlen(start));
    if (!at)
        return span_of("");
    at += strlen(start);
    size_t n = strcspn(at, ")");
    const char *sees = memmem(at, n, "SEES", 4);
    return span_trim((struct span){at, sees ? (size_t)(sees - at) : n});
}

static void add_words(struct buf *out, struct span words)
{
    for (bool first = true; words.n > 0; first = false) {
        size_t n = 0;
        while (n < words.n && words.p[n] > ' ')
            n++;
        buf_addf(out, "%s`%.*s`", first ? "" : " ", (int)n, words.p);
        words = span_trim(span_cut(words, n, words.n));
    }
}

/* One room's row, then those of the rooms inside it. */
static void room_row(const char *folder, struct buf *out)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    if (!read_room(folder, &text)) {
        buf_fini(&text);
        return;
    }
    struct span all = buf_span(&text);
    buf_addf(out, "| `%s/` |", folder);
    for (struct span rest = all; span_starts(rest, "#");) { /* the sign may go on over lines */
        size_t n = span_find(rest, '\n');
        buf_add_span(out, span_cut(rest, 1, n - 1));
        rest = span_cut(rest, n + 1, rest.n);
    }
    buf_add_text(out, " | ");
    add_words(out, words_after(all, "SHOWS"));
    buf_add_text(out, " |\n");
    struct span rooms = words_after(all, "foreach(room");
    struct span only = words_after(all, "add_subdirectory(");
    if (rooms.n == 0 && only.n > 0 && only.p[0] != '$')
        rooms = only;
    while (rooms.n > 0) {
        char inner[FILE_PATH_MAX];
        size_t n = 0;
        while (n < rooms.n && rooms.p[n] > ' ')
            n++;
        snprintf(inner, sizeof inner, "%s/%.*s", folder, (int)n, rooms.p);
        room_row(inner, out);
        rooms = span_trim(span_cut(rooms, n, rooms.n));
    }
    buf_fini(&text);
}

static void room_rows(struct buf *out)
{
    static const char *const tops[] = {"base", "client", "mockserver", "harness"};
    for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++)
        room_row(tops[i], out);
}

/* A limit of a header, and what it is a limit of. */
#define LIMIT(name, of)                                                                            \
    {                                                                                              \
#name, name, of                                                                            \
    }
static const struct {
    const char *name;
    long long value;
    const char *of;
} limits[] = {
    LIMIT(MESSAGE_BODY_MAX, "bytes of a request's body; 413 beyond"),
    LIMIT(MESSAGE_HEADERS_MAX, "header lines of a request; 431 from here on"),
    LIMIT(TARGET_BYTES_MAX, "bytes of a request's path and query"),
    LIMIT(TARGET_PARAMS_MAX, "query parameters"),
    LIMIT(MOCK_TASK_ID_MAX, "bytes of a task id, its terminator included"),
    LIMIT(MOCK_TASKS_MAX, "tasks; the one idle longest goes"),
    LIMIT(JOURNAL_BYTES_DEFAULT,
          "bytes of the journal; the oldest entries go, `evicted` names them"),
    LIMIT(JOURNAL_TEXT_MAX, "bytes of one text in the journal; cut beyond"),
    LIMIT(ZEGO_SKEW_MAX_S, "seconds that a ZEGO timestamp may lie off, in both directions"),
    LIMIT(ZEGO_NONCES_MAX, "newest nonces that are remembered, at least"),
    LIMIT(PLAN_ACTS_MAX, "acts of a plan"),
    LIMIT(PLAN_ANSWER_MAX, "bytes of an answer"),
    LIMIT(WIRE_THREADS_DEFAULT, "connections served at once"),
    LIMIT(WIRE_THREADS_MAX, "the most that `--threads` takes"),
    LIMIT(JSON_DEPTH_MAX, "levels of a JSON text"),
    LIMIT(JSON_TEXT_MAX, "bytes of a JSON text, a scenario and a recording among them"),
    LIMIT(JSON_SCHEMA_DEPTH_MAX, "schemas inside schemas, when a value is checked"),
    LIMIT(JSON_SCHEMA_STEPS_MAX, "steps of a check, a schema applied to a value being one"),
    LIMIT(JSON_SCHEMA_IDS_MAX,
          "`$id` and `$anchor` of a contract, with the files that it leads to"),
    LIMIT(JSON_SCHEMA_FILES_MAX, "files that the `$ref`s of a contract lead to"),
    LIMIT(JSON_SCHEMA_FILE_MAX, "bytes of one"),
    LIMIT(JSON_REF_MAX, "bytes of a `$ref`"),
    LIMIT(REGEX_PATTERN_MAX, "bytes of a regular expression"),
    LIMIT(REGEX_SUBJECT_MAX, "bytes that one is matched with"),
    LIMIT(REGEX_STEPS_MAX, "steps of a search, an item of the pattern being one"),
    LIMIT(REGEX_DEPTH_MAX, "places that a search can go back to"),
    LIMIT(REGEX_HEAP_KIB_MAX, "KiB of memory of a search"),
    LIMIT(REPLY_BODY_MAX, "bytes of a reply's body"),
    LIMIT(REPLY_HEAD_MAX, "bytes of a reply's head"),
    LIMIT(REPLY_HEADERS_MAX, "headers of a reply, without those that are made anew"),
    LIMIT(REPLY_STAMPS_MAX, "stamped values in a reply"),
    LIMIT(SCENARIO_STEPS_MAX, "steps of a scenario"),
    LIMIT(SCENARIO_FAULTS_MAX, "faults of a step"),
    LIMIT(SCENARIO_POLLS_MAX, "polls of a step"),
    LIMIT(CONTRACT_ROUTES_MAX, "routes of a contract"),
    LIMIT(FIXTURES_UPSTREAMS_MAX, "upstreams"),
    LIMIT(FIXTURES_FOLDERS_MAX, "folders of fixtures"),
    LIMIT(FIXTURES_REPLIES_MAX, "replies of an upstream"),
    LIMIT(FIXTURES_SCENARIOS_MAX, "scenarios of an upstream"),
    LIMIT(HTTP_BODY_MAX, "bytes of a body that the client takes"),
    LIMIT(HTTP_HEAD_MAX, "bytes of a head that the client takes"),
    LIMIT(PACK_SEGMENTS_MAX, "segments of a pointer that the client reads by"),
    LIMIT(PACK_POINTERS_MAX, "pointers of one list there, and entries of `status` and `error`"),
    LIMIT(POLICY_TRANSIENT_MAX, "transient failures in a row before the client gives up"),
    LIMIT(POLICY_UNKNOWN_MAX, "unknown statuses in a row before the client gives up"),
    LIMIT(POLICY_BACKOFF_MAX_MS, "milliseconds that a growing wait grows to"),
    LIMIT(ASSETS_NOTED_MAX, "downloads from a testbed; 503 beyond"),
    LIMIT(ASSETS_SESSION_MAX, "downloads of one run; 503 beyond"),
    LIMIT(TESTBED_POLLS_MAX, "polls of a run on the wire that are kept and judged"),
    LIMIT(TRACE_POLLS_MAX, "polls of one run that are judged"),
    LIMIT(JOBS_MAX, "scenarios of a run, of all clients together"),
    LIMIT(CLIENTS_MAX, "clients side by side"),
    LIMIT(PROFILE_COMMAND_MAX, "words of a client's command"),
    LIMIT(PROFILE_STEPS_MAX, "steps of a profile's regular expressions over one output"),
    LIMIT(SHAPE_STEPS_MAX, "schemas and fields that `harness check` looks at for one reply"),
    LIMIT(RUN_THREADS_MAX, "scenarios on the wire at once"),
    LIMIT(RUN_SPEED_MAX, "the highest speed"),
    LIMIT(HAR_BYTES_MAX, "bytes of a recording that is distilled, unpacked"),
    LIMIT(HAR_ENTRIES_MAX, "entries of a recording"),
    LIMIT(DISTILL_REPLIES_MAX, "different replies of a distilled task"),
};

static void limit_rows(struct buf *out)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        buf_addf(out, "| `%s` | %lld | %s |\n", limits[i].name, limits[i].value, limits[i].of);
}

#define SCHEMA "fixtures/scenario.schema.json"
static const struct table all[] = {
    {"docs/architecture.md", "| room | is | shows |", room_rows},
    {"docs/formats.md", "| scheme | security scheme object | accepts |", scheme_rows},
    {"docs/architecture.md", "| limit | is | of |", limit_rows},
    {"docs/cli.md", "| page | takes | gives |", admin_rows},
    {"docs/cli.md", "| report | is for |", report_rows},
    {"docs/faults.md", "| fault | takes | what the client sees |", fault_rows},
    {"docs/reports.md", "| report | is for | where it goes |", report_places},
    {"docs/rules/README.md", "| rule | level | a client |", rule_rows},
    {"docs/rules/README.md", "| rule | cause | level | what to change |", cause_rows},
    {SCHEMA, "/$defs/fault/properties", fault_schema},
    {SCHEMA, "/$defs/rule/enum", rule_schema},
    {"docs/profile.schema.json", "/$defs/rule/enum", rule_schema},
    {NULL, NULL, NULL},
};

const struct table *tables(void)
{
    return all;
}
