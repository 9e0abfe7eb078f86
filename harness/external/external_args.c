/* Makes a client's command line and environment: placeholders replaced, libfaketime put before
 * the command when time is sped up. */
#include "external_args.h"

#include "base/args.h"
#include "clockwait.h"
#include "placeholder.h"
#include "mockserver/auth/zego.h"
#include "mockserver/decide/mock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

enum { VALUE_MAX = 640, TEXTS_MAX = 1 << 20, FAKETIME_WORDS = 6, FAKETIME_VARIABLES = 4 };

struct value {
    char text[VALUE_MAX]; /* of the placeholder with its index */
};

/* Milliseconds as seconds without needless zeros: "5", "0.083". */
static void seconds(int64_t ms, uint32_t divisor, char *out, size_t out_size)
{
    snprintf(out, out_size, "%.4f", (double)ms / 1000.0 / divisor);
    size_t n = strlen(out);
    while (n > 0 && out[n - 1] == '0')
        out[--n] = '\0';
    if (n > 0 && out[n - 1] == '.')
        out[n - 1] = '\0';
}

int64_t external_args_bound_ms(const struct external *x, const struct scenario *s)
{
    return x->profile && x->profile->bound_ms > 0 ? x->profile->bound_ms : s->expect.within_ms;
}

static int64_t interval_ms(const struct external *x, const struct upstream *u)
{
    return x->profile && x->profile->interval_ms > 0 ? x->profile->interval_ms
                                                     : u->contract.polite.interval_ms;
}

static void fill_values(const struct external *x, const struct endpoint *endpoint,
                        struct value *values)
{
    const struct scenario *s = endpoint->scenario;
    uint32_t divisor = x->pace == PACE_INTERVAL ? x->speed : 1;
    memset(values, 0, PLACEHOLDERS * sizeof *values);
    snprintf(values[PLACEHOLDER_BASE_URL].text, VALUE_MAX, "%s", endpoint->base_url);
    snprintf(values[PLACEHOLDER_TASK_ID].text, VALUE_MAX, "%s", endpoint->task_id);
    snprintf(values[PLACEHOLDER_TOKEN].text, VALUE_MAX, "%s", TESTBED_TOKEN);
    seconds(interval_ms(x, endpoint->upstream), divisor, values[PLACEHOLDER_INTERVAL].text,
            VALUE_MAX);
    seconds(external_args_bound_ms(x, s), divisor, values[PLACEHOLDER_TIMEOUT].text, VALUE_MAX);
    snprintf(values[PLACEHOLDER_APP_ID].text, VALUE_MAX, "%d", ZEGO_TEST_APP_ID);
    snprintf(values[PLACEHOLDER_SECRET].text, VALUE_MAX, "%s", ZEGO_TEST_SECRET);
    snprintf(values[PLACEHOLDER_GOAL].text, VALUE_MAX, "%s", s->goal ? s->goal : "");
    snprintf(values[PLACEHOLDER_UPSTREAM].text, VALUE_MAX, "%s", endpoint->upstream->name);
    snprintf(values[PLACEHOLDER_ASSET_URL].text, VALUE_MAX, "%s", endpoint->asset_url);
    snprintf(values[PLACEHOLDER_SPEED].text, VALUE_MAX, "%u", divisor);
    snprintf(values[PLACEHOLDER_PROMPT].text, VALUE_MAX, "a lighthouse at night");
}

/* The placeholder that the text begins with; -1 when it begins with none. */
static int placeholder_at(const char *text)
{
    for (int i = 0; i < PLACEHOLDERS; i++)
        if (strncmp(text, placeholder_text((enum placeholder)i),
                    strlen(placeholder_text((enum placeholder)i)))
            == 0)
            return i;
    return -1;
}

/* Appends the word with its placeholders replaced, and a NUL; returns its offset in texts. */
static size_t add_word(struct buf *texts, const struct value *values, const char *word)
{
    size_t at = texts->n;
    while (*word != '\0') {
        int which = *word == '{' ? placeholder_at(word) : -1;
        if (which < 0) {
            buf_add_char(texts, *word++);
            continue;
        }
        buf_add_text(texts, values[which].text);
        word += strlen(placeholder_text((enum placeholder)which));
    }
    buf_add_char(texts, '\0');
    return at;
}

/* libfaketime's "@SECONDS xN": start at that Unix time, run N times faster. FAKETIME_FMT=%s
 * makes it read Unix seconds, so that no time zone matters. */
static size_t add_faketime(struct buf *texts, struct clock *clock, uint32_t speed)
{
    size_t at = texts->n;
    buf_addf(texts, "@%lld x%u", (long long)(clock_now(clock) / 1000), speed);
    buf_add_char(texts, '\0');
    return at;
}

static size_t count_words(char *const *words)
{
    size_t n = 0;
    while (words[n])
        n++;
    return n;
}

const char *const *external_added_words(const struct external *x)
{
    static const char *const none[] = {NULL};
    return x->profile ? x->profile->arguments : none;
}

bool external_args_use(const struct external *x, enum placeholder which)
{
    return placeholder_is_in(which, (const char *const *)x->command)
        || placeholder_is_in(which, external_added_words(x));
}

