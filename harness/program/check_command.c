/* harness check: every file under the fixtures loads, every scenario names what exists. */
#include "commands.h"

#include "base/args.h"
#include "base/file.h"
#include "base/text.h"
#include "harness/check/check.h"
#include "harness/rules/rules.h"
#include "mockserver/fixture/fixtures.h"

#include <stdio.h>
#include <string.h>

static const char HELP[] =
    "harness check [FOLDER]...\n"
    "\n"
    "Loads fixtures and says everything that is wrong with them. Each reply is held\n"
    "against its .want.json and its contract; what the contract demands and a reply\n"
    "lacks is a warning on standard error, which fails nothing.\n"
    "\n";

enum { RULE_NAMES_MAX = 64 };

struct checking {
    struct command_output *out;
    uint32_t wrong;
    bool verbose; /* notes too */
};

/* Prints one error and counts it. The loader calls it for each, and for warnings. */
static void print_error(const struct err *e, void *arg)
{
    struct checking *c = arg;
    if (e->code == ERR_OK) {
        c->out->warn(c->out, e);
        return;
    }
    buf_addf(&c->out->text, "%s: %s\n", e->where, e->what);
    c->wrong++;
}

/* Takes what is found in a reply. */
static void print_finding(enum check_level level, const struct err *e, void *arg)
{
    struct checking *c = arg;
    struct err warning = {0};
    if (level == CHECK_WRONG) {
        print_error(e, c);
        return;
    }
    err_set(&warning, ERR_OK, e->where, "%s: %s", level == CHECK_WARNING ? "warning" : "note",
            e->what);
    if (level == CHECK_WARNING || c->verbose)
        c->out->warn(c->out, &warning);
}

/* Checks the names under a scenario's "rules". The loader of fixtures, in the mock, does not
 * know the rules. */
static void check_rules(struct checking *c, const struct scenario *s, const char *const *names,
                        uint32_t count)
{
    const char *known[RULE_NAMES_MAX] = {NULL};
    size_t n = 0;
    for (const struct rule *r = rules(); r->name && n + 1 < RULE_NAMES_MAX; r++)
        known[n++] = r->name;
    for (uint32_t i = 0; i < count; i++) {
        if (rule_find(names[i]))
            continue;
        const char *near = text_nearest(names[i], known);
        struct err e;
        err_set(&e, ERR_CONTRACT, s->path, "\"rules\" names \"%s\", which is no rule%s%s", names[i],
                near ? "; nearest: " : "", near ? near : "");
        print_error(&e, c);
    }
}

static void check_rules_off(struct checking *c, const struct scenario *s)
{
    for (uint32_t i = 0; i < s->rules_off.count; i++)
        check_rules(c, s, &s->rules_off.list[i].rule, 1);
}

static void check_scenarios(struct checking *c, const struct upstream *u)
{
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        const struct scenario *s = &u->scenarios[i];
        check_rules_off(c, s);
        check_rules(c, s, s->rules_required, s->rules_required_count);
    }
}

static int check_folder(const char *dir, struct checking *c, struct err *e)
{
    struct fixtures *f = NULL;
    uint32_t before = c->wrong;
    if (!file_is_dir(dir))
        return err_set(e, ERR_FILE, dir, "is no folder");
    if (fixtures_load(dir, print_error, c, &f, NULL) == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, dir, "no memory to load it");
    uint32_t replies = 0;
    uint32_t scenarios = 0;
    int code = 0;
    for (uint32_t i = 0; !code && f && i < f->upstream_count; i++) {
        char folder[FILE_PATH_MAX];
        code = file_join(folder, sizeof folder, dir, f->upstreams[i].name)
            ? check_replies(folder, &f->upstreams[i], print_finding, c, e)
            : err_set(e, ERR_LIMIT, dir, "the path is too long");
        check_scenarios(c, &f->upstreams[i]);
        replies += f->upstreams[i].reply_count;
        scenarios += f->upstreams[i].scenario_count;
    }
    if (!code && f && c->wrong == before) {
        buf_add_plain(&c->out->text, span_of(dir));
        buf_addf(&c->out->text, ": %u %s, %u %s, %u %s: good\n", f->upstream_count,
                 text_count_word(f->upstream_count, "upstream", "upstreams"), replies,
                 text_count_word(replies, "reply", "replies"), scenarios,
                 text_count_word(scenarios, "scenario", "scenarios"));
    }
    fixtures_free(f);
    return code;
}

int command_check(int argc, char **argv, struct command_output *out, struct err *e)
{
    const char *fixtures = NULL;
    struct checking c = {.out = out};
    char dir[FILE_PATH_MAX];
    const struct args_option options[] = {
        {"--fixtures", 0, ARGS_TEXT, &fixtures, 0, 0, "DIR",
         "what to check without words (default: ./fixtures, else the installed ones)"},
        {"--verbose", 0, ARGS_SWITCH, &c.verbose, 0, 0, NULL,
         "name on standard error what the contracts do not describe too (default: do not)"},
        {0},
    };
    struct args_rest rest;
    int code = args_read(options, argc, argv, &rest, e);
    if (!code && rest.help) {
        buf_add_text(&out->text, HELP);
        args_help(options, &out->text);
        return EXIT_GOOD;
    }
    if (!code && rest.after)
        code = err_set(e, ERR_USAGE, "--", "check runs no command");
    if (!code && rest.count == 0) {
        code = fixtures_find(fixtures, dir, e);
        code = code ? code : check_folder(dir, &c, e);
    }
    for (int i = 0; !code && i < rest.count; i++)
        code = check_folder(rest.words[i], &c, e);
    if (code)
        return args_exit_code((enum err_code)code);
    if (c.wrong > 0)
        buf_addf(&out->text, "%u %s wrong\n", c.wrong,
                 text_count_word(c.wrong, "thing is", "things are"));
    return c.wrong > 0 ? EXIT_CHECK_FAILED : EXIT_GOOD;
}
