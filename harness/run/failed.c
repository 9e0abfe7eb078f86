/* Reads in a report what did not pass, and makes jobs of it. */
#include "failed.h"

#include "base/text.h"
#include "harness/external/external.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENT_NAMES_MAX = 64 };

int failed_open(const char *path, struct failed *out, struct err *e)
{
    *out = (struct failed){.path = path};
    int code = json_open_file(path, JSON_TEXT_MAX, false, &out->document, e);
    if (code)
        return code;
    const char *program = json_string(json_get(out->document, "program"));
    if (program && strcmp(program, "harness") == 0
        && json_kind(json_get(out->document, "scenarios")) == JSON_ARRAY)
        return 0;
    failed_fini(out);
    return err_set(e, ERR_CONTRACT, path, "is no report of harness run --report json=FILE");
}

void failed_fini(struct failed *f)
{
    json_close(f->document);
    *f = (struct failed){0};
}

int64_t failed_seed(const struct failed *f)
{
    int64_t seed = -1;
    return json_int64(json_get(f->document, "seed"), &seed) ? seed : -1;
}

/* -- Its clients ------------------------------------------------------------------------------ */

static int take_words(struct failed *f, const struct json *client, char ***after, struct err *e)
{
    size_t n = 0;
    const struct json *word = json_first(json_get(client, "command"));
    for (; word && n < PROFILE_COMMAND_MAX; word = json_next(word)) {
        f->command[n] = (char *)json_string(word); /* as argv: nobody writes to it */
        if (!f->command[n++])
            return err_set(e, ERR_CONTRACT, f->path, "/clients: a command is not of words");
    }
    *after = n > 0 ? f->command : NULL;
    return 0;
}

/* A profile with a command starts its client; one without goes with the words after "--". */
static int take_profile(struct failed *f, const struct json *client, const char *path,
                        struct args_list *paths, char ***after, struct err *e)
{
    struct profile profile;
    if (paths->count == ARGS_LIST_MAX)
        return err_set(e, ERR_LIMIT, f->path, "/clients: more than %d", ARGS_LIST_MAX);
    int code = profile_load(path, &profile, e);
    if (code)
        return code;
    paths->values[paths->count++] = path;
    if (!profile.command[0])
        code = take_words(f, client, after, e);
    profile_fini(&profile);
    return code;
}

int failed_clients(struct failed *f, struct args_list *paths, char ***after, struct err *e)
{
    const struct json *client = json_first(json_get(f->document, "clients"));
    int code = 0;
    for (; !code && client; client = json_next(client)) {
        const char *profile = json_string(json_get(client, "profile"));
        code = profile ? take_profile(f, client, profile, paths, after, e)
                       : take_words(f, client, after, e);
    }
    return code;
}

/* -- What did not pass ------------------------------------------------------------------------ */

static bool member_is(const struct json *object, const char *key, const char *text)
{
    const char *value = json_string(json_get(object, key));
    return value && strcmp(value, text) == 0;
}

static bool has_failed(const struct json *row)
{
    bool known = false;
    json_bool(json_get(row, "known"), &known);
    return !known
        && (member_is(row, "verdict", "failed") || member_is(row, "verdict", "inconclusive"));
}

/* NULL as client: any. */
static bool lists(const struct failed *f, const struct job *job, const char *client)
{
    const struct json *row = json_first(json_get(f->document, "scenarios"));
    for (; row; row = json_next(row))
        if (has_failed(row) && member_is(row, "upstream", job->upstream->name)
            && member_is(row, "scenario", job->scenario->name)
            && (!client || member_is(row, "client", client)))
            return true;
    return false;
}

/* The word that names the row's scenario: "upstream:scenario", or its file when it is not among the fixtures. */
static const char *word_of(const struct json *row, const struct fixtures *f, char *out,
                           size_t out_size)
{
    const char *upstream = json_string(json_get(row, "upstream"));
    const char *scenario = json_string(json_get(row, "scenario"));
    const char *file = json_string(json_get(row, "file"));
    const struct upstream *u = upstream ? fixtures_upstream(f, upstream) : NULL;
    if (file && !(u && scenario && upstream_scenario(u, scenario)))
        return file;
    snprintf(out, out_size, "%s:%s", upstream ? upstream : "", scenario ? scenario : "");
    return out;
}

int failed_select(const struct failed *f, struct fixtures *fixtures, struct jobs *out,
                  struct err *e)
{
    enum { NAME_BYTES = 2 * REPLY_NAME_MAX };
    const struct json *list = json_get(f->document, "scenarios");
    const struct json *row = json_first(list);
    size_t count = json_count(list);
    const char **words = calloc(count + 1, sizeof *words);
    char(*names)[NAME_BYTES] = calloc(count + 1, sizeof *names);
    int n = 0;
    *out = (struct jobs){0};
    int code = words && names
        ? 0
        : err_set(e, ERR_MEMORY, f->path, "no memory for %zu scenarios", count);
    for (; !code && row; row = json_next(row))
        if (has_failed(row)) {
            words[n] = word_of(row, fixtures, names[n], sizeof names[n]);
            n++;
        }
    if (!code && n > 0)
        code = jobs_select(fixtures, words, n, out, e);
    free(names);
    free(words);
    return code;
}

void failed_narrow(const struct failed *f, struct jobs *jobs)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < jobs->count; i++)
        if (lists(f, &jobs->list[i], NULL))
            jobs->list[kept++] = jobs->list[i];
    jobs->count = kept;
}

static int unknown_clients(const struct failed *f, const struct jobs *jobs, struct err *e)
{
    const char *names[CLIENT_NAMES_MAX + 1] = {NULL};
    const struct json *client = json_first(json_get(f->document, "clients"));
    size_t n = 0;
    for (; client && n < CLIENT_NAMES_MAX; client = json_next(client)) {
        const char *name = json_string(json_get(client, "name"));
        if (name)
            names[n++] = name;
    }
    const char *wanted = external_name(jobs->list[0].client);
    const char *near = text_nearest(wanted, names);
    return err_set(e, ERR_USAGE, f->path, "tells of no client \"%s\"; %s \"%s\"", wanted,
                   near ? "nearest:" : "the first is", near ? near : (names[0] ? names[0] : ""));
}

int failed_keep(const struct failed *f, struct jobs *jobs, struct err *e)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < jobs->count; i++) {
        bool listed = lists(f, &jobs->list[i], external_name(jobs->list[i].client));
        jobs->list[i].left_out |= !listed;
        kept += listed;
    }
    return jobs->count > 0 && kept == 0 ? unknown_clients(f, jobs, e) : 0;
}
