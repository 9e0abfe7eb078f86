/* HAR 1.2: writes entries, field by field in the order of har.h. */
#include "har.h"

#include "base/base64.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mockserver/message/query.h"

#include <stdio.h>
#include <string.h>

const char har_file_start[] = "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"understudy\","
                              "\"version\":\"" UNDERSTUDY_VERSION "\"},\"entries\":[\n";
const char har_file_end[] = "\n]}}\n";

enum { HAR_PARAM_MAX = 4096 };

static void key_empty(struct json_writer *w, const char *key, char open, char close)
{
    json_write_key(w, key);
    json_write_open(w, open);
    json_write_close(w, close);
}

static void write_pair(struct json_writer *w, struct span name, struct span value)
{
    json_write_open(w, '{');
    json_member_span(w, "name", name);
    json_member_span(w, "value", value);
    json_write_close(w, '}');
}

static void write_headers(struct json_writer *w, const struct header *headers, size_t count)
{
    json_write_key(w, "headers");
    json_write_open(w, '[');
    for (size_t i = 0; i < count; i++)
        write_pair(w, headers[i].name, headers[i].value);
    json_write_close(w, ']');
}

static struct span decoded(struct span text, char *out, size_t out_size)
{
    return text_percent_decode(text, out, out_size) ? span_of(out) : text;
}

static void write_query(struct json_writer *w, struct span url)
{
    char name[HAR_PARAM_MAX], value[HAR_PARAM_MAX];
    struct query query = query_of(url);
    struct query_pair pair;
    json_write_key(w, "queryString");
    json_write_open(w, '[');
    while (query_next(&query, &pair))
        if (pair.text.n > 0)
            write_pair(w, decoded(pair.name, name, sizeof name),
                       decoded(pair.value, value, sizeof value));
    json_write_close(w, ']');
}

static void member_header(struct json_writer *w, const char *key, const struct header *list,
                          size_t count, const char *name)
{
    struct span value;
    header_find(list, count, name, &value);
    json_member_span(w, key, value.n > 0 ? value : span_of(""));
}

/* True when a JSON string can hold the bytes unchanged. */
static bool is_text(struct span bytes)
{
    return utf8_is_valid(bytes) && span_find(bytes, '\0') == bytes.n;
}

/* The members text and encoding, or comment. */
static void write_body(struct json_writer *w, struct span body, const char *dropped)
{
    if (dropped) {
        json_member_text(w, "comment", dropped);
    } else if (is_text(body)) {
        json_member_span(w, "text", body);
    } else {
        struct buf text;
        buf_init(&text, body.n * 2 + 16);
        base64_encode(&text, body);
        json_member_span(w, "text", buf_span(&text));
        buf_break_with(w->out, &text);
        buf_fini(&text);
        json_member_text(w, "encoding", "base64");
    }
}

static void write_request(struct json_writer *w, const struct har_entry *entry)
{
    json_write_key(w, "request");
    json_write_open(w, '{');
    json_member_span(w, "method", entry->method);
    json_member_span(w, "url", entry->url);
    json_member_text(w, "httpVersion", "HTTP/1.1");
    key_empty(w, "cookies", '[', ']');
    write_headers(w, entry->request_headers, entry->request_header_count);
    write_query(w, entry->url);
    json_member_int(w, "headersSize", -1);
    json_member_int(w, "bodySize", (int64_t)entry->request_body.n);
    if (entry->request_body.n > 0 || entry->request_dropped) {
        json_write_key(w, "postData");
        json_write_open(w, '{');
        member_header(w, "mimeType", entry->request_headers, entry->request_header_count,
                      "Content-Type");
        key_empty(w, "params", '[', ']');
        write_body(w, entry->request_body, entry->request_dropped);
        json_write_close(w, '}');
    }
    json_write_close(w, '}');
}

