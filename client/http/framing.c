/* Checks a head line by line by the list in framing.h. */
#include "framing.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct span without_line_end(struct span line)
{
    line.n -= line.n > 0 && line.p[line.n - 1] == '\n';
    line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
    return line;
}

const char *framing_status_line(struct framing *f, struct span line)
{
    static const char form[] = "HTTP/1.9 999";
    line = without_line_end(line);
    *f = (struct framing){0};
    bool good = line.n >= sizeof form - 1;
    for (size_t i = 0; good && form[i] != '\0'; i++)
        good = form[i] == '9' ? is_digit(line.p[i]) : line.p[i] == form[i];
    if (!good || (line.n >= sizeof form && line.p[sizeof form - 1] != ' '))
        return "the answer's status line is not one of HTTP/1.x";
    f->http_1_0 = line.p[7] == '0';
    return span_is(span_cut(line, 9, 3), "101") ? "the answer switches to a protocol unasked"
                                                : NULL;
}

static bool is_name(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] <= ' ' || name.p[i] > '~')
            return false;
    return name.n > 0;
}

static const char *add_length(struct framing *f, struct span value)
{
    long long length;
    if (value.n == 0 || !is_digit(value.p[0]) || !span_int64(value, &length))
        return "the answer's Content-Length is not a number of bytes";
    if (f->sized && f->length != length)
        return "the answer has two lengths";
    f->sized = true;
    f->length = length;
    return f->chunked ? "the answer has both a length and chunks" : NULL;
}

static const char *add_coding(struct framing *f, struct span value)
{
    if (f->chunked || f->http_1_0 || !span_is_nocase(value, "chunked"))
        return "the answer has a Transfer-Encoding that was not asked for";
    f->chunked = true;
    return f->sized ? "the answer has both a length and chunks" : NULL;
}

const char *framing_header(struct framing *f, struct span line)
{
    line = without_line_end(line);
    if (span_find(line, '\r') < line.n)
        return "the answer's head has a CR inside a line";
    if (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
        return f->may_fold ? NULL : "the answer's head folds what cannot be folded";
    size_t colon = span_find(line, ':');
    struct span name = span_cut(line, 0, colon);
    if (colon == line.n || !is_name(name))
        return "the answer's head has a line that is no header";
    struct span value = span_trim(span_cut(line, colon + 1, line.n));
    bool length = span_is_nocase(name, "Content-Length");
    bool coding = span_is_nocase(name, "Transfer-Encoding");
    f->may_fold = !length && !coding;
    if (length)
        return add_length(f, value);
    return coding ? add_coding(f, value) : NULL;
}