/* faketime makes a semaphore and a memory segment named by its process id, and refuses to start
 * when they exist. A client that was killed at its limit leaves them behind, and process ids are
 * used again: remove old ones first. */
static const char faketime_script[] =
    "rm -f /dev/shm/sem.faketime_sem_$$ /dev/shm/faketime_shm_$$; exec faketime \"$@\"";

/* The words and variables as offsets into texts, which moves while it grows. They become
 * pointers at the end. */
struct drafting {
    size_t argv[FAKETIME_WORDS + EXTERNAL_ARGS_MAX + PROFILE_ARGUMENTS_MAX];
    size_t argc;
    size_t environment[PLACEHOLDERS + FAKETIME_VARIABLES];
    size_t environment_count;
};

/* Puts our library before whatever LD_PRELOAD names already. faketime appends
 * libfaketime behind both. */
static void draft_preload(struct buf *texts, uint32_t speed, struct drafting *d)
{
    const char *others = args_variable("LD_PRELOAD");
    if (!clockwait_path())
        return;
    d->environment[d->environment_count++] = texts->n;
    buf_addf(texts, "LD_PRELOAD=%s%s%s", clockwait_path(), others ? ":" : "", others ? others : "");
    buf_add_char(texts, '\0');
    d->environment[d->environment_count++] = texts->n;
    buf_addf(texts, "UNDERSTUDY_CLOCKWAIT=%u", speed);
    buf_add_char(texts, '\0');
}

static void draft(const struct external *x, struct clock *clock, const struct value *values,
                  struct buf *texts, struct drafting *d)
{
    const char *const *added = external_added_words(x);
    if (x->pace == PACE_FAKETIME) {
        d->argv[d->argc++] = add_word(texts, values, "sh");
        d->argv[d->argc++] = add_word(texts, values, "-c");
        d->argv[d->argc++] = add_word(texts, values, faketime_script);
        d->argv[d->argc++] = add_word(texts, values, "faketime");
        d->argv[d->argc++] = add_word(texts, values, "-f");
        d->argv[d->argc++] = add_faketime(texts, clock, x->speed);
        d->environment[d->environment_count++] = add_word(texts, values, "FAKETIME_FMT=%s");
        /* Child processes of the client go on with its time; without this theirs
         * would start anew. */
        d->environment[d->environment_count++] = add_word(texts, values, "FAKETIME_DONT_RESET=1");
        draft_preload(texts, x->speed, d);
    }
    for (size_t i = 0; x->command[i]; i++)
        d->argv[d->argc++] = add_word(texts, values, x->command[i]);
    for (size_t i = 0; added[i]; i++)
        d->argv[d->argc++] = add_word(texts, values, added[i]);
    for (int i = 0; i < PLACEHOLDERS; i++) {
        d->environment[d->environment_count++] = texts->n;
        buf_addf(texts, "%s=%s", placeholder_variable((enum placeholder)i), values[i].text);
        buf_add_char(texts, '\0');
    }
}

/* True when one of the first count variables has this one's name. Ours replaces an inherited
 * one: of two with the same name some programs read the first, others the last. */
static bool is_among(char *const *variables, size_t count, const char *variable)
{
    size_t n = strcspn(variable, "=") + 1;
    for (size_t i = 0; i < count; i++)
        if (strncmp(variables[i], variable, n) == 0)
            return true;
    return false;
}

/* A proxy that the environment names would stand between the client and its mock. Whoever wants one
 * names it in the command: env http_proxy=... client. */
static bool is_proxy(const char *variable)
{
    static const char *const names[] = {"http_proxy=", "https_proxy=", "all_proxy="};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncasecmp(variable, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

int external_args_make(const struct external *x, struct clock *clock,
                       const struct endpoint *endpoint, struct external_args *out, struct err *e)
{
    struct value values[PLACEHOLDERS];
    struct drafting d = {.argc = 0};
    size_t inherited = count_words(environ);
    *out = (struct external_args){0};
    buf_init(&out->texts, TEXTS_MAX);
    fill_values(x, endpoint, values);
    draft(x, clock, values, &out->texts, &d);
    out->argv = calloc(d.argc + 1, sizeof *out->argv);
    out->environment = calloc(inherited + d.environment_count + 1, sizeof *out->environment);
    int code = buf_err(&out->texts, "the client's command line", e);
    if (!code && (!out->argv || !out->environment))
        code = err_set(e, ERR_MEMORY, NULL, "no memory for the client's command line");
    if (code) {
        external_args_fini(out);
        return code;
    }
    for (size_t i = 0; i < d.argc; i++)
        out->argv[i] = out->texts.p + d.argv[i];
    size_t count = 0;
    for (; count < d.environment_count; count++)
        out->environment[count] = out->texts.p + d.environment[count];
    for (size_t i = 0; i < inherited; i++)
        if (!is_among(out->environment, d.environment_count, environ[i]) && !is_proxy(environ[i]))
            out->environment[count++] = environ[i];
    return 0;
}

void external_args_fini(struct external_args *args)
{
    free(args->argv);
    free(args->environment);
    buf_fini(&args->texts);
    *args = (struct external_args){0};
}
