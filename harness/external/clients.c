/* Loads the profiles of a command line, checks that they fit together, and prepares each client. */
#include "clients.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "path/to/poll.json" is "poll". */
static struct span file_name(const char *path)
{
    struct span name = span_of(last_part(path));
    const struct span end = span_of(".json");
    if (name.n > end.n && span_same(span_cut(name, name.n - end.n, end.n), end))
        name.n -= end.n;
    return name;
}

static bool has_command(const struct profile *p)
{
    return p->command[0];
}

static int load(const struct args_list *paths, struct clients *out, struct err *e)
{
    if (paths->count > CLIENTS_MAX)
        return err_set(e, ERR_USAGE, "--profile", "at most %d clients side by side", CLIENTS_MAX);
    out->list = calloc((size_t)paths->count + 1, sizeof *out->list);
    out->profiles = calloc((size_t)paths->count + 1, sizeof *out->profiles);
    if (!out->list || !out->profiles)
        return err_set(e, ERR_MEMORY, NULL, "no memory for %d profiles", paths->count);
    for (int i = 0; i < paths->count; i++) {
        int code = profile_load(paths->values[i], &out->profiles[i], e);
        if (code)
            return code;
        out->profile_count++;
    }
    return 0;
}

/* The name of profile i, which no other before it may have. */
static int take_name(struct clients *c, uint32_t i, struct err *e)
{
    const char *path = c->profiles[i].path;
    struct span name = file_name(path);
    if (!text_is_name(name))
        return err_set(e, ERR_USAGE, path,
                       "\"%.*s\" is no name for a client: up to 100 letters, digits, \".\", \"_\" "
                       "and \"-\" are wanted, no \".\" at the beginning",
                       (int)name.n, name.p);
    for (uint32_t k = 0; k < i; k++)
        if (span_is(name, c->list[k].name))
            return err_set(e, ERR_USAGE, path,
                           "is a client named \"%s\", and so is %s: rename one of the files",
                           c->list[k].name, c->profiles[k].path);
    span_copy(name, c->list[i].name, sizeof c->list[i].name);
    return 0;
}

static int prepare_profile(struct clients *c, uint32_t i, uint32_t speed, struct err *e)
{
    const struct profile *p = &c->profiles[i];
    /* exec and its kin take words that they never write to. */
    char *const *command = (char *const *)(uintptr_t)p->command;
    if (!has_command(p))
        return err_set(e, ERR_USAGE, p->path,
                       "names no client: give it a \"command\", or the client after --");
    int code = external_prepare(command, p, speed, &c->list[i], e);
    if (code)
        return err_wrap(e, (enum err_code)code, "%s", p->path);
    code = take_name(c, i, e);
    c->count += !code;
    return code;
}

/* "python3 poll.py": the program, and the file that it is given to run, so that two clients of one interpreter have
 * two names. That is the first word, options aside, when it is a file. */
static void take_name_of_words(char *const *words, struct external *client)
{
    struct stat file;
    uint32_t i = 1;
    while (words[i] && words[i][0] == '-')
        i++;
    bool runs = words[i] && stat(words[i], &file) == 0 && S_ISREG(file.st_mode);
    snprintf(client->name, sizeof client->name, "%s%s%s", last_part(words[0]), runs ? " " : "",
             runs ? last_part(words[i]) : "");
}

static int prepare_words(struct clients *c, char *const *after, uint32_t speed, struct err *e)
{
    const struct profile *p = c->profile_count > 0 ? &c->profiles[0] : NULL;
    if (c->profile_count > 1)
        return err_set(e, ERR_USAGE, "--",
                       "goes with one --profile at most; where there are several, each names its "
                       "client by its \"command\"");
    if (p && has_command(p))
        return err_set(
            e, ERR_USAGE, p->path,
            "has a \"command\", and a client stands after -- too: leave one of them out");
    int code = external_prepare(after, p, speed, &c->list[0], e);
    if (code)
        return code;
    c->count = 1;
    take_name_of_words(after, &c->list[0]);
    return 0;
}

int clients_read(const struct args_list *paths, char *const *after, uint32_t speed,
                 struct clients *out, struct err *e)
{
    *out = (struct clients){0};
    int code = load(paths, out, e);
    if (!code && after)
        return prepare_words(out, after, speed, e);
    for (uint32_t i = 0; !code && i < out->profile_count; i++)
        code = prepare_profile(out, i, speed, e);
    return code;
}

void clients_fini(struct clients *c)
{
    for (uint32_t i = 0; i < c->profile_count; i++)
        profile_fini(&c->profiles[i]);
    free(c->profiles);
    free(c->list);
    *c = (struct clients){0};
}
