/* Reads command lines and the environment by a table of options. */
#include "args.h"

#include "text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 64, VARIABLE_MAX = 80, HELP_COLUMN = 28 };

/* "--port-file" to "UNDERSTUDY_PORT_FILE". */
static void variable_of(const char *flag, char out[VARIABLE_MAX])
{
    (void)snprintf(out, VARIABLE_MAX, "UNDERSTUDY_%s", flag + 2);
    for (char *c = out; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
        if (*c == '-')
            *c = '_';
    }
}

/* first: no value was given yet. The first one replaces the list's default; later
 * ones are appended. */
static int set_list(struct args_list *list, const char *value, bool first, const char *where,
                    struct err *e)
{
    if (first)
        list->count = 0;
    if (list->count == ARGS_LIST_MAX)
        return err_set(e, ERR_USAGE, where, "given more than %d times", ARGS_LIST_MAX);
    list->values[list->count++] = value;
    return 0;
}

static int set_int(const struct args_option *o, const char *value, const char *where, struct err *e)
{
    long long number = 0;
    if (!span_int64(span_of(value), &number) || number < o->min || number > o->max)
        return err_set(e, ERR_USAGE, where, "\"%s\" is not a whole number from %lld to %lld", value,
                       (long long)o->min, (long long)o->max);
    *(int64_t *)o->out = number;
    return 0;
}

static int set_duration(const struct args_option *o, const char *value, const char *where,
                        struct err *e)
{
    char seconds[64];
    int64_t ms = 0;
    int n = snprintf(seconds, sizeof seconds, "%ss", value);
    bool bare = n > 0 && (size_t)n < sizeof seconds && text_duration_ms(span_of(seconds), &ms);
    if (!text_duration_ms(span_of(value), &ms)) {
        if (!bare)
            return err_set(e, ERR_USAGE, where,
                           "\"%s\" is not a duration such as 250ms, 5s, 10m or 1h, at most 24h",
                           value);
        (void)text_duration_ms(span_of(seconds), &ms);
    }
    *(int64_t *)o->out = ms;
    return 0;
}

static int set_value(const struct args_option *o, const char *value, bool first, const char *where,
                     struct err *e)
{
    switch (o->kind) {
    case ARGS_TEXT: *(const char **)o->out = value; return 0;
    case ARGS_SWITCH: *(bool *)o->out = true; return 0;
    case ARGS_INT: return set_int(o, value, where, e);
    case ARGS_DURATION: return set_duration(o, value, where, e);
    case ARGS_LIST: return set_list(o->out, value, first, where, e);
    }
    return 0;
}

const char *args_variable(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] != '\0' ? value : NULL;
}

static int read_variable(const struct args_option *o, struct err *e)
{
    static const struct {
        const char *word;
        bool on;
    } switches[] = {{"1", true},  {"true", true},   {"yes", true},
                    {"0", false}, {"false", false}, {"no", false}};
    char variable[VARIABLE_MAX];
    variable_of(o->flag, variable);
    const char *value = args_variable(variable);
    if (!value)
        return 0;
    if (o->kind != ARGS_SWITCH)
        return set_value(o, value, true, variable, e);
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        if (!span_is_nocase(span_of(value), switches[i].word))
            continue;
        *(bool *)o->out = switches[i].on;
        return 0;
    }
    return err_set(e, ERR_USAGE, variable, "\"%s\" is none of 1, true, yes, 0, false, no", value);
}

static int unknown(const struct args_option *options, const char *flag, struct err *e)
{
    const char *flags[OPTIONS_MAX + 2] = {"--help"};
    for (size_t i = 0; options[i].flag && i < OPTIONS_MAX; i++)
        flags[i + 1] = options[i].flag;
    const char *nearest = text_nearest(flag, flags);
    if (nearest)
        return err_set(e, ERR_USAGE, flag, "unknown option; did you mean %s?", nearest);
    return err_set(e, ERR_USAGE, flag, "unknown option; --help lists them all");
}

