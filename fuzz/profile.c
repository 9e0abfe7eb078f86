/* Fuzzes the loader of profiles, and how an outcome is read with one. An input is a profile, a line that starts with
 * ###, and what a client printed.
 *
 * Expressions take at most PROFILE_STEPS_MAX steps, so none runs for ever. */
#include "fuzz.h"

#include "base/regex.h"
#include "base/utf8.h"
#include "harness/external/profile.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { OUTPUT_MAX = 1 << 20, DAY_MS = 24 * 3600 * 1000 };

/* A file without a name on a disk: the loader reads files. */
static const char *write_file(struct span text)
{
    static char path[64];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create("profile", MFD_CLOEXEC);
        fuzz_demand(fd >= 0, "there is a file to write to");
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    fuzz_demand(ftruncate(fd, 0) == 0 && pwrite(fd, text.p, text.n, 0) == (ssize_t)text.n,
                "the file can be written");
    return path;
}

/* -- Properties -------------------------------------------------------------------------------- */

static void demand_words(const char *const *words, int max)
{
    int count = 0;
    while (count <= max && words[count])
        count++;
    fuzz_demand(count <= max, "a list of words ends");
}

static void demand_row(const struct profile_row *row)
{
    fuzz_demand(row->outcome >= TASK_OUTCOME_SUCCEEDED && row->outcome <= TASK_OUTCOME_GAVE_UP,
                "an outcome is one of its values");
    fuzz_demand(row->exit_code >= -1 && row->exit_code <= 255, "an exit code is one, or any");
    fuzz_demand(!row->url || regex_group_count(row->url) == 1, "a URL is one group");
    fuzz_demand(!row->reason || regex_group_count(row->reason) == 1, "a reason is one group");
}

static void demand_profile(const struct profile *p)
{
    fuzz_demand(p->row_count <= PROFILE_ROWS_MAX, "rows fit");
    for (uint32_t i = 0; i < p->row_count; i++)
        demand_row(&p->rows[i]);
    demand_words(p->command, PROFILE_COMMAND_MAX);
    demand_words(p->arguments, PROFILE_ARGUMENTS_MAX);
    fuzz_demand(!p->command[0] || p->command[0][0] != '\0', "a command names a program");
    fuzz_demand(p->limit_ms >= 0 && p->limit_ms <= DAY_MS, "a limit is a time");
}

/* What is not UTF-8 in an output is read as a question mark, which was not printed. A URL may have been printed with
 * escapes (fuzz/printed.c), and its scheme in capitals. */
static bool is_printed(const char *text, size_t size, const char *output)
{
    return memchr(text, '\0', size)
        && (strcasestr(output, text) || !utf8_is_valid(span_of(output)));
}

/* False when an expression takes too many steps to tell. */
static bool demand_reading(const struct profile *p, int exit_code, const char *output)
{
    static const struct scenario scenario = {.expect.url = "https://a.b/c.mp4"};
    static struct evidence first, again;
    first = (struct evidence){.scenario = &scenario};
    again = (struct evidence){.scenario = &scenario};
    struct err e = {0};
    const struct profile_end end = {exit_code, output, output};
    int code = profile_read(p, &end, &first, &e);
    fuzz_demand(profile_read(p, &end, &again, NULL) == code, "the same output fails the same");
    if (code) {
        fuzz_demand(p && code == ERR_LIMIT && e.where[0] != '\0', "an expression is named");
        return false;
    }
    const struct task_result *r = &first.result;
    fuzz_demand(memcmp(&first.result.view, &again.result.view, sizeof again.result.view) == 0
                    && r->outcome == again.result.outcome && first.unspecific == again.unspecific,
                "the same output is read the same");
    fuzz_demand(is_printed(r->view.url, sizeof r->view.url, output) || strchr(output, '\\'),
                "a URL was printed");
    fuzz_demand(is_printed(r->view.reason, sizeof r->view.reason, output), "a reason was printed");
    fuzz_demand(!first.unspecific || (exit_code != 0 && r->outcome == TASK_OUTCOME_FAILED),
                "only a failure may be one of no kind");
    bool is_row = exit_code == 0 && r->outcome == TASK_OUTCOME_SUCCEEDED;
    for (uint32_t i = 0; p && i < p->row_count; i++)
        is_row |= p->rows[i].outcome == r->outcome
            && (p->rows[i].exit_code < 0 || p->rows[i].exit_code == exit_code);
    fuzz_demand(is_row || first.unspecific, "an outcome is a row's, or what an exit code says");
    return true;
}

static void demand_none(const struct profile *p, int code, const struct err *e, const char *path)
{
    static const struct profile zero;
    fuzz_demand(memcmp(p, &zero, sizeof zero) == 0, "the profile is zero on error");
    fuzz_demand(code == ERR_SYNTAX || code == ERR_CONTRACT || code == ERR_LIMIT
                    || code == ERR_USAGE,
                "a profile fails by what is written in it");
    fuzz_demand((int)e->code == code && e->what[0] != '\0', "an error has a code and a sentence");
    fuzz_demand(span_starts(span_of(e->where), path), "an error names the file");
}

/* Cuts the input at the line that starts with ###; *output is what comes behind that line, up to a NUL. */
static struct span split(struct span text, char output[OUTPUT_MAX])
{
    const char *mark = memmem(text.p, text.n, "\n###", 4);
    size_t at = mark ? (size_t)(mark - text.p) : text.n;
    struct span rest = span_cut(text, at + 1, text.n);
    rest = span_cut(rest, span_find(rest, '\n') + 1, rest.n);
    rest = span_cut(rest, 0, span_find(rest, '\0'));
    if (!span_copy(rest, output, OUTPUT_MAX))
        output[0] = '\0';
    return span_cut(text, 0, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int exit_codes[] = {0, 1, 2, 137, 255};
    static char output[OUTPUT_MAX];
    static struct profile p;
    struct err e = {0};
    struct span text = split((struct span){(const char *)data, size}, output);
    const char *path = write_file(text);
    memset(&p, 0xA5, sizeof p);
    int code = profile_load(path, &p, &e);
    if (code)
        demand_none(&p, code, &e, path);
    else
        demand_profile(&p);
    bool told = true;
    for (size_t i = 0; told && i < sizeof exit_codes / sizeof *exit_codes; i++)
        told = demand_reading(code ? NULL : &p, exit_codes[i], output);
    profile_fini(&p);
    return 0;
}
