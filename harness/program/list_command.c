/* harness list: upstreams, scenarios, rules and faults, for people and as JSON. */
#include "commands.h"

#include "base/args.h"
#include "base/text.h"
#include "harness/report/report.h"
#include "harness/rules/rules.h"
#include "harness/run/jobs.h"
#include "mockserver/list/list.h"

#include <string.h>

static const char HELP[] =
    "harness list [upstreams | scenarios | rules | faults | SCENARIO...]\n"
    "\n"
    "Says what there is, a line each: upstreams without words; with words that \"harness run\"\n"
    "takes, the scenarios that would run.\n"
    "\n";

static void list_rules(struct listing *l, const struct fixtures *f)
{
    (void)f;
    for (const struct rule *r = rules(); r->name; r++) {
        if (!l->json) {
            list_line(l, r->name, r->demand);
            continue;
        }
        json_write_open(&l->w, '{');
        json_member_text(&l->w, "name", r->name);
        json_member_text(&l->w, "level", report_level_name(r->level));
        json_member_text(&l->w, "demand", r->demand);
        json_write_close(&l->w, '}');
    }
}

typedef void write_list(struct listing *l, const struct fixtures *f);

static const struct {
    const char *name;
    write_list *write;
} lists[] = {{"upstreams", list_upstreams},
             {"scenarios", list_scenarios},
             {"rules", list_rules},
             {"faults", list_faults}};
enum { LISTS = sizeof lists / sizeof lists[0] };

static write_list *find_list(const char *word)
{
    for (size_t i = 0; i < LISTS; i++)
        if (strcmp(word, lists[i].name) == 0)
            return lists[i].write;
    return NULL;
}

/* A word that names nothing may be meant for a list. */
static int names_nothing(const char *word, struct err *e)
{
    const char *names[LISTS + 1] = {0};
    for (size_t i = 0; i < LISTS; i++)
        names[i] = lists[i].name;
    const char *near = text_nearest(word, names);
    return near ? err_set(e, ERR_USAGE, NULL, "nothing is called \"%s\"; nearest: %s", word, near)
                : ERR_USAGE;
}

static int list_selected(struct fixtures *f, const struct args_rest *rest, bool json,
                         struct buf *out, struct err *e)
{
    struct jobs jobs;
    struct listing l;
    int code = jobs_select(f, rest->words, rest->count, &jobs, e);
    if (code)
        return rest->count == 1 ? names_nothing(rest->words[0], e) : ERR_USAGE;
    list_begin(&l, "scenarios", json, out);
    for (uint32_t i = 0; i < jobs.count; i++)
        list_scenario(&l, jobs.list[i].upstream, jobs.list[i].scenario);
    list_end(&l);
    jobs_fini(&jobs);
    return 0;
}

static int list_words(struct fixtures *f, const struct args_rest *rest, bool json, struct buf *out,
                      struct err *e)
{
    const char *kind = rest->count == 0 ? "upstreams" : rest->words[0];
    write_list *write = rest->count > 1 ? NULL : find_list(kind);
    struct listing l;
    if (!write)
        return list_selected(f, rest, json, out, e);
    list_begin(&l, kind, json, out);
    write(&l, f);
    list_end(&l);
    return 0;
}

int command_list(int argc, char **argv, struct command_output *out, struct err *e)
{
    struct args_list given = {0};
    bool json = false;
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_LIST, &given, 0, 0, "DIR",
         "the fixtures (default: those that \"harness where\" tells); may be given again to add "
         "packs"},
        {"--json", 0, ARGS_SWITCH, &json, 0, 0, NULL, "one JSON object (default: a line each)"},
        {0},
    };
    struct args_rest rest;
    struct fixtures *fixtures = NULL;
    int code = command_options(options, argc, argv, HELP, &rest, out, e);
    if (rest.help)
        return EXIT_GOOD;
    if (!code && rest.after)
        code = err_set(e, ERR_USAGE, "--", "list runs no command");
    if (!code)
        code = fixtures_load_all(given.values, given.count, NULL, NULL, &fixtures, e);
    if (!code)
        code = list_words(fixtures, &rest, json, &out->text, e);
    fixtures_free(fixtures);
    return args_exit_code((enum err_code)code);
}