/* The option that a word names: "--name", "--name=value" (then *value), "-j", "-j4". */
static const struct args_option *option_of(const struct args_option *options, const char *word,
                                           const char **value)
{
    size_t name_len = strcspn(word, "=");
    *value = NULL;
    for (const struct args_option *o = options; o->flag; o++) {
        if (span_is((struct span){word, name_len}, o->flag)) {
            *value = word[name_len] == '=' ? word + name_len + 1 : NULL;
            return o;
        }
        if (o->letter != '\0' && word[1] == o->letter) {
            *value = word[2] != '\0' ? word + 2 : NULL;
            return o;
        }
    }
    return NULL;
}

/* Reads the option at argv[*i], and its value, which may be the next word. */
static int read_option(const struct args_option *options, int argc, char **argv, int *i,
                       uint64_t *given, struct err *e)
{
    const char *value = NULL;
    const struct args_option *o = option_of(options, argv[*i], &value);
    if (!o) {
        char flag[64];
        (void)snprintf(flag, sizeof flag, "%.*s", (int)strcspn(argv[*i], "="), argv[*i]);
        return unknown(options, flag, e);
    }
    size_t index = (size_t)(o - options);
    assert(index < OPTIONS_MAX);
    bool first = (*given >> index & 1) == 0;
    *given |= UINT64_C(1) << index;
    if (o->kind == ARGS_SWITCH && value)
        return err_set(e, ERR_USAGE, o->flag, "takes no value");
    if (o->kind != ARGS_SWITCH && !value) {
        if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
            return err_set(e, ERR_USAGE, o->flag, "needs a value: %s %s", o->flag,
                           o->value ? o->value : "VALUE");
        value = argv[++*i];
    }
    return set_value(o, value, first, o->flag, e);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int args_read(const struct args_option *options, int argc, char **argv, struct args_rest *rest,
              struct err *e)
{
    *rest = (struct args_rest){0};
    uint64_t given = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            rest->after = argv + i + 1;
            break;
        }
        if (is_help(argv[i])) {
            rest->help = true;
            return 0;
        }
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            int result = read_option(options, argc, argv, &i, &given, e);
            if (result != 0)
                return result;
            continue;
        }
        if (rest->count == ARGS_LIST_MAX)
            return err_set(e, ERR_USAGE, argv[i], "more than %d words", ARGS_LIST_MAX);
        rest->words[rest->count++] = argv[i];
    }
    for (size_t i = 0; options[i].flag; i++) {
        assert(i < OPTIONS_MAX);
        int result = (given >> i & 1) == 0 ? read_variable(&options[i], e) : 0;
        if (result != 0)
            return result;
    }
    return 0;
}

void args_help(const struct args_option *options, struct buf *out)
{
    for (const struct args_option *o = options; o->flag; o++) {
        char left[96];
        char variable[VARIABLE_MAX];
        char letter[8] = "    ";
        variable_of(o->flag, variable);
        if (o->letter != '\0')
            (void)snprintf(letter, sizeof letter, "-%c, ", o->letter);
        (void)snprintf(left, sizeof left, "%s%s%s%s", letter, o->flag, o->value ? " " : "",
                       o->value ? o->value : "");
        buf_addf(out, "  %-*s  %s [%s]\n", HELP_COLUMN, left, o->help, variable);
    }
    buf_addf(out, "  %-*s  this text\n", HELP_COLUMN, "-h, --help");
}

int args_exit_code(enum err_code code)
{
    switch (code) {
    case ERR_OK: return EXIT_GOOD;
    case ERR_USAGE: return EXIT_USAGE;
    case ERR_FILE:
    case ERR_NETWORK:
    case ERR_MEMORY:
    case ERR_TIMEOUT: return EXIT_ENVIRONMENT;
    default: return EXIT_CHECK_FAILED;
    }
}
