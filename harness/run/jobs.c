/* Finds the scenarios that the words of a command line name. */
#include "jobs.h"

#include "base/file.h"
#include "base/grow.h"
#include "base/json/json.h"
#include "base/text.h"
#include "harness/external/external.h"
#include "mockserver/fixture/contract.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { GOALS_MAX = 64 };

/* Adds a scenario at the end, unless it is there already. */
static int add(struct jobs *jobs, const struct upstream *u, const struct scenario *s, struct err *e)
{
    for (uint32_t i = 0; i < jobs->count; i++)
        if (jobs->list[i].scenario == s)
            return 0;
    if (jobs->count == JOBS_MAX)
        return err_set(e, ERR_LIMIT, NULL, "more than %d scenarios", JOBS_MAX);
    struct job *list = grow(jobs->list, jobs->count, &jobs->room, sizeof *list, JOBS_MAX);
    if (!list)
        return err_set(e, ERR_MEMORY, NULL, "no memory for %u scenarios", jobs->count + 1);
    jobs->list = list;
    jobs->list[jobs->count++] = (struct job){.upstream = u, .scenario = s};
    return 0;
}

static int add_all(struct jobs *jobs, const struct upstream *u, struct err *e)
{
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        int code = add(jobs, u, &u->scenarios[i], e);
        if (code)
            return code;
    }
    return 0;
}

static int no_upstream(const struct fixtures *f, const char *name, struct err *e)
{
    const char *near = fixtures_nearest_upstream(f, name);
    return err_set(e, ERR_NOT_FOUND, NULL, "no upstream \"%s\" under %s%s%s", name, f->dir,
                   near ? "; nearest: " : "", near ? near : "");
}

/* Upstream and scenario by their names. */
static int add_named(struct jobs *jobs, const struct fixtures *f, const char *upstream,
                     const char *scenario, struct err *e)
{
    const struct upstream *u = fixtures_upstream(f, upstream);
    const struct scenario *s = u ? upstream_scenario(u, scenario) : NULL;
    if (s)
        return add(jobs, u, s, e);
    if (!u)
        return no_upstream(f, upstream, e);
    const char *near = upstream_nearest_scenario(u, scenario);
    return err_set(e, ERR_NOT_FOUND, NULL, "upstream \"%s\" has no scenario \"%s\"%s%s", upstream,
                   scenario, near ? "; nearest: " : "", near ? near : "");
}

static bool is_pattern(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

/* Whatever the two patterns match; at least one of them is a pattern. */
static int add_matching(struct jobs *jobs, const struct fixtures *f, const char *upstream,
                        const char *scenario, struct err *e)
{
    uint32_t matches = 0;
    if (!is_pattern(upstream) && !fixtures_upstream(f, upstream))
        return no_upstream(f, upstream, e);
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct upstream *u = &f->upstreams[i];
        for (uint32_t k = 0; k < u->scenario_count && text_glob(upstream, u->name); k++) {
            if (!text_glob(scenario, u->scenarios[k].name))
                continue;
            int code = add(jobs, u, &u->scenarios[k], e);
            if (code)
                return code;
            matches++;
        }
    }
    return matches > 0 ? 0
                       : err_set(e, ERR_NOT_FOUND, NULL, "no scenario matches \"%s:%s\" under %s",
                                 upstream, scenario, f->dir);
}

static bool is_below(const char *path, const char *dir)
{
    char real[PATH_MAX];
    size_t n = strlen(dir);
    return realpath(path, real) && strncmp(real, dir, n) == 0
        && (real[n] == '/' || real[n] == '\0');
}

/* Every loaded scenario at or below a path that exists. */
static int add_below(struct jobs *jobs, const struct fixtures *f, const char *path, uint32_t *added,
                     struct err *e)
{
    char real[PATH_MAX];
    *added = 0;
    if (!realpath(path, real))
        return err_set(e, ERR_FILE, path, "cannot be resolved");
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct upstream *u = &f->upstreams[i];
        for (uint32_t k = 0; k < u->scenario_count; k++) {
            if (!is_below(u->scenarios[k].path, real))
                continue;
            int code = add(jobs, u, &u->scenarios[k], e);
            if (code)
                return code;
            ++*added;
        }
    }
    return 0;
}