static void write_content(struct json_writer *w, const struct har_entry *entry)
{
    json_write_key(w, "content");
    json_write_open(w, '{');
    json_member_int(w, "size", (int64_t)entry->response_body.n);
    member_header(w, "mimeType", entry->response_headers, entry->response_header_count,
                  "Content-Type");
    if (entry->response_sent > 0 && entry->response_sent < entry->response_body.n)
        json_member_int(w, "compression", (int64_t)(entry->response_body.n - entry->response_sent));
    write_body(w, entry->response_body, entry->response_dropped);
    json_write_close(w, '}');
}

static void write_response(struct json_writer *w, const struct har_entry *entry)
{
    json_write_key(w, "response");
    json_write_open(w, '{');
    json_member_int(w, "status", entry->status);
    json_member_span(w, "statusText", entry->reason);
    json_member_text(w, "httpVersion", "HTTP/1.1");
    key_empty(w, "cookies", '[', ']');
    write_headers(w, entry->response_headers, entry->response_header_count);
    write_content(w, entry);
    member_header(w, "redirectURL", entry->response_headers, entry->response_header_count,
                  "Location");
    json_member_int(w, "headersSize", -1);
    json_member_int(w, "bodySize",
                    entry->error.n > 0             ? -1
                        : entry->response_sent > 0 ? (int64_t)entry->response_sent
                                                   : (int64_t)entry->response_body.n);
    if (entry->error.n > 0)
        json_member_span(w, "_error", entry->error);
    json_write_close(w, '}');
}

/* Milliseconds to the microsecond: what is measured, and shorter than what reads back as the same double. */
static void member_ms(struct json_writer *w, const char *key, double ms)
{
    char text[48];
    int64_t us = ms > 0 && ms < 1e12 ? (int64_t)(ms * 1000 + 0.5) : 0;
    int n = us % 1000 == 0 ? snprintf(text, sizeof text, "%lld", (long long)(us / 1000))
                           : snprintf(text, sizeof text, "%lld.%03lld", (long long)(us / 1000),
                                      (long long)(us % 1000));
    json_write_key(w, key);
    json_write_raw(w, (struct span){text, (size_t)n});
}

void har_write_entry(struct json_writer *w, const struct har_entry *entry)
{
    char started[40];
    json_write_open(w, '{');
    json_member_text(w, "startedDateTime",
                     text_of_rfc3339(entry->started_ms, started, sizeof started));
    member_ms(w, "time",
              entry->dns_ms + entry->connect_ms + entry->send_ms + entry->wait_ms
                  + entry->receive_ms);
    write_request(w, entry);
    write_response(w, entry);
    key_empty(w, "cache", '{', '}');
    json_write_key(w, "timings");
    json_write_open(w, '{');
    member_ms(w, "dns", entry->dns_ms);
    member_ms(w, "connect", entry->connect_ms);
    member_ms(w, "send", entry->send_ms);
    member_ms(w, "wait", entry->wait_ms);
    member_ms(w, "receive", entry->receive_ms);
    json_write_close(w, '}');
    json_write_close(w, '}');
}

/* The first line, of any version. */
static size_t start_length(struct span file)
{
    static const char before[] =
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"understudy\"";
    size_t line = span_find(file, '\n');
    bool ours = span_starts(file, before) && line < file.n && line > 0 && file.p[line - 1] == '[';
    return ours ? line + 1 : 0;
}

bool har_whole(struct span file, size_t *keep)
{
    size_t start = start_length(file), end = strlen(har_file_end);
    *keep = start;
    if (start == 0) /* cut within its first line, or not ours */
        return file.n < strlen(har_file_start) && file.n > 0
            && memcmp(file.p, har_file_start, file.n) == 0;
    if (file.n > start + end && span_is(span_cut(file, file.n - end, end), har_file_end)) {
        *keep = file.n - end;
        return true;
    }
    for (size_t at = start; at < file.n;) {
        struct span rest = span_cut(file, at, file.n);
        struct span line = span_cut(rest, 0, span_find(rest, '\n'));
        at += line.n + 1;
        if (line.n > 0 && line.p[line.n - 1] == ',')
            line.n--;
        if (line.n == 0 || json_scan(line, NULL, NULL) != 0)
            break;
        *keep = (size_t)(line.p - file.p) + line.n;
    }
    return true;
}
