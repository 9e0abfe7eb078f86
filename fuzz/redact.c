/* Fuzzes what the recorder keeps of an exchange. An input is two messages in the form of requests.h: what was asked,
 * and what came back (its method stands for the status, its target for the reason). In both a @ is a secret, written
 * plainly; @% and @u are the same as an URL and as a JSON string may spell it.
 *
 * The secret must be found nowhere in the entry, if it was planted where a secret stands: in a secret header, in a
 * secret parameter, or at a pointer of the contract's and nowhere else. */
#include "fuzz.h"
#include "requests.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/json/json.h"
#include "mockserver/message/query.h"
#include "mockserver/record/record_entry.h"
#include "mockserver/record/redact.h"

#include <string.h>

enum { TEXT_MAX = 4 << 20, NAME_MAX_BYTES = 32 << 10 };

static const char secret[] = "sk-C4n/Ary+Zq0=";

/* -- Planting ---------------------------------------------------------------------------------- */

static void spell(struct buf *out, bool as_url)
{
    for (const char *c = secret; *c != '\0'; c++) {
        unsigned byte = (unsigned char)*c;
        if (as_url)
            buf_addf(out, "%%%02x", byte);
        else
            buf_addf(out, "\\u%04X", byte);
    }
}

static void plant(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.n; i++) {
        char kind = i + 1 < text.n ? text.p[i + 1] : ' ';
        if (text.p[i] != '@')
            buf_add_char(out, text.p[i]);
        else if (kind == '%' || kind == 'u')
            spell(out, kind == '%');
        else
            buf_add_text(out, secret);
        i += text.p[i] == '@' && (kind == '%' || kind == 'u');
    }
}

static int digit(char c)
{
    long long value = 0;
    if (span_int64((struct span){&c, 1}, &value))
        return (int)value;
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What a reader of an URL or a JSON string makes of the text. */
static void read_plain(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.n; i++) {
        struct span rest = span_cut(text, i, text.n);
        size_t skip = rest.p[0] == '%' ? 1 : span_starts(rest, "\\u00") ? 4 : 0;
        bool both = skip > 0 && rest.n >= skip + 2;
        int high = both ? digit(rest.p[skip]) : -1, low = both ? digit(rest.p[skip + 1]) : -1;
        if (high >= 0 && low >= 0) {
            buf_add_char(out, (char)(high << 4 | low));
            i += skip + 1;
        } else {
            buf_add_char(out, text.p[i]);
        }
    }
}

static bool holds_secret(struct span text)
{
    struct buf plain;
    buf_init(&plain, TEXT_MAX);
    read_plain(&plain, text);
    bool found = memmem(text.p, text.n, secret, strlen(secret))
        || memmem(plain.p, plain.n, secret, strlen(secret));
    buf_fini(&plain);
    return found;
}

static bool is_secret(struct span text)
{
    struct buf plain;
    buf_init(&plain, TEXT_MAX);
    read_plain(&plain, text);
    bool is = span_is(buf_span(&plain), secret);
    buf_fini(&plain);
    return is;
}

/* -- Where a secret stands, read apart from the product ----------------------------------------- */

static bool has_secret_header(const struct header *list, size_t count)
{
    static const char *const names[] = {"Authorization", "Cookie", "X-Api-Key", "Set-Cookie"};
    for (size_t i = 0; i < count; i++) {
        struct span value = list[i].value;
        if (span_is_nocase(list[i].name, "Authorization") && span_find(value, ' ') < value.n)
            value = span_cut(value, span_find(value, ' ') + 1, value.n);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (span_is_nocase(list[i].name, names[k]) && is_secret(span_trim(value)))
                return true;
    }
    return false;
}

static bool has_secret_param(struct span target)
{
    static const char *const names[] = {"Signature", "token", "api_key", "key", "secret"};
    struct query q = query_of(target);
    struct query_pair pair;
    while (query_next(&q, &pair))
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (pair.has_value && span_is_nocase(pair.name, names[k]) && is_secret(pair.value))
                return true;
    return false;
}

/* -- What is written --------------------------------------------------------------------------- */

/* Demands that no string below v holds the secret, but for method and header names, which are told as they came. */
static void demand_clean(const struct json *v, const char *key)
{
    for (const struct json *child = json_first(v); child; child = json_next(child))
        demand_clean(child, json_key(child));
    const char *text = json_string(v);
    bool is_told = key && (strcmp(key, "name") == 0 || strcmp(key, "method") == 0);
    fuzz_demand(!text || is_told || !holds_secret(span_of(text)), "no secret is recorded");
}

static void demand_clean_body(const struct json *content)
{
    const char *text = json_string(json_get(content, "text"));
    if (!json_get(content, "encoding"))
        return;
    struct buf bytes;
    buf_init(&bytes, TEXT_MAX);
    fuzz_demand(base64_decode(&bytes, span_of(text)), "what is called base64 is");
    fuzz_demand(!holds_secret(buf_span(&bytes)), "no secret hides in base64");
    buf_fini(&bytes);
}