/* The upstream of a file that is not under the fixtures: ".../<upstream>/scenarios/<name>.json". */
static struct upstream *upstream_of_path(const struct fixtures *f, const char *path)
{
    char real[PATH_MAX];
    char *slash = NULL;
    if (!realpath(path, real))
        return NULL;
    for (int up = 0; up < 2 && (slash = strrchr(real, '/')); up++)
        *slash = '\0';
    slash = strrchr(real, '/');
    return !slash ? NULL : fixtures_upstream(f, slash + 1);
}

/* Loads a scenario file that is not among the fixtures. Loading may move the upstream's
 * scenarios in memory, so jobs_select loads every file before it points to any scenario. */
static int load_file(struct fixtures *f, const char *path, struct err *e)
{
    struct jobs there = {0};
    uint32_t known = 0;
    int code = add_below(&there, f, path, &known, e);
    jobs_fini(&there);
    if (code || known > 0)
        return code;
    struct upstream *u = upstream_of_path(f, path);
    if (u)
        return fixtures_add_scenario(u, path, e);
    return err_set(
        e, ERR_NOT_FOUND, path,
        "names no upstream: put it at <upstream>/scenarios/<name>.json, where <upstream> "
        "is a folder of %s",
        f->dir);
}

static bool is_file(const struct fixtures *f, const char *word)
{
    return !fixtures_upstream(f, word) && file_exists(word) && !file_is_dir(word);
}

static int add_path(struct jobs *jobs, const struct fixtures *f, const char *path, struct err *e)
{
    uint32_t added = 0;
    int code = add_below(jobs, f, path, &added, e);
    if (!code && added == 0)
        return err_set(e, ERR_NOT_FOUND, path, "holds no scenario of the fixtures in %s", f->dir);
    return code;
}

/* Names an upstream that is near, or one that has a scenario of that very name. */
static int names_nothing(const struct fixtures *f, const char *text, struct err *e)
{
    char upstream[REPLY_NAME_MAX] = "";
    struct span word = span_of(text);
    span_copy(span_cut(word, 0, span_find(word, '/')), upstream, sizeof upstream);
    const char *near = fixtures_nearest_upstream(f, upstream), *scenario = "";
    for (uint32_t i = 0; !near && i < f->upstream_count; i++)
        if (upstream_scenario(&f->upstreams[i], text)) {
            near = f->upstreams[i].name;
            scenario = text;
        }
    return err_set(
        e, ERR_NOT_FOUND, NULL,
        "\"%s\" is no upstream, scenario (\"upstream:scenario\"), file or folder%s%s%s%s", text,
        near ? "; nearest: " : "", near ? near : "", scenario[0] ? ":" : "", scenario);
}

/* Where the name of a scenario begins behind that of its upstream, less one; part.n: there is none. A slash is a colon
 * when an upstream stands before it. */
static size_t find_scenario(const struct fixtures *f, struct span part)
{
    char upstream[REPLY_NAME_MAX];
    size_t colon = span_find(part, ':'), slash = span_find(part, '/');
    if (colon < part.n || slash == part.n
        || !span_copy(span_cut(part, 0, slash), upstream, sizeof upstream))
        return colon;
    return is_pattern(upstream) || fixtures_upstream(f, upstream) ? slash : part.n;
}

/* One name of a list. upstream holds that of the name before, "" when there was none with a
 * scenario, and that of this one afterwards. */
static int add_part(struct jobs *jobs, const struct fixtures *f, struct span part,
                    char upstream[REPLY_NAME_MAX], struct err *e)
{
    char scenario[REPLY_NAME_MAX] = "*";
    size_t at = find_scenario(f, part);
    bool names_scenario = at < part.n || upstream[0] != '\0';
    bool fits = at < part.n || upstream[0] == '\0'
        ? span_copy(span_cut(part, 0, at), upstream, REPLY_NAME_MAX)
        : span_copy(part, scenario, sizeof scenario);
    if (fits && at < part.n)
        fits = span_copy(span_cut(part, at + 1, part.n), scenario, sizeof scenario);
    if (!fits)
        return err_set(e, ERR_NOT_FOUND, NULL, "\"%.*s\" is longer than any scenario's name",
                       (int)part.n, part.p);
    int code;
    const struct upstream *u = fixtures_upstream(f, upstream);
    if (is_pattern(upstream) || (names_scenario && is_pattern(scenario)))
        code = add_matching(jobs, f, upstream, scenario, e);
    else if (names_scenario)
        code = add_named(jobs, f, upstream, scenario, e);
    else
        code = u ? add_all(jobs, u, e) : names_nothing(f, upstream, e);
    if (!names_scenario)
        upstream[0] = '\0';
    return code;
}

