/* Scenarios: reads one file, a reader a key. */
#include "scenario.h"

#include "base/text.h"
#include "contract_task.h"
#include "fixtures.h"
#include "place.h"

#include <stdlib.h>
#include <string.h>

enum { SCENARIO_WITHIN_MS = 60 * 60 * 1000, SCENARIO_ID_MAX = 200 };

static const char *const end_words[] = {"hold", "loop", "gone", "drop", NULL};
static const char *const outcome_words[] = {"succeeded", "failed", "error", "gave_up", NULL};

const char *scenario_outcome_name(enum scenario_outcome outcome)
{
    return outcome_words[outcome];
}

/* What the readers of one file share. */
struct reading {
    const struct upstream *upstream;
    struct scenario *scenario;
    struct scenario_step *step; /* under way */
};

/* -- The top ---------------------------------------------------------------------------------- */

static int read_any_text(const struct place *p, void *r, struct err *e)
{
    (void)r;
    return place_kind(p, JSON_STRING, e);
}

static int read_title(const struct place *p, void *r, struct err *e)
{
    return place_text(p, &((struct reading *)r)->scenario->title, e);
}

static int read_tasks(const struct place *p, void *r, struct err *e)
{
    return place_text(p, &((struct reading *)r)->scenario->tasks, e);
}

static int read_id(const struct place *p, void *arg, struct err *e)
{
    struct scenario *s = ((struct reading *)arg)->scenario;
    int code = place_text(p, &s->id, e);
    if (!code && (!s->id[0] || strlen(s->id) > SCENARIO_ID_MAX))
        code = place_error(p, ERR_LIMIT, e, "\"id\" must be of 1 to %d bytes", SCENARIO_ID_MAX);
    return code;
}

static int read_goal(const struct place *p, void *arg, struct err *e)
{
    struct reading *r = arg;
    const char *known[65] = {0};
    const char *goal = NULL;
    char hint[256];
    int code = place_text(p, &goal, e);
    if (code)
        return code;
    r->scenario->goal = goal;
    if (contract_has_goal(&r->upstream->contract, goal))
        return 0;
    const struct json *row = json_first(json_get(r->upstream->contract.x_task, "goals"));
    for (size_t i = 0; row && i < 64; i++, row = json_next(row))
        known[i] = json_key(row);
    return place_error(p, ERR_CONTRACT, e, "no goal \"%s\" in the contract of %s%s", goal,
                       r->upstream->name, place_hint(goal, known, hint, sizeof hint));
}

static int read_end(const struct place *p, void *r, struct err *e)
{
    size_t word = END_HOLD;
    int code = place_word(p, end_words, &word, e);
    ((struct reading *)r)->scenario->end = (enum scenario_end)word;
    return code;
}

static int read_only(const struct place *p, void *r, struct err *e)
{
    static const char *const words[] = {"direct", "wire", NULL};
    struct scenario *s = ((struct reading *)r)->scenario;
    size_t word = 0;
    int code = place_word(p, words, &word, e);
    if (code)
        return code;
    s->direct = word == 0;
    s->wire = word == 1;
    return 0;
}

static int read_seed(const struct place *p, void *r, struct err *e)
{
    int64_t seed = 0;
    int code = place_int(p, 0, INT64_MAX, &seed, e);
    ((struct reading *)r)->scenario->seed = (uint64_t)seed;
    return code;
}

/* -- Rules ------------------------------------------------------------------------------------ */

static int read_names(const struct place *list, const char **names, uint32_t *count, struct err *e)
{
    int code = place_kind(list, JSON_ARRAY, e);
    for (struct place p = place_first(list); !code && p.value; place_next(&p)) {
        if (*count == SCENARIO_RULES_MAX)
            return place_error(&p, ERR_LIMIT, e, "more than %d rules", SCENARIO_RULES_MAX);
        code = place_text(&p, &names[(*count)++], e);
    }
    return code;
}

static int read_off(const struct place *p, void *r, struct err *e)
{
    struct scenario *s = ((struct reading *)r)->scenario;
    return read_names(p, s->rules_off, &s->rules_off_count, e);
}

static int read_strict(const struct place *p, void *r, struct err *e)
{
    struct scenario *s = ((struct reading *)r)->scenario;
    return read_names(p, s->rules_strict, &s->rules_strict_count, e);
}

static int read_rules(const struct place *p, void *r, struct err *e)
{
    static const struct place_field fields[] = {
        {"off", false, read_off}, {"strict", false, read_strict}, {0}};
    return place_object(p, fields, r, e);
}

/* -- Expect ----------------------------------------------------------------------------------- */

