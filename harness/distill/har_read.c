/* Finds the entries of a HAR file, however it is packed. */
#include "har_read.h"

#include "base/file.h"
#include "base/inflate.h"
#include "base/json/json.h"
#include "base/text.h"
#include "har_walk.h"
#include "har_zip.h"

#include <stdio.h>
#include <stdlib.h>

/* The string that the token is, on the heap; NULL for what is no string or cannot be read as one. The only error is
 * ERR_MEMORY. */
static int read_string(struct span token, char **out, struct err *e)
{
    struct json *v = NULL;
    *out = NULL;
    if (token.n < 2 || token.p[0] != '"' || token.n > HAR_URL_MAX)
        return 0;
    int code = json_open(token, &v, e);
    const char *text = json_string(v);
    if (text)
        *out = strdup(text);
    json_close(v);
    if (code == ERR_MEMORY || (text && !*out))
        return err_set(e, ERR_MEMORY, NULL, "no memory for a URL");
    return 0;
}

static int read_entry(struct recording_entry *entry, struct span text, struct err *e)
{
    entry->text = text;
    int code = read_string(har_walk_find(text, "request/method"), &entry->method, e);
    return code ? code : read_string(har_walk_find(text, "request/url"), &entry->url, e);
}

static int read_entries(struct recording *r, struct span list, struct err *e)
{
    size_t count = 0, at = 0;
    struct span value;
    while (har_walk_element(list, &at, &value))
        count++;
    if (count > HAR_ENTRIES_MAX)
        return err_set(e, ERR_LIMIT, r->path, "has %zu entries, at most %d are read", count,
                       HAR_ENTRIES_MAX);
    r->entries = calloc(count + 1, sizeof *r->entries);
    if (!r->entries)
        return err_set(e, ERR_MEMORY, r->path, "no memory for %zu entries", count);
    struct err why = {0};
    int code = 0;
    for (at = 0; !code && har_walk_element(list, &at, &value);)
        code = read_entry(&r->entries[r->count++], value, &why);
    return code ? err_set(e, ERR_MEMORY, r->path, "%s", why.what) : 0;
}

static const char *kind_of(struct span value)
{
    switch (value.n > 0 ? value.p[0] : '\0') {
    case '\0': return "absent";
    case '{': return "object";
    case '"': return "string";
    case 'n': return "null";
    default: return "no array";
    }
}

static int not_json(struct span text, size_t at, const char *path, const char *why, struct err *e)
{
    unsigned line, column;
    char where[ERR_WHERE_MAX];
    json_line_column(text, at, &line, &column);
    snprintf(where, sizeof where, "%.220s:%u:%u", path, line, column);
    return err_set(e, ERR_SYNTAX, where, "%s", why);
}

/* A byte order mark says nothing here. */
static struct span without_mark(struct span text)
{
    return span_starts(text, "\xEF\xBB\xBF") ? span_cut(text, 3, text.n) : text;
}

static int read_text(struct recording *r, struct span text, struct err *e)
{
    size_t at = 0;
    const char *why = NULL;
    text = without_mark(text);
    if (span_trim(text).n == 0)
        return not_json(text, 0, r->path, "the file is empty", e);
    if (text_saved_wrong(text))
        return not_json(text, 0, r->path, text_saved_wrong(text), e);
    if (!har_walk_check(text, &at, &why))
        return not_json(text, at, r->path, why, e);
    struct span list = har_walk_find(har_walk_root(text), "log/entries");
    if (list.n == 0 || list.p[0] != '[')
        return err_set(e, ERR_CONTRACT, r->path,
                       "is no HAR file: /log/entries is %s, an array is wanted", kind_of(list));
    return read_entries(r, list, e);
}

/* The bytes of the file become text: taken out of the zip, decompressed. */
static int unpack(struct recording *r, struct buf *bytes, struct err *e)
{
    struct buf plain;
    struct buf *whole = &plain;
    struct span packed = buf_span(bytes);
    int code = 0;
    buf_init(&plain, HAR_BYTES_MAX);
    r->is_zip = har_zip_is(packed);
    if (r->is_zip)
        code = har_zip_read(packed, NULL, &plain, e);
    else if (inflate_is_gzip(packed))
        code = inflate_bytes(&plain, packed, e);
    else
        whole = bytes;
    if (code)
        err_wrap(e, (enum err_code)code, "%s", r->path);
    size_t n = whole->n;
    r->memory = code ? NULL : buf_take(whole);
    buf_fini(&plain);
    if (code)
        return code;
    if (!r->memory)
        return err_set(e, ERR_MEMORY, r->path, "no memory for a recording");
    return read_text(r, (struct span){r->memory, n}, e);
}

static int begin(struct recording *r, const char *path, struct err *e)
{
    *r = (struct recording){.path = strdup(path)};
    return r->path ? 0 : err_set(e, ERR_MEMORY, path, "no memory for a recording");
}

int recording_read(const char *path, struct recording *out, struct err *e)
{
    struct buf bytes;
    buf_init(&bytes, HAR_BYTES_MAX);
    int code = begin(out, path, e);
    if (!code)
        code = file_read(path, &bytes, e);
    if (!code)
        code = unpack(out, &bytes, e);
    buf_fini(&bytes);
    if (code)
        recording_fini(out);
    return code;
}

int recording_parse(struct span text, const char *path, struct recording *out, struct err *e)
{
    int code = begin(out, path, e);
    if (!code)
        code = read_text(out, text, e);
    if (code)
        recording_fini(out);
    return code;
}

void recording_fini(struct recording *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        free(r->entries[i].method);
        free(r->entries[i].url);
    }
    free(r->entries);
    free(r->path);
    free(r->memory);
    *r = (struct recording){0};
}

static bool leads_up(const char *name)
{
    return strcmp(name, "..") == 0 || strncmp(name, "../", 3) == 0 || strstr(name, "/..");
}

int recording_attached(const struct recording *r, const char *name, struct buf *out, struct err *e)
{
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
    struct buf zip;
    int code = 0;
    if (r->is_zip) {
        buf_init(&zip, HAR_BYTES_MAX);
        code = file_read(r->path, &zip, e);
        if (!code)
            code = har_zip_read(buf_span(&zip), name, out, e);
        buf_fini(&zip);
        return code;
    }
    if (leads_up(name))
        return err_set(e, ERR_FILE, name, "leads out of the recording's folder");
    const char *slash = strrchr(r->path, '/');
    struct span parent = slash ? (struct span){r->path, (size_t)(slash - r->path) + 1}
                               : span_of(".");
    if (!span_copy(parent, folder, sizeof folder) || !file_join(path, sizeof path, folder, name))
        return err_set(e, ERR_LIMIT, name, "the path is longer than %d bytes", FILE_PATH_MAX);
    code = file_stays_below(folder, path, e);
    return code ? code : file_read(path, out, e);
}