static int add_word(struct jobs *jobs, const struct fixtures *f, const char *text, struct err *e)
{
    char upstream[REPLY_NAME_MAX] = "";
    struct span rest = span_of(text);
    const struct upstream *u = fixtures_upstream(f, text);
    if (u)
        return add_all(jobs, u, e);
    if (file_exists(text))
        return add_path(jobs, f, text, e);
    if (!strpbrk(text, ":,*?[") && find_scenario(f, rest) == rest.n)
        return names_nothing(f, text, e);
    int code = 0;
    for (size_t comma = 0; !code && comma <= rest.n; comma++) {
        rest = span_cut(rest, comma, rest.n);
        comma = span_find(rest, ',');
        code = add_part(jobs, f, span_cut(rest, 0, comma), upstream, e);
    }
    return code;
}

int jobs_select(struct fixtures *fixtures, const char *const *words, int word_count,
                struct jobs *out, struct err *e)
{
    *out = (struct jobs){0};
    int code = 0;
    for (int i = 0; !code && i < word_count; i++)
        if (is_file(fixtures, words[i]))
            code = load_file(fixtures, words[i], e);
    for (uint32_t i = 0; word_count == 0 && !code && i < fixtures->upstream_count; i++)
        code = add_all(out, &fixtures->upstreams[i], e);
    for (int i = 0; !code && i < word_count; i++)
        code = add_word(out, fixtures, words[i], e);
    if (code)
        jobs_fini(out);
    return code;
}

/* True when the client waits for one goal of the job's upstream, and the scenario is of another. */
static bool is_of_another_goal(const struct job *job)
{
    const struct profile *p = job->client ? job->client->profile : NULL;
    const char *goal = job->scenario->goal;
    return p && p->goal && contract_has_goal(&job->upstream->contract, p->goal)
        && (!goal || strcmp(goal, p->goal) != 0);
}

int jobs_for_clients(struct jobs *jobs, const struct external *clients, uint32_t count,
                     struct err *e)
{
    uint64_t all = (uint64_t)jobs->count * count;
    if (count == 0)
        return 0;
    if (all > JOBS_MAX)
        return err_set(e, ERR_LIMIT, NULL, "%u scenarios for %u clients are more than %d",
                       jobs->count, count, JOBS_MAX);
    struct job *list = calloc(all + 1, sizeof *list);
    if (!list)
        return err_set(e, ERR_MEMORY, NULL, "no memory for %u scenarios", (uint32_t)all);
    for (uint32_t i = 0; i < all; i++) {
        list[i] = jobs->list[i % jobs->count];
        list[i].client = &clients[i / jobs->count];
        list[i].left_out = is_of_another_goal(&list[i]);
    }
    free(jobs->list);
    *jobs = (struct jobs){.list = list, .count = (uint32_t)all, .room = all + 1};
    return 0;
}

static int check_goal(const struct fixtures *f, const struct profile *p, struct err *e)
{
    const char *known[GOALS_MAX + 1] = {NULL};
    size_t n = 0;
    for (uint32_t i = 0; i < f->upstream_count; i++) {
        const struct contract *c = &f->upstreams[i].contract;
        if (contract_has_goal(c, p->goal))
            return 0;
        const struct json *row = json_first(json_get(c->x_task, "goals"));
        for (; row && n < GOALS_MAX; row = json_next(row))
            known[n++] = json_key(row);
    }
    const char *near = text_nearest(p->goal, known);
    return err_set(e, ERR_CONTRACT, p->path, "\"goal\" is \"%s\", which no upstream has%s%s",
                   p->goal, near ? "; nearest: " : "", near ? near : "");
}

int jobs_check_goals(const struct fixtures *fixtures, const struct external *clients,
                     uint32_t count, struct err *e)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < count; i++)
        if (clients[i].profile && clients[i].profile->goal)
            code = check_goal(fixtures, clients[i].profile, e);
    return code;
}

void jobs_fini(struct jobs *jobs)
{
    free(jobs->list);
    *jobs = (struct jobs){0};
}