static int read_outcome(const struct place *p, void *r, struct err *e)
{
    size_t word = 0;
    int code = place_word(p, outcome_words, &word, e);
    ((struct reading *)r)->scenario->expect.outcome = (enum scenario_outcome)word;
    return code;
}

static int read_url(const struct place *p, void *r, struct err *e)
{
    int code = place_kind(p, JSON_STRING, e);
    ((struct reading *)r)->scenario->expect.url = json_string(p->value);
    return code;
}

static int read_reason(const struct place *p, void *r, struct err *e)
{
    int code = place_kind(p, JSON_STRING, e);
    ((struct reading *)r)->scenario->expect.reason = json_string(p->value);
    return code;
}

static bool read_count(struct span digits, uint32_t *out)
{
    long long n = 0;
    if (!digits.n || digits.p[0] == '-' || !span_int64(digits, &n) || n > SCENARIO_POLLS_MAX)
        return false;
    *out = (uint32_t)n;
    return true;
}

/* "N", "N..M" or "N..". */
static bool read_range(struct span text, uint32_t *min, uint32_t *max)
{
    size_t dot = span_find(text, '.');
    struct span rest = span_cut(text, dot, text.n);
    if (!read_count(span_cut(text, 0, dot), min))
        return false;
    *max = rest.n ? UINT32_MAX : *min;
    if (!rest.n || span_is(rest, ".."))
        return true;
    return span_starts(rest, "..") && read_count(span_cut(rest, 2, rest.n), max) && *min <= *max;
}

static int read_expect_polls(const struct place *p, void *r, struct err *e)
{
    struct scenario_expect *expect = &((struct reading *)r)->scenario->expect;
    const char *text = NULL;
    int code = place_text(p, &text, e);
    if (!code && !read_range(span_of(text), &expect->polls_min, &expect->polls_max))
        code = place_error(p, ERR_CONTRACT, e,
                           "\"polls\" is \"%s\"; it must be \"N\", \"N..M\" or \"N..\", at most %d",
                           text, SCENARIO_POLLS_MAX);
    return code;
}

static int read_within(const struct place *p, void *r, struct err *e)
{
    struct scenario_expect *expect = &((struct reading *)r)->scenario->expect;
    int code = place_duration(p, &expect->within_ms, e);
    if (!code && expect->within_ms == 0)
        code = place_error(p, ERR_CONTRACT, e, "\"within\" must be longer than 0");
    return code;
}

static int read_expect(const struct place *p, void *r, struct err *e)
{
    static const struct place_field fields[] = {
        {"outcome", true, read_outcome}, {"url", false, read_url},
        {"reason", false, read_reason},  {"polls", false, read_expect_polls},
        {"within", false, read_within},  {0}};
    return place_object(p, fields, r, e);
}

/* -- Steps ------------------------------------------------------------------------------------ */

static int read_reply(const struct place *p, void *arg, struct err *e)
{
    struct reading *r = arg;
    const char *name = NULL;
    int code = place_text(p, &name, e);
    if (code)
        return code;
    const struct reply *reply = upstream_reply(r->upstream, name);
    const char *nearest = reply ? NULL : upstream_nearest_reply(r->upstream, name);
    if (!reply && nearest)
        return place_error(p, ERR_CONTRACT, e, "no reply \"%s\" in %s; did you mean \"%s\"?", name,
                           r->upstream->name, nearest);
    if (!reply)
        return place_error(p, ERR_CONTRACT, e, "no reply \"%s\" in %s", name, r->upstream->name);
    r->step->reply = reply;
    r->step->state = REPLY_STATE_NONE;
    if (reply->status >= 300)
        return 0;
    code = contract_read_state(&r->upstream->contract, r->scenario->goal, reply->body,
                               &r->step->state, NULL);
    return code ? place_error(p, ERR_MEMORY, e, "no memory to read the status") : 0;
}

static int read_polls(const struct place *p, void *r, struct err *e)
{
    int64_t polls = 0;
    int code = place_int(p, 1, SCENARIO_POLLS_MAX, &polls, e);
    ((struct reading *)r)->step->polls = (uint32_t)polls;
    return code;
}

static int read_for(const struct place *p, void *arg, struct err *e)
{
    struct scenario_step *step = ((struct reading *)arg)->step;
    int code = place_duration(p, &step->for_ms, e);
    if (!code && step->for_ms == 0)
        code = place_error(p, ERR_CONTRACT, e, "\"for\" must be longer than 0");
    return code;
}

