/* Regular expressions: PCRE2 with a count of what it does.
 *
 * PCRE2's own match limit starts anew at each place of the subject, and does not see how far one
 * item runs: over a long subject it bounds nothing. So patterns are compiled with a callout before
 * each of their items, and the callout counts. */
#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_OF_STEPS = -1000 }; /* what the callout ends a search with; none of PCRE2's own */

struct regex {
    pcre2_code *code;
    uint32_t groups;
    size_t run; /* bytes that one item may look at before it fails, unseen by the callout */
};

static int no_memory(struct err *e)
{
    return err_set(e, ERR_MEMORY, NULL, "no memory for a regular expression");
}

/* PCRE2's memory is ours: a test can let it fail. */
static void *reserve(PCRE2_SIZE n, void *unused)
{
    (void)unused;
    return malloc(n);
}

static void release(void *p, void *unused)
{
    (void)unused;
    free(p);
}

/* What contexts are made of, which take a copy of it; freed with pcre2_general_context_free. */
static pcre2_general_context *memory(void)
{
    return pcre2_general_context_create(reserve, release, NULL);
}

/* -- Names of characters --------------------------------------------------------------------------- */

/* ECMAScript's long names of Unicode's categories, of which PCRE2 knows the short ones. */
static const struct {
    const char *name, *category;
} categories[] = {
    {"Letter", "L"},
    {"Cased_Letter", "L&"},
    {"Lowercase_Letter", "Ll"},
    {"Uppercase_Letter", "Lu"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"Format", "Cf"},
    {"Private_Use", "Co"},
    {"Unassigned", "Cn"},
};

/* PCRE2 ignores spaces in the braces: the pattern stays as long as it was, and the places of errors stay
 * true. */
static void shorten_name(char *name, size_t n)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
        if (!span_is((struct span){name, n}, categories[i].name))
            continue;
        size_t kept = strlen(categories[i].category);
        memcpy(name, categories[i].category, kept);
        memset(name + kept, ' ', n - kept);
        return;
    }
}

/* \p{Letter} to \p{L     }. */
static void shorten_names(char *pattern)
{
    for (char *c = strchr(pattern, '\\'); c && c[1]; c = strchr(c + 2, '\\'))
        if ((c[1] == 'p' || c[1] == 'P') && c[2] == '{')
            shorten_name(c + 3, strcspn(c + 3, "}"));
}

/* -- Compiling ---------------------------------------------------------------------------------- */

static pcre2_code *compile(const char *pattern, unsigned flags, struct err *e)
{
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY
        | PCRE2_AUTO_CALLOUT | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF;
    if (flags & REGEX_MULTI_LINE)
        options |= PCRE2_MULTILINE;
    pcre2_general_context *general = memory();
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    pcre2_general_context_free(general);
    if (!context) {
        no_memory(e);
        return NULL;
    }
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    int fault = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &fault,
                                     &at, context);
    pcre2_compile_context_free(context);
    if (code)
        return code;
    char where[32], words[160] = "";
    snprintf(where, sizeof where, "byte %zu", (size_t)at);
    pcre2_get_error_message(fault, (PCRE2_UCHAR *)words, sizeof words);
    if (fault == PCRE2_ERROR_HEAP_FAILED)
        no_memory(e);
    else
        err_set(e, ERR_SYNTAX, where, "%s", words);
    return NULL;
}

/* The largest number in braces: [a-z]{1000} looks at 1000 characters of up to four bytes. */
static size_t longest_repeat(const char *pattern)
{
    size_t most = 0;
    for (const char *c = strpbrk(pattern, "{,"); c; c = strpbrk(c + 1, "{,")) {
        size_t number = strtoul(c + 1, NULL, 10);
        most = number > most ? number : most;
    }
    return most > UINT16_MAX ? UINT16_MAX : most; /* PCRE2 takes no larger one */
}

static void measure(struct regex *re, const char *pattern)
{
    uint32_t back = 0;
    pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &re->groups);
    pcre2_pattern_info(re->code, PCRE2_INFO_BACKREFMAX, &back);
    re->run = back ? REGEX_SUBJECT_MAX : 4 * longest_repeat(pattern);
}

int regex_open(const char *pattern, unsigned flags, struct regex **out, struct err *e)
{
    struct err own = {0};
    *out = NULL;
    if (strlen(pattern) > REGEX_PATTERN_MAX)
        return err_set(e, ERR_LIMIT, NULL, "a regular expression of more than %d bytes",
                       REGEX_PATTERN_MAX);
    struct regex *re = calloc(1, sizeof *re);
    if (!re)
        return no_memory(e);
    char copy[REGEX_PATTERN_MAX + 1];
    (void)span_copy(span_of(pattern), copy, sizeof copy);
    shorten_names(copy);
    re->code = compile(copy, flags, &own);
    if (!re->code) {
        free(re);
        return err_set(e, own.code, own.where, "%s", own.what);
    }
    measure(re, pattern);
    *out = re;
    return 0;
}

