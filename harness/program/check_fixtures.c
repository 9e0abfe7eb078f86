/* Every file under the fixtures loads, every scenario names what exists, every reply says what stands beside it. */
#include "check_fixtures.h"

#include "base/file.h"
#include "base/text.h"
#include "harness/check/check.h"
#include "harness/rules/rules.h"
#include "mockserver/fixture/fixtures.h"

#include <string.h>

enum { RULE_NAMES_MAX = 64 };

/* The loader calls it for each error, and for warnings. */
static void tell_error(const struct err *e, void *arg)
{
    static const char prefix[] = "warning: ";
    struct check_run *run = arg;
    struct check_finding f = {e->code == ERR_OK ? CHECK_WARNING : CHECK_WRONG, e, "", ""};
    struct err bare = *e;
    if (f.level == CHECK_WARNING && strncmp(e->what, prefix, strlen(prefix)) == 0) {
        err_set(&bare, ERR_OK, e->where, "%s", e->what + strlen(prefix));
        f.e = &bare;
    }
    run->tell(&f, run);
}

/* Checks the names under a scenario's "rules". The loader of fixtures, in the mock, does not
 * know the rules. */
static void check_rules(struct check_run *run, const struct scenario *s, const char *const *names,
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
        tell_error(&e, run);
    }
}

static void check_scenarios(struct check_run *run, const struct upstream *u)
{
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        const struct scenario *s = &u->scenarios[i];
        for (uint32_t j = 0; j < s->rules_off.count; j++)
            check_rules(run, s, &s->rules_off.list[j].rule, 1);
        check_rules(run, s, s->rules_required, s->rules_required_count);
    }
}

int check_fixtures(const char *dir, struct check_run *run, struct err *e)
{
    struct fixtures *f = NULL;
    uint32_t before = run->told.counts[CHECK_WRONG];
    if (!file_is_dir(dir))
        return err_set(e, ERR_FILE, dir, "is no folder");
    if (fixtures_load(dir, tell_error, run, &f, NULL) == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, dir, "no memory to load it");
    uint32_t replies = 0;
    uint32_t scenarios = 0;
    int code = 0;
    for (uint32_t i = 0; !code && f && i < f->upstream_count; i++) {
        char folder[FILE_PATH_MAX];
        code = file_join(folder, sizeof folder, dir, f->upstreams[i].name)
            ? check_replies(folder, &f->upstreams[i], &run->age, run->tell, run, e)
            : err_set(e, ERR_LIMIT, dir, "the path is too long");
        check_scenarios(run, &f->upstreams[i]);
        replies += f->upstreams[i].reply_count;
        scenarios += f->upstreams[i].scenario_count;
    }
    if (!code && f && run->told.prints_text && run->told.counts[CHECK_WRONG] == before) {
        buf_add_plain(&run->out->text, span_of(dir));
        buf_addf(&run->out->text, ": %u %s, %u %s, %u %s: good\n", f->upstream_count,
                 text_count_word(f->upstream_count, "upstream", "upstreams"), replies,
                 text_count_word(replies, "reply", "replies"), scenarios,
                 text_count_word(scenarios, "scenario", "scenarios"));
    }
    fixtures_free(f);
    return code;
}