static int read_one_fault(const struct place *p, struct scenario_step *step, struct err *e)
{
    if (step->fault_count == SCENARIO_FAULTS_MAX)
        return place_error(p, ERR_LIMIT, e, "more than %d faults in a step", SCENARIO_FAULTS_MAX);
    int code = fault_parse(p->value, &step->faults[step->fault_count++], e);
    return code ? place_adopt(p, (enum err_code)code, e) : 0;
}

static int read_fault(const struct place *p, void *arg, struct err *e)
{
    struct scenario_step *step = ((struct reading *)arg)->step;
    if (json_kind(p->value) != JSON_ARRAY)
        return read_one_fault(p, step, e);
    if (!json_count(p->value))
        return place_error(p, ERR_CONTRACT, e, "\"fault\" must not be empty");
    int code = 0;
    for (struct place one = place_first(p); !code && one.value; place_next(&one))
        code = read_one_fault(&one, step, e);
    return code;
}

static int read_step(const struct place *p, struct reading *r, bool last, struct err *e)
{
    static const struct place_field fields[] = {{"reply", true, read_reply},
                                                {"polls", false, read_polls},
                                                {"for", false, read_for},
                                                {"fault", false, read_fault},
                                                {0}};
    int code = place_object(p, fields, r, e);
    if (code)
        return code;
    struct place polls = place_get(p, "polls"), lasts = place_get(p, "for");
    if (polls.value && lasts.value)
        return place_key_error(&lasts, e, "a step has \"polls\" or \"for\", not both");
    if (!polls.value && !lasts.value)
        r->step->polls = 1;
    if (last && (polls.value || lasts.value))
        return place_key_error(polls.value ? &polls : &lasts, e,
                               "the last step has no \"%s\": \"end\" says what follows",
                               polls.value ? "polls" : "for");
    return 0;
}

static int read_steps(const struct place *list, void *arg, struct err *e)
{
    struct reading *r = arg;
    struct scenario *s = r->scenario;
    int code = place_kind(list, JSON_ARRAY, e);
    size_t count = json_count(list->value);
    if (code)
        return code;
    if (!count)
        return place_error(list, ERR_CONTRACT, e, "\"steps\" must not be empty");
    if (count > SCENARIO_STEPS_MAX)
        return place_error(list, ERR_LIMIT, e, "%zu steps; at most %d", count, SCENARIO_STEPS_MAX);
    s->steps = calloc(count, sizeof *s->steps);
    if (!s->steps)
        return place_error(list, ERR_MEMORY, e, "no memory for the steps");
    for (struct place p = place_first(list); !code && p.value; place_next(&p)) {
        r->step = &s->steps[s->step_count++];
        code = read_step(&p, r, s->step_count == count, e);
    }
    return code;
}

/* -- The file --------------------------------------------------------------------------------- */

/* goal stands before steps: a step's state depends on it. */
static const struct place_field scenario_fields[] = {{"$schema", false, read_any_text},
                                                     {"title", true, read_title},
                                                     {"tasks", false, read_tasks},
                                                     {"goal", false, read_goal},
                                                     {"id", false, read_id},
                                                     {"steps", true, read_steps},
                                                     {"end", false, read_end},
                                                     {"expect", true, read_expect},
                                                     {"only", false, read_only},
                                                     {"rules", false, read_rules},
                                                     {"seed", false, read_seed},
                                                     {"provenance", false, read_any_text},
                                                     {0}};

int scenario_parse(struct span text, const char *path, const char *name, const struct upstream *u,
                   struct scenario *out, struct err *e)
{
    struct scenario made = {
        .direct = true,
        .wire = true,
        .seed = 1,
        .expect = {.polls_max = UINT32_MAX, .within_ms = SCENARIO_WITHIN_MS},
    };
    struct place_file file = {.path = path, .text = text};
    struct reading r = {.upstream = u, .scenario = &made};
    memset(out, 0, sizeof *out);
    if (!text_is_name(span_of(name)))
        return err_set(e, ERR_CONTRACT, path,
                       "\"%s\" is not a name: letters, digits, . _ - and no dot first", name);
    span_copy(span_of(name), made.name, sizeof made.name);
    int code = place_open(&file, &made.document, e);
    struct place root = place_root(&file, made.document, "");
    if (!code)
        code = place_object(&root, scenario_fields, &r, e);
    made.path = code ? NULL : strdup(path);
    if (!code && !made.path)
        code = err_set(e, ERR_MEMORY, path, "no memory for the path");
    if (code) {
        scenario_fini(&made);
        return code;
    }
    *out = made;
    return 0;
}

void scenario_fini(struct scenario *s)
{
    json_close(s->document);
    free(s->steps);
    free(s->path);
    memset(s, 0, sizeof *s);
}