void regex_close(struct regex *re)
{
    if (!re)
        return;
    pcre2_code_free(re->code);
    free(re);
}

size_t regex_group_count(const struct regex *re)
{
    return re->groups;
}

/* -- Searching ---------------------------------------------------------------------------------- */

/* What the callout knows of the search under way. */
struct search {
    uint32_t steps; /* left */
    size_t at;      /* where in the subject the last item began */
    size_t run;     /* as in struct regex, but never longer than the subject */
};

static bool spend(struct search *s, size_t steps)
{
    bool enough = steps < s->steps;
    s->steps = enough ? s->steps - (uint32_t)steps : 0;
    return enough;
}

/* PCRE2 calls it before each item of the pattern that it tries. */
static int count(pcre2_callout_block *block, void *arg)
{
    struct search *s = arg;
    size_t at = block->current_position;
    size_t passed = at > s->at ? at - s->at : 0;
    s->at = at;
    return spend(s, 1 + (passed + s->run) / REGEX_STEP_BYTES) ? 0 : OUT_OF_STEPS;
}

static int match(const struct regex *re, struct span subject, struct search *s,
                 pcre2_match_data *data)
{
    if (!spend(s, 1 + subject.n / REGEX_STEP_BYTES)) /* that it is UTF-8 is looked at first */
        return OUT_OF_STEPS;
    pcre2_general_context *general = memory();
    pcre2_match_context *context = general ? pcre2_match_context_create(general) : NULL;
    pcre2_general_context_free(general);
    if (!context)
        return PCRE2_ERROR_NOMEMORY;
    pcre2_set_callout(context, count, s);
    pcre2_set_match_limit(context, REGEX_STEPS_MAX);
    pcre2_set_depth_limit(context, REGEX_DEPTH_MAX);
    pcre2_set_heap_limit(context, REGEX_HEAP_KIB_MAX);
    int result = pcre2_match(re->code, (PCRE2_SPTR)(subject.n ? subject.p : ""), subject.n, 0, 0,
                             data, context);
    pcre2_match_context_free(context);
    return result;
}

/* What PCRE2's negative results are here. */
static int told(int result, uint32_t steps, pcre2_match_data *data, struct err *e)
{
    char where[32], words[160] = "";
    switch (result) {
    case PCRE2_ERROR_NOMATCH: return err_set(e, ERR_NOT_FOUND, NULL, "nothing matches");
    case OUT_OF_STEPS:
    case PCRE2_ERROR_MATCHLIMIT:
        return err_set(e, ERR_LIMIT, NULL, "a regular expression takes more than %u steps", steps);
    case PCRE2_ERROR_DEPTHLIMIT:
        return err_set(e, ERR_LIMIT, NULL,
                       "a regular expression has more than %d places to go back to",
                       REGEX_DEPTH_MAX);
    case PCRE2_ERROR_HEAPLIMIT:
        return err_set(e, ERR_LIMIT, NULL, "a regular expression takes more than %d KiB",
                       REGEX_HEAP_KIB_MAX);
    case PCRE2_ERROR_NOMEMORY: return no_memory(e);
    default:
        snprintf(where, sizeof where, "byte %zu", (size_t)pcre2_get_startchar(data));
        pcre2_get_error_message(result, (PCRE2_UCHAR *)words, sizeof words);
        return err_set(e, ERR_SYNTAX, where, "%s", words);
    }
}

static int search(const struct regex *re, struct span subject, uint32_t *steps, struct span *groups,
                  size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        groups[i] = (struct span){0};
    if (subject.n > REGEX_SUBJECT_MAX)
        return err_set(e, ERR_LIMIT, NULL, "more than %d bytes to search with a regular expression",
                       REGEX_SUBJECT_MAX);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(re->code, NULL);
    if (!data)
        return no_memory(e);
    struct search s = {.steps = *steps, .run = re->run < subject.n ? re->run : subject.n};
    int result = match(re, subject, &s, data);
    int code = result < 0 ? told(result, *steps, data, e) : 0;
    *steps = s.steps;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
    for (size_t i = 0; !code && i < n && i < (size_t)result; i++)
        if (ends[2 * i] != PCRE2_UNSET && ends[2 * i] <= ends[2 * i + 1])
            groups[i] = span_cut(subject, ends[2 * i], ends[2 * i + 1] - ends[2 * i]);
    pcre2_match_data_free(data);
    return code;
}

int regex_find(const struct regex *re, struct span subject, struct span *groups, size_t n,
               struct err *e)
{
    uint32_t steps = REGEX_STEPS_MAX;
    return search(re, subject, &steps, groups, n, e);
}

int regex_test(const struct regex *re, struct span subject, uint32_t *steps, struct err *e)
{
    return search(re, subject, steps, NULL, 0, e);
}