static void demand_redacted_params(struct span target)
{
    struct buf out;
    buf_init(&out, TEXT_MAX);
    redact_target(&out, target);
    fuzz_demand(out.broken != ERR_OK || !has_secret_param(buf_span(&out)),
                "a secret parameter is never shown");
    buf_fini(&out);
}

/* A body in which the secret stands at a pointer only. */
static void demand_pointers(const struct json *x_task, struct span body)
{
    struct json *tree = NULL;
    struct redacted out = {0}, again = {0};
    struct redactor *r = NULL;
    struct redact_exchange x = {.response_body = body, .x_task = x_task};
    fuzz_demand(redactor_open(true, &r, NULL) == 0, "there is memory");
    bool is_json = json_scan(body, NULL, NULL) == 0;
    if (redact_exchange(r, &x, &out, NULL) == 0) {
        fuzz_demand(!is_json || json_scan(out.response_body, NULL, NULL) == 0, "JSON stays JSON");
        x.response_body = out.response_body;
        /* In a text that is no JSON a placeholder may end up in what then looks like a secret's name. */
        fuzz_demand(redact_exchange(r, &x, &again, NULL) != 0 || !is_json
                        || span_same(out.response_body, again.response_body),
                    "what is redacted is so for good");
        redacted_fini(&again);
    }
    if (is_json && json_open(out.response_body, &tree, NULL) == 0) {
        const char *at[] = {json_string(json_at(tree, "/data/token")),
                            json_string(json_at(tree, "/list/0/k")),
                            json_string(json_at(tree, "/list/1/k"))};
        for (size_t i = 0; i < sizeof at / sizeof *at; i++)
            fuzz_demand(!at[i] || strcmp(at[i], secret) != 0, "no secret stays at a pointer");
        json_close(tree);
    }
    redacted_fini(&out);
    redactor_close(r);
}

static const struct json *x_task(void)
{
    static struct json *kept;
    if (!kept)
        fuzz_demand(json_open(span_of("{\"redact\":[\"/data/token\",\"/list/*/k\",\"/list/*\"]}"),
                              &kept, NULL)
                        == 0,
                    "the pointers at hand are some");
    return kept;
}

static void answer_of(const struct fuzz_request *came, struct fetched *out)
{
    size_t n = came->message.header_count;
    long long status = 0;
    fetched_init(out);
    out->header_count = n < MESSAGE_HEADERS_MAX ? n : MESSAGE_HEADERS_MAX;
    memcpy(out->headers, came->headers, out->header_count * sizeof *out->headers);
    bool good = span_int64(came->message.method, &status) && status >= 100 && status <= 599;
    out->status = good ? (int)status : 0;
    out->reason = came->message.target_text;
    buf_add_span(&out->body, came->message.body);
}

static void record(struct fuzz_request *asked, const struct fuzz_request *came)
{
    static struct fetched f;
    struct json *entry = NULL;
    struct buf out, name;
    struct err e = {0};
    struct redactor *r = NULL;
    struct message *m = &asked->message;
    if (m->header_count > MESSAGE_HEADERS_MAX)
        m->header_count = MESSAGE_HEADERS_MAX;
    answer_of(came, &f);
    message_open(m);
    struct record_exchange x = {.request = m,
                                .base = "https://real.example.com/base",
                                .target = m->target_text,
                                .task = m->target.path,
                                .fetched = &f,
                                .started_ms = 1800000000000,
                                .x_task = x_task()};
    buf_init(&out, TEXT_MAX);
    buf_init(&name, NAME_MAX_BYTES);
    bool planted = has_secret_header(m->headers, m->header_count)
        || has_secret_header(f.headers, f.header_count) || has_secret_param(m->target_text);
    fuzz_demand(redactor_open(false, &r, NULL) == 0, "there is memory");
    int code = record_entry_write(r, &x, &out, &name, &e);
    fuzz_demand(code == 0 || code == ERR_LIMIT, "an exchange is written, or beyond a limit");
    if (code == 0) {
        fuzz_demand(json_open(buf_span(&out), &entry, NULL) == 0, "an entry is JSON");
        if (planted) {
            demand_clean(entry, NULL);
            demand_clean_body(json_at(entry, "/response/content"));
            fuzz_demand(!holds_secret(buf_span(&name)), "no secret names a file");
        }
        json_close(entry);
    }
    redactor_close(r);
    buf_fini(&name);
    buf_fini(&out);
    message_close(m);
    fetched_fini(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_request asked, came;
    struct buf planted;
    buf_init(&planted, TEXT_MAX);
    struct span input = {(const char *)data, size};
    plant(&planted, span_cut(input, 0, span_find(input, '\0'))); /* a text has none */
    struct span text = buf_span(&planted);
    memset(&came, 0, sizeof came);
    if (fuzz_request_next(&text, &asked)) {
        (void)fuzz_request_next(&text, &came);
        demand_redacted_params(asked.message.target_text);
        demand_pointers(x_task(), asked.message.body);
        record(&asked, &came);
    }
    buf_fini(&planted);
    return 0;
}
