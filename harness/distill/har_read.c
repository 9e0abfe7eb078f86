/* Reads the parts of a HAR file that replies and scenarios are made of. */
#include "har_read.h"

#include "base/base64.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* Path and query of "https://host/path?query". */
static struct span target_of(const char *url)
{
    const char *at = strstr(url, "://");
    at = !at ? url : at + 3 + strcspn(at + 3, "/?");
    return *at == '\0' ? span_of("/") : span_of(at);
}

static int wrong_entry(const char *path, uint32_t i, const char *pointer, const char *wanted,
                       struct err *e)
{
    err_set(e, ERR_CONTRACT, pointer, "%s is wanted", wanted);
    return err_wrap(e, ERR_CONTRACT, "%s: /log/entries/%u", path, i);
}

static int read_entry(struct recording *r, uint32_t i, const struct json *entry, const char *path,
                      struct err *e)
{
    struct exchange *x = &r->exchanges[i];
    int64_t status = 0;
    const char *url = json_string(json_at(entry, "/request/url"));
    const char *text = json_string(json_at(entry, "/response/content/text"));
    const char *encoding = json_string(json_at(entry, "/response/content/encoding"));
    x->method = json_string(json_at(entry, "/request/method"));
    x->headers = json_at(entry, "/response/headers");
    x->request_body = span_of(json_string(json_at(entry, "/request/postData/text")));
    x->body = span_of(text);
    x->body_unreadable = json_unreadable(json_at(entry, "/response/content/text"));
    if (!x->method)
        return wrong_entry(path, i, "/request/method", "a string", e);
    if (!url)
        return wrong_entry(path, i, "/request/url", "a string", e);
    if (!json_int64(json_at(entry, "/response/status"), &status) || status < 0 || status > 599)
        return wrong_entry(path, i, "/response/status", "a status of 0 to 599", e);
    x->target = target_of(url);
    x->status = (int)status;
    if (!text || !encoding || strcmp(encoding, "base64") != 0)
        return 0;
    struct buf bytes;
    buf_init(&bytes, x->body.n);
    bool good = base64_decode(&bytes, x->body);
    x->body.n = bytes.n;
    x->body.p = r->decoded[i] = buf_take(&bytes);
    return good && x->body.p ? 0 : wrong_entry(path, i, "/response/content/text", "base64", e);
}

static int read_entries(struct recording *r, const char *path, struct err *e)
{
    const struct json *entries = json_at(r->document, "/log/entries");
    size_t count = json_count(entries);
    if (json_kind(entries) != JSON_ARRAY)
        return err_set(e, ERR_CONTRACT, path,
                       "is no HAR file: /log/entries is %s, an array is wanted",
                       json_kind_name(json_kind(entries)));
    if (count > HAR_EXCHANGES_MAX)
        return err_set(e, ERR_LIMIT, path, "has %zu entries, at most %d are read", count,
                       HAR_EXCHANGES_MAX);
    r->exchanges = calloc(count + 1, sizeof *r->exchanges);
    r->decoded = calloc(count + 1, sizeof *r->decoded);
    if (!r->exchanges || !r->decoded)
        return err_set(e, ERR_MEMORY, path, "no memory for %zu entries", count);
    for (const struct json *v = json_first(entries); v; v = json_next(v)) {
        int code = read_entry(r, r->count++, v, path, e);
        if (code)
            return code;
    }
    return 0;
}

/* Reads the document that was opened with this code. */
static int read_document(struct recording *r, int code, const char *path, struct err *e)
{
    if (!code)
        code = read_entries(r, path, e);
    if (code)
        recording_fini(r);
    return code;
}

int recording_read(const char *path, struct recording *out, struct err *e)
{
    *out = (struct recording){0};
    return read_document(out, json_open_file(path, HAR_BYTES_MAX, false, &out->document, e), path,
                         e);
}

int recording_parse(struct span text, const char *path, struct recording *out, struct err *e)
{
    *out = (struct recording){0};
    int code = json_open(text, &out->document, e);
    if (code)
        err_wrap(e, (enum err_code)code, "%s", path);
    return read_document(out, code, path, e);
}

void recording_fini(struct recording *r)
{
    for (uint32_t i = 0; r->decoded && i < r->count; i++)
        free(r->decoded[i]);
    free(r->decoded);
    free(r->exchanges);
    json_close(r->document);
    *r = (struct recording){0};
}
