/* One row a runtime: its exit code, and whether its mark ends what was written. */
#include "crash.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    NOT_EXECUTED = 126,
    NOT_FOUND = 127,
    SIGNALS = 128, /* a shell's exit code for a signal is this and its number */
    SIGNAL_MAX = 64
};

/* -- Lines ------------------------------------------------------------------------------------ */

/* Takes the last line of a text that does not end with a line end. */
static struct span take_last(struct span *text)
{
    const char *end = text->n ? memrchr(text->p, '\n', text->n) : NULL;
    size_t begin = end ? (size_t)(end - text->p) + 1 : 0;
    struct span line = span_cut(*text, begin, text->n);
    *text = span_cut(*text, 0, end ? begin - 1 : 0);
    while (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static struct span take_first(struct span *text)
{
    struct span line = span_cut(*text, 0, span_find(*text, '\n'));
    *text = span_cut(*text, line.n + 1, text->n);
    while (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static bool is_indented(struct span line)
{
    return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

static bool holds(struct span s, const char *word)
{
    return s.n && memmem(s.p, s.n, word, strlen(word));
}

/* The text from the last line on that begins with the word, after blanks and perhaps "+ "; *before is what stands
 * before it. False when none does. */
static bool find_last(struct span text, const char *word, struct span *from, struct span *before)
{
    for (struct span left = text; left.n > 0;) {
        struct span line = take_last(&left);
        size_t skip = 0;
        while (skip < line.n && strchr(" +", line.p[skip]))
            skip++;
        if (!span_starts(span_cut(line, skip, line.n), word))
            continue;
        size_t at = (size_t)(line.p - text.p);
        *from = span_cut(text, at, text.n);
        *before = left;
        return true;
    }
    return false;
}

/* -- Runtimes: whether its mark is the last thing in errors, which has no blanks at its end; *line is
 * then the line that says what it was ------------------------------------------------------------- */

/* "KeyError: 'x'", "requests.exceptions.Timeout". */
static bool names_exception(struct span line)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";
    size_t n = 0;
    while (n < line.n && line.p[n] && strchr(letters, line.p[n]))
        n++;
    return n > 0 && (n == line.n || line.p[n] == ':');
}

/* A group of exceptions is drawn: each line begins with blanks, and "|" or "+". */
static bool ends_group(struct span block, struct span *line)
{
    struct span rest = block;
    take_first(&rest);
    for (*line = (struct span){0}; rest.n > 0;) {
        struct span next = take_first(&rest);
        size_t skip = 0;
        while (skip < next.n && strchr(" |+", next.p[skip]))
            skip++;
        next = span_cut(next, skip, next.n);
        if (line->n == 0 && skip <= 4 && names_exception(next)) /* frames are further in */
            *line = next;
    }
    return line->n > 0 && span_ends(take_last(&block), "+------------------------------------");
}

/* A message may have more lines: only one that is indented is no report of the client's. */
static bool ends_python(struct span errors, struct span *line)
{
    static const char mark[] = "Traceback (most recent call last):";
    struct span block, before, rest;
    if (find_last(errors, "Exception Group Traceback (most recent call last):", &block, &before)
        && is_indented(block))
        return ends_group(block, line);
    if (!find_last(errors, mark, &block, &before) || is_indented(block))
        return false;
    struct span above = take_last(&before);
    if (span_starts(above, "Exception in thread ") || span_starts(above, "Exception ignored in"))
        return false;
    rest = block;
    take_first(&rest);
    do
        *line = take_first(&rest);
    while (rest.n > 0 && (line->n == 0 || is_indented(*line)));
    return names_exception(*line) && (rest.n == 0 || is_indented(take_last(&rest)));
}

static bool ends_node(struct span errors, struct span *line)
{
    if (!span_starts(take_last(&errors), "Node.js v"))
        return false;
    do
        *line = take_last(&errors);
    while (errors.n > 0
           && (line->n == 0 || is_indented(*line) || line->p[0] == '}'
               || span_starts(*line, "(Use `node")));
    return true;
}

static bool ends_java(struct span errors, struct span *line)
{
    struct span block, before;
    if (!find_last(errors, "Exception in thread \"main\" ", &block, &before))
        return false;
    *line = take_first(&block);
    return block.n == 0 || take_last(&block).p[0] == '\t';
}

/* "    ^^^^": it stands below a line of the program. */
static bool is_underline(struct span line)
{
    size_t n = 0;
    while (n < line.n && strchr(" \t^", line.p[n]))
        n++;
    return n == line.n && n > 0 && line.p[n - 1] == '^';
}

static bool ends_ruby(struct span errors, struct span *line)
{
    do {
        *line = take_last(&errors);
        if (is_underline(*line))
            take_last(&errors);
    } while (errors.n > 0 && (line->n == 0 || is_indented(*line)));
    return (holds(*line, ":in '") || holds(*line, ":in `")) && holds(*line, "': ")
        && holds(*line, " (") && span_ends(*line, ")");
}

static bool ends_go(struct span errors, struct span *line)
{
    struct span block, before;
    if (!find_last(errors, "panic: ", &block, &before)
        && !find_last(errors, "fatal error: ", &block, &before))
        return false;
    *line = take_first(&block);
    return holds(block, "goroutine ") && take_last(&block).p[0] == '\t';
}

static bool ends_go_run(struct span errors, struct span *line)
{
    return span_is(take_last(&errors), "exit status 2") && ends_go(span_trim(errors), line);
}

static bool ends_php(struct span errors, struct span *line)
{
    struct span block, before;
    if (!find_last(errors, "PHP Fatal error:", &block, &before)
        && !find_last(errors, "PHP Parse error:", &block, &before))
        return false;
    *line = take_first(&block);
    return block.n == 0 || span_starts(take_last(&block), "  thrown in ");
}

static bool ends_perl(struct span errors, struct span *line)
{
    *line = take_last(&errors);
    size_t n = line->n;
    if (!span_ends(*line, ".") || !holds(*line, " at ") || !holds(*line, " line "))
        return false;
    for (n--; n > 0 && line->p[n - 1] >= '0' && line->p[n - 1] <= '9';)
        n--;
    return n < line->n - 1 && span_ends(span_cut(*line, 0, n), " line ");
}

static const struct runtime {
    int exit_code;
    bool (*ends)(struct span errors, struct span *line);
} runtimes[] = {
    {1, ends_python}, {1, ends_node},   {1, ends_java},  {1, ends_ruby},
    {2, ends_go},     {1, ends_go_run}, {255, ends_php}, {255, ends_perl},
};

/* -- All of them ------------------------------------------------------------------------------ */

static bool by_exception(int exit_code, struct span errors, struct span *line)
{
    struct span text = errors;
    while (text.n > 0 && strchr(" \t\r\n", text.p[text.n - 1]))
        text.n--;
    for (size_t i = 0; i < sizeof runtimes / sizeof runtimes[0]; i++)
        if (runtimes[i].exit_code == exit_code && text.n && runtimes[i].ends(text, line))
            return true;
    *line = (struct span){0};
    return false;
}

void crash_read(int exit_code, struct span errors, struct span *line, char *out, size_t out_size)
{
    int number = exit_code - SIGNALS;
    out[0] = '\0';
    if (by_exception(exit_code, errors, line))
        snprintf(out, out_size, "uncaught exception: %.*s", (int)(line->n < 90 ? line->n : 90),
                 line->p);
    else if (exit_code == NOT_EXECUTED)
        snprintf(out, out_size, "a program could not be executed (exit code %d)", exit_code);
    else if (exit_code == NOT_FOUND)
        snprintf(out, out_size, "a program was not found (exit code %d)", exit_code);
    else if (number > 0 && number <= SIGNAL_MAX)
        snprintf(out, out_size, "signal %d (%s) ended it", number,
                 sigabbrev_np(number) ? sigabbrev_np(number) : "of real time");
}

const char *crash_hint(int exit_code)
{
    static const struct {
        int exit_code;
        const char *hint;
    } hints[] = {
        {9, "Node's for an argument that it does not know"},
        {13, "Node's for a promise that never settled"},
        {101, "Rust's for a panic"},
        {120, "Python's for an output that could not be written"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        if (hints[i].exit_code == exit_code)
            return hints[i].hint;
    return NULL;
}
