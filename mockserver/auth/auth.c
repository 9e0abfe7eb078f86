/* Credentials: the table of schemes, and how the alternatives of a contract are tried. */
#include "auth.h"

#include <stdlib.h>
#include <string.h>

static const struct auth_scheme *const schemes[] = {
    &auth_bearer, &auth_basic, &auth_api_key, &auth_zego, &auth_none,
};
enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

struct auth {
    struct auth_options options; /* copies, freed by auth_close */
    void *states[SCHEMES];
};

/* -- Open and close ---------------------------------------------------------------------------- */

static int copy_options(const struct auth_options *from, struct auth_options *to, struct err *e)
{
    *to = (struct auth_options){.no_auth = from->no_auth};
    to->token = from->token ? strdup(from->token) : NULL;
    to->secret = from->secret ? strdup(from->secret) : NULL;
    bool good = (!from->token || to->token) && (!from->secret || to->secret);
    return good ? 0 : err_set(e, ERR_MEMORY, NULL, "no memory for credentials");
}

int auth_open(const struct auth_options *options, struct auth **out, struct err *e)
{
    *out = NULL;
    struct auth *a = calloc(1, sizeof *a);
    if (!a)
        return err_set(e, ERR_MEMORY, NULL, "no memory for credentials");
    int code = copy_options(options, &a->options, e);
    for (int i = 0; !code && i < SCHEMES; i++)
        if (schemes[i]->open)
            code = schemes[i]->open(&a->options, &a->states[i], e);
    if (code) {
        auth_close(a);
        return code;
    }
    *out = a;
    return 0;
}

void auth_close(struct auth *a)
{
    if (!a)
        return;
    for (int i = 0; i < SCHEMES; i++)
        if (a->states[i])
            schemes[i]->close(a->states[i]);
    free((char *)a->options.token);
    free((char *)a->options.secret);
    free(a);
}

void auth_reset(struct auth *a)
{
    for (int i = 0; i < SCHEMES; i++)
        if (a->states[i])
            schemes[i]->reset(a->states[i]);
}

/* -- Asking ------------------------------------------------------------------------------------ */

static void *state_of(const struct auth *a, const struct auth_scheme *scheme)
{
    int i = 0;
    while (schemes[i] != scheme)
        i++;
    return a->states[i];
}

/* True when all schemes of one alternative accept. Under no_auth only schemes that name the
 * operation are asked, since their errors are about the request, not the credentials. */
static bool check_set(struct auth *a, const struct auth_set *set, const struct auth_question *q,
                      struct auth_answer *out)
{
    *out = (struct auth_answer){0};
    for (uint32_t i = 0; i < set->count; i++) {
        const struct auth_use *use = &set->uses[i];
        if (a->options.no_auth && !use->scheme->operation)
            continue;
        if (!use->scheme->check(&a->options, state_of(a, use->scheme), use, q, out))
            return false;
    }
    return true;
}

bool auth_check(struct auth *a, const struct auth_rule *rule, const struct auth_question *q,
                struct auth_answer *out)
{
    *out = (struct auth_answer){0};
    for (uint32_t i = 0; i < rule->count; i++) {
        struct auth_answer answer;
        if (check_set(a, &rule->sets[i], q, &answer)) {
            *out = answer;
            return true;
        }
        if (i == 0 || (answer.presented && !out->presented))
            *out = answer;
    }
    return rule->count == 0;
}

/* -- Schemes ----------------------------------------------------------------------------------- */

const struct auth_scheme *auth_scheme_of(const struct json *object)
{
    for (int i = 0; i < SCHEMES; i++)
        if (schemes[i]->matches(object))
            return schemes[i];
    return NULL;
}

const struct auth_scheme *auth_scheme_at(size_t i)
{
    return i < SCHEMES ? schemes[i] : NULL;
}

typedef bool use_test(const struct auth_use *use, const void *arg);

/* True when test holds for a scheme of any alternative. */
static bool any_use(const struct auth_rule *rule, use_test *test, const void *arg)
{
    for (uint32_t i = 0; i < rule->count; i++)
        for (uint32_t k = 0; k < rule->sets[i].count; k++)
            if (test(&rule->sets[i].uses[k], arg))
                return true;
    return false;
}

static bool is_signed(const struct auth_use *use, const void *arg)
{
    (void)arg;
    return use->scheme->is_signed;
}

bool auth_rule_is_signed(const struct auth_rule *rule)
{
    return any_use(rule, is_signed, NULL);
}

static bool owns(const struct auth_use *use, const void *param)
{
    const char *const *names = use->scheme->parameters;
    for (; names && *names; names++)
        if (strcmp(*names, param) == 0)
            return true;
    return use->in_query && use->name && strcmp(use->name, param) == 0;
}

bool auth_rule_owns(const struct auth_rule *rule, const char *query_param)
{
    return any_use(rule, owns, query_param);
}

const char *auth_rule_operation(const struct auth_rule *rule)
{
    for (uint32_t i = 0; i < rule->count; i++)
        for (uint32_t k = 0; k < rule->sets[i].count; k++)
            if (rule->sets[i].uses[k].scheme->operation)
                return rule->sets[i].uses[k].scheme->operation;
    return NULL;
}
