/* Files and folders, each by its kind. */
#include "scan.h"

#include "scan_har.h"

#include "base/file.h"
#include "mockserver/record/har.h"

#include <stdio.h>
#include <string.h>

enum { HEADERS_MAX = 256, CONTRACT_MAX = 16 << 20, TEXT_SAMPLE = 4096 };

/* -- Replies and other texts ------------------------------------------------------------------- */

/* What is told of a file by its lines. */
struct lines {
    struct scan *scan;
    const char *path;
    struct span file;
    const struct header *headers;
    struct span body;
};

static unsigned line_of(const struct lines *l, const char *at)
{
    unsigned line = 1;
    for (const char *c = l->file.p; c < at; c++)
        line += *c == '\n';
    return line;
}

static void tell_line(const struct redact_place *place, void *arg)
{
    const struct lines *l = arg;
    bool in_header = strncmp(place->where, "response header", 15) == 0;
    const char *from = in_header                     ? l->headers[place->header].value.p
        : strcmp(place->where, "response body") == 0 ? l->body.p
                                                     : l->file.p;
    scan_tell(l->scan, l->path, place->kind, "%u", line_of(l, from + place->at));
}

static int scan_text(struct scan *s, struct redactor *r, const char *path, struct span file,
                     struct err *e)
{
    struct lines l = {s, path, file, NULL, {0}};
    struct redact_exchange x = {.error = file};
    return redact_find(r, &x, tell_line, &l, e);
}

/* The x-task of the contract of the folder that replies/ lies in; NULL when there is none. */
static struct json *contract_beside(const char *path)
{
    char contract[FILE_PATH_MAX];
    struct json *root = NULL;
    const char *replies = strstr(path, "/replies/");
    if (!replies
        || snprintf(contract, sizeof contract, "%.*s/openapi.json", (int)(replies - path), path)
            >= (int)sizeof contract)
        return NULL;
    return json_open_file(contract, CONTRACT_MAX, true, &root, NULL) == 0 ? root : NULL;
}

/* A status line, headers, an empty line, a body: as `curl -i` writes it. */
static int scan_reply(struct scan *s, struct redactor *r, const char *path, struct span file,
                      struct err *e)
{
    struct header headers[HEADERS_MAX];
    size_t count = 0, at = span_find(file, '\n') + 1;
    while (at < file.n && count < HEADERS_MAX) {
        struct span rest = span_cut(file, at, file.n);
        struct span line = span_cut(rest, 0, span_find(rest, '\n'));
        at += line.n + 1;
        size_t colon = span_find(line, ':');
        if (span_trim(line).n == 0)
            break;
        headers[count++] = (struct header){span_cut(line, 0, colon),
                                           span_trim(span_cut(line, colon + 1, line.n))};
    }
    struct lines l = {s, path, file, headers, span_cut(file, at, file.n)};
    struct json *contract = contract_beside(path);
    struct redact_exchange x = {.response_headers = headers,
                                .response_header_count = count,
                                .response_body = l.body,
                                .x_task = json_get(contract, "x-task")};
    int code = redact_find(r, &x, tell_line, &l, e);
    json_close(contract);
    return code;
}

/* -- Recordings -------------------------------------------------------------------------------- */

static int scan_entries(struct scan *s, struct redactor *r, const char *path,
                        const struct json *root, struct err *e)
{
    int code = 0;
    uint64_t index = 0;
    for (const struct json *v = json_first(json_at(root, "/log/entries")); !code && v;
         v = json_next(v))
        code = scan_entry(s, r, path, v, index++, e);
    return code;
}

/* A recording of our own has an entry a line, and may be longer than a JSON text is read at once. */
static int scan_ours(struct scan *s, struct redactor *r, const char *path, struct span file,
                     struct err *e)
{
    int code = 0;
    size_t at = span_find(file, '\n') + 1;
    for (uint64_t index = 0; !code && at < file.n; index++) {
        struct span rest = span_cut(file, at, file.n);
        struct span line = span_cut(rest, 0, span_find(rest, '\n'));
        struct json *entry = NULL;
        at += line.n + 1;
        line.n -= line.n > 0 && line.p[line.n - 1] == ',';
        if (line.n == 0 || line.p[0] == ']')
            break;
        code = json_open(line, &entry, e);
        if (!code)
            code = scan_entry(s, r, path, entry, index, e);
        json_close(entry);
    }
    return code;
}

static int scan_bytes(struct scan *s, struct redactor *r, const char *path, struct span file,
                      struct err *e)
{
    struct json *root = NULL;
    size_t keep = 0;
    bool is_har = span_ends(span_of(path), ".har");
    struct span start = span_cut(file, 0, TEXT_SAMPLE);
    if (span_ends(span_of(path), ".http"))
        return scan_reply(s, r, path, file, e);
    if (is_har && har_whole(file, &keep))
        return scan_ours(s, r, path, span_cut(file, 0, keep), e);
    if (!is_har && !(start.n > 0 && memmem(start.p, start.n, "\"log\"", 5)))
        return scan_text(s, r, path, file, e);
    int code = json_open(file, &root, is_har ? e : NULL);
    if (code)
        return is_har ? code : scan_text(s, r, path, file, e);
    bool has_entries = json_kind(json_at(root, "/log/entries")) == JSON_ARRAY;
    code = has_entries ? scan_entries(s, r, path, root, e) : scan_text(s, r, path, file, e);
    json_close(root);
    return code;
}

/* -- Files and folders ------------------------------------------------------------------------- */

static int scan_file(struct scan *s, const char *path, struct err *e)
{
    struct redactor *r = NULL;
    struct buf text;
    uint32_t before = s->places;
    buf_init(&text, SCAN_FILE_MAX);
    int code = redactor_open(true, &r, e);
    if (!code)
        code = file_read(path, &text, e);
    if (!code) {
        code = scan_bytes(s, r, path, buf_span(&text), e);
        if (code && (!e || strncmp(e->where, path, strlen(path)) != 0))
            err_wrap(e, (enum err_code)code, "%s", path);
    }
    redactor_close(r);
    buf_fini(&text);
    s->files += !code;
    s->files_with += s->places > before;
    return code;
}

struct folder {
    struct scan *scan;
    const char *dir;
};

static int scan_below(const char *name, bool is_dir, void *arg, struct err *e)
{
    const struct folder *f = arg;
    char path[FILE_PATH_MAX];
    if (!file_join(path, sizeof path, f->dir, name))
        return err_set(e, ERR_LIMIT, f->dir, "a path of more than %d bytes", FILE_PATH_MAX - 1);
    if (file_is_link(path))
        return 0;
    struct folder below = {f->scan, path};
    return is_dir ? file_list(path, scan_below, &below, e) : scan_file(f->scan, path, e);
}

int scan_path(struct scan *s, const char *path, struct err *e)
{
    struct folder f = {s, path};
    return file_is_dir(path) ? file_list(path, scan_below, &f, e) : scan_file(s, path, e);
}
