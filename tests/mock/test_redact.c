/* Redaction: what is written holds no secret, and every other byte stays. */
#include "mockserver/record/redact.h"
#include "mockserver/record/redact_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static struct redactor *redactor;

static int set_up(void **state)
{
    (void)state;
    return redactor_open(false, &redactor, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    redactor_close(redactor);
    return 0;
}

/* -- Names ------------------------------------------------------------------------------------- */

static void a_name_tells_a_secret_by_its_words(void **state)
{
    (void)state;
    static const char *const secret[] = {"Authorization",
                                         "Proxy-Authorization",
                                         "X-Api-Key",
                                         "api_key",
                                         "apikey",
                                         "APIKEY",
                                         "key",
                                         "X-Access-Token",
                                         "PRIVATE-TOKEN",
                                         "mj-api-secret",
                                         "X-Auth-Key",
                                         "Ocp-Apim-Subscription-Key",
                                         "x-functions-key",
                                         "X-Goog-Api-Key",
                                         "X-Amz-Security-Token",
                                         "X-Vault-Token",
                                         "X-CSRF-Token",
                                         "X-XSRF-TOKEN",
                                         "X-Session-Id",
                                         "JSESSIONID",
                                         "X-Signature",
                                         "DPoP",
                                         "sign",
                                         "sig",
                                         "signature",
                                         "X-Amz-Signature",
                                         "X-Amz-Credential",
                                         "password",
                                         "passwd",
                                         "user_password",
                                         "pwd",
                                         "client_secret",
                                         "clientSecret",
                                         "ClientSecret",
                                         "refresh_token",
                                         "id_token",
                                         "jwt",
                                         "auth",
                                         "author_token",
                                         "sid",
                                         "accessKeyId",
                                         "AWSAccessKeyId",
                                         "to%6ben",
                                         "%74%6F%6b%65n",
                                         "to%256ben",
                                         "credentials",
                                         "X-Authorised-User",
                                         "passphrase",
                                         "session",
                                         "otp",
                                         "auth_key",
                                         "SecretKey",
                                         "ticket",
                                         "X-Hmac",
                                         "private_key",
                                         "bearer"};
    static const char *const harmless[] = {"Accept",
                                           "Content-Type",
                                           "Host",
                                           "Date",
                                           "User-Agent",
                                           "X-Request-Id",
                                           "Retry-After",
                                           "ETag",
                                           "Idempotency-Key",
                                           "author",
                                           "authority",
                                           ":authority",
                                           "keywords",
                                           "keyframe_interval",
                                           "keyboard",
                                           "monkey",
                                           "design",
                                           "signal",
                                           "assigned_to",
                                           "token_type",
                                           "sign_type",
                                           "SignatureNonce",
                                           "SignatureVersion",
                                           "X-Amz-SignedHeaders",
                                           "expires_in",
                                           "token_expires_at",
                                           "WWW-Authenticate",
                                           "Access-Control-Allow-Credentials",
                                           "task_id",
                                           "status",
                                           "url",
                                           "inside",
                                           "compass",
                                           "spin",
                                           "pinned",
                                           "Action",
                                           "page",
                                           "prompt",
                                           "model",
                                           "toke",
                                           "",
                                           "x",
                                           "design%6fr",
                                           "100%",
                                           "session_count"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (!redact_is_secret_name(span_of(secret[i])))
            fail_msg("%s is taken for harmless", secret[i]);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (redact_is_secret_name(span_of(harmless[i])))
            fail_msg("%s is taken for a secret", harmless[i]);
}

/* -- One part of an exchange, by itself ---------------------------------------------------------- */

enum part { URL, HEADER, BODY };

/* What is written of a text that is the only one of its exchange. name: of the header, or the body's Content-Type. */
static void demand(enum part part, const char *name, const char *text, const char *shown,
                   const struct json *x_task)
{
    struct err e = {0};
    struct redacted out;
    struct redactor *r = NULL;
    const struct header header = {span_of(part == HEADER ? name : "Content-Type"),
                                  span_of(part == HEADER ? text : name)};
    struct redact_exchange x = {.method = span_of("GET"), .x_task = x_task};
    x.url = span_of(part == URL ? text : "");
    x.response_headers = &header;
    x.response_header_count = part != URL;
    x.response_body = span_of(part == BODY ? text : "");
    assert_int_equal(redactor_open(false, &r, NULL), 0);
    if (redact_exchange(r, &x, &out, &e) != 0)
        fail_msg("%s: %s", text, e.what);
    struct span got = part == URL ? out.url
        : part == HEADER          ? out.response_headers[0].value
                                  : out.response_body;
    if (!span_is(got, shown))
        fail_msg("%s\n  became %.*s\n  not    %s", text, (int)got.n, got.p, shown);
    redacted_fini(&out);
    redactor_close(r);
}

static void parameters_of_urls_lose_their_values_and_nothing_else_changes(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"/a", "/a"},
        {"/a?", "/a?"},
        {"/a?b=1&&c&d=", "/a?b=1&&c&d="},
        {"/?Action=X&Signature=abc&AppId=1", "/?Action=X&Signature=REDACTED-1&AppId=1"},
        {"/?token=a=b&x=?", "/?token=REDACTED-1&x=?"},
        {"/?to%6Ben=abc&toke=n", "/?to%6Ben=REDACTED-1&toke=n"},
        {"/Signature?SignatureNonce=n", "/Signature?SignatureNonce=n"},
        {"https://h/cb#access_token=abc&state=1", "https://h/cb#access_token=REDACTED-1&state=1"},
        {"https://u:p-w@h:1/p", "https://REDACTED-2@h:1/p"},
        {"https://h/@u/p", "https://h/@u/p"},
        {"/go?to=https%3A%2F%2Fh%2F%3Ftoken%3Dabc123&a=1",
         "/go?to=https%3A%2F%2Fh%2F%3Ftoken%3DREDACTED-1&a=1"},
        {"/p;jsessionid=AB12?x=1", "/p;jsessionid=REDACTED-1?x=1"},
        {"/?max_tokens=100&n=1", "/?max_tokens=100&n=1"},
        {"/?code=a1b2c3d4&state=1", "/?code=REDACTED-1&state=1"},
        {"/?token=REDACTED-7", "/?token=REDACTED-7"},
        {"/?a=tok%31234567&token=tok1234567", "/?a=REDACTED-1&token=REDACTED-1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        demand(URL, "", rows[i][0], rows[i][1], NULL);
}

static void headers_keep_what_is_harmless(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"Authorization", "Bearer sk-1", "Bearer REDACTED-1"},
        {"authorization", "sk-1 and more", "REDACTED-1"},
        {"Authorization", "Digest username=\"u\", response=\"x\"", "Digest REDACTED-1"},
        {"Authorization", "Basic dTpwYXNzd29yZA==", "Basic REDACTED-2"},
        {"Authorization", "Basic c2stMTIzNDU2Og==", "Basic REDACTED-2"}, /* a key as the user */
        {"X-Api-Key", "abc", "REDACTED-1"},
        {"Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=REDACTED-1; Path=/; HttpOnly"},
        {"Cookie", "a=one1; b=two2; c=one1", "a=REDACTED-1; b=REDACTED-2; c=REDACTED-1"},
        {"Location", "https://h/p?sig=abc&x=1", "https://h/p?sig=REDACTED-1&x=1"},
        {"Link", "<https://h/p?token=abc>; rel=next", "<https://h/p?token=REDACTED-1>; rel=next"},
        {"X-Any", "Bearer abcdef123456", "Bearer REDACTED-1"},
        {"X-Any", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "REDACTED-1"},
        {"WWW-Authenticate", "Bearer realm=\"api\"", "Bearer realm=\"api\""},
        {"Access-Control-Allow-Headers", "Authorization, X-Api-Key", "Authorization, X-Api-Key"},
        {"Vary", "Authorization", "Authorization"},
        {"Server-Timing", "auth;dur=53", "auth;dur=53"},
        {"X-RateLimit-Remaining-Tokens", "1999", "1999"},
        {"Authorization", "Bearer YOUR_API_TOKEN", "Bearer YOUR_API_TOKEN"},
        {"X-Api-Key", "<your key>", "REDACTED-1"},
        {"X-Api-Key", "${API_KEY}", "${API_KEY}"},
        {"Set-Cookie", "dG9rZW4tMTIzNDU=", "REDACTED-1"}, /* no name without a value */
        {"Idempotency-Key", "a-b-c-1", "a-b-c-1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        demand(HEADER, rows[i][0], rows[i][1], rows[i][2], NULL);
}

static void strings_of_a_json_body_lose_what_their_names_tell(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{\"api_key\":\"abc\",\"n\":1}", "{\"api_key\":\"REDACTED-1\",\"n\":1}"},
        {"{\"to\\u006ben\":\"abc\"}", "{\"to\\u006ben\":\"REDACTED-1\"}"},
        {"{\"usage\":{\"total_tokens\":1234567}}", "{\"usage\":{\"total_tokens\":1234567}}"},
        {"{\"token\":null,\"session\":true,\"key\":\"\"}",
         "{\"token\":null,\"session\":true,\"key\":\"\"}"},
        {"{\"tokens\":[\"a1\",{\"x\":\"b2\",\"n\":3}],\"y\":\"c3\"}",
         "{\"tokens\":[\"REDACTED-1\",{\"x\":\"REDACTED-2\",\"n\":3}],\"y\":\"c3\"}"},
        {"{\"session\":{\"status\":\"done\",\"token\":\"a1\"}}",
         "{\"session\":{\"status\":\"done\",\"token\":\"REDACTED-1\"}}"},
        {"[{\"name\":\"X-Api-Key\",\"value\":\"a1\"},{\"name\":\"n\",\"value\":\"b1\"}]",
         "[{\"name\":\"X-Api-Key\",\"value\":\"REDACTED-1\"},{\"name\":\"n\",\"value\":\"b1\"}]"},
        {"{\"token_type\":\"bearer\",\"expires_in\":3600}",
         "{\"token_type\":\"bearer\",\"expires_in\":3600}"},
        {"{\"signed_url\":\"https://h/p?X-Sig=1#f\"}",
         "{\"signed_url\":\"https://h/p?REDACTED-1\"}"},
        {"{\"u\":\"https:\\/\\/h\\/p?token=abc&a=1\"}",
         "{\"u\":\"https:\\/\\/h\\/p?token=REDACTED-1&a=1\"}"},
        {"{\"json\":\"{\\\"token\\\":\\\"abc\\\"}\"}",
         "{\"json\":\"{\\\"token\\\":\\\"REDACTED-1\\\"}\"}"},
        {"{\"key\":\"duration\",\"value\":\"duration\"}",
         "{\"key\":\"REDACTED-1\",\"value\":\"duration\"}"},
        {"{\"token\":\"12345678\",\"n\":12345678,\"m\":1}",
         "{\"token\":\"REDACTED-1\",\"n\":\"REDACTED-1\",\"m\":1}"},
        {"{\"message\":\"invalid token: please retry\"}",
         "{\"message\":\"invalid token: please retry\"}"},
        {"{\"message\":\"token sk-abcdefghij0123456789 is bad\"}",
         "{\"message\":\"token REDACTED-1 is bad\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        demand(BODY, "application/json", rows[i][0], rows[i][1], NULL);
}

static void bodies_of_other_kinds_too(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"application/x-www-form-urlencoded", "a=1&pass%77ord=x%26y&b=2",
         "a=1&pass%77ord=REDACTED-1&b=2"},
        {"multipart/form-data; boundary=\"b\"",
         "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nx y\r\n--b--\r\n",
         "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nREDACTED-1\r\n--b--\r\n"},
        {"text/event-stream", "data: {\"token\": \"abc\", \"n\": 1}\n\n",
         "data: {\"token\": \"REDACTED-1\", \"n\": 1}\n\n"},
        {"text/html", "<a href=\"/x?sig=abc&amp;a=1\">secret</a>",
         "<a href=\"/x?sig=REDACTED-1&amp;a=1\">secret</a>"},
        {"text/xml", "<a><Token>a b1</Token><n>1</n></a>",
         "<a><Token>REDACTED-1</Token><n>1</n></a>"},
        {"text/plain", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        demand(BODY, rows[i][0], rows[i][1], rows[i][2], NULL);
}

static void a_field_that_x_task_reads_keeps_its_value_but_for_its_url(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{\"auth\":{\"status\":\"queued\",\"id\":\"s-1\",\"other\":\"x\"}}",
         "{\"auth\":{\"status\":\"queued\",\"id\":\"s-1\",\"other\":\"REDACTED-1\"}}"},
        {"{\"auth\":{\"id\":\"https://h/v.mp4?sig=abc&x=1\"}}",
         "{\"auth\":{\"id\":\"https://h/v.mp4?sig=REDACTED-1&x=1\"}}"},
        {"{\"why\":\"https://h/p?a=1\",\"n\":[1,2]}",
         "{\"why\":\"https://h/p?REDACTED-1\",\"n\":\"REDACTED-2\"}"},
        {"{\"session_id\":\"s-1\",\"session_key\":\"k-1\"}",
         "{\"session_id\":\"s-1\",\"session_key\":\"REDACTED-1\"}"},
        {"{\"why\":null,\"n\":\"\"}", "{\"why\":null,\"n\":\"\"}"},
        /* half a pair elsewhere, and a key twice: no copy is left */
        {"{\"x\":\"\\ud83d\",\"why\":\"a1\",\"wh\\u0079\":\"b1\"}",
         "{\"x\":\"\\ud83d\",\"why\":\"REDACTED-1\",\"wh\\u0079\":\"REDACTED-2\"}"},
    };
    struct json *x_task = NULL;
    assert_int_equal(json_open(span_of("{\"status\":{\"pointer\":\"/auth/"
                                       "status\"},\"id\":[{\"pointer\":\"/auth/"
                                       "id\"}],\"stamp\":{\"/session_id\":\"task.id\"},"
                                       "\"redact\":[\"/why\",\"/n\",\"/auth/id\"]}"),
                               &x_task, NULL),
                     0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        demand(BODY, "application/json", rows[i][0], rows[i][1], x_task);
    json_close(x_task);
}

/* -- What is known ------------------------------------------------------------------------------- */

static void demand_text(const char *text, const char *shown)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_int_equal(redact_text(redactor, span_of(text), &out, NULL), 0);
    if (!span_is(buf_span(&out), shown))
        fail_msg("%s\n  became %s\n  not    %s", text, out.p, shown);
    buf_fini(&out);
}

static void a_known_secret_is_found_however_it_is_written(void **state)
{
    (void)state;
    assert_int_equal(redactor_learn(redactor, span_of("ca/na+ry=7"), NULL), 0);
    static const char *const texts[] = {"ca/na+ry=7",
                                        "ca%2Fna%2bry%3D7",
                                        "%63%61%2F%6E%61%2B%72%79%3D%37",
                                        "ca%252Fna%252Bry%253D7",
                                        "ca\\/na\\u002bry=7",
                                        "\\u0063a\\u002Fna+ry=7",
                                        "ca&#x2F;na&#43;ry=7",
                                        "ca\\x2fna+ry=7",
                                        "Y2EvbmErcnk9Nw==",
                                        "Y2EvbmErcnk9Nw",
                                        "63612f6e612b72793d37",
                                        "63612F6E612B72793D37",
                                        "Y2ElMkZuYSUyQnJ5JTNENw==" /* base64 of percent */,
                                        "Y2EvbmErcnk9Nw%3D%3D"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf out;
        buf_init(&out, 1 << 12);
        assert_int_equal(redact_text(redactor, span_of(texts[i]), &out, NULL), 0);
        if (!span_starts(buf_span(&out), "REDACTED-1") || out.n > 16)
            fail_msg("%s became %s", texts[i], out.p);
        buf_fini(&out);
    }
    demand_text("ca/na+ry=8 ca/na+ry", "ca/na+ry=8 ca/na+ry");
    demand_text("x ca/na+ry=7, ca%2Fna%2Bry%3D7.", "x REDACTED-1, REDACTED-1.");
    demand_text("dXNlcjpjYS9uYStyeT03 =",
                "dXNlcjREDACTED-1 ="); /* what stands before it in base64 stays */
}

static void what_stands_behind_an_unknown_scheme_is_known_by_itself(void **state)
{
    (void)state;
    const struct header asked[] = {
        {span_of("Authorization"), span_of("Beare\":{\"token\":\"x one-secret-9")}};
    struct redacted out;
    struct redact_exchange x = {.url = span_of("https://h/one%2dsecret%2d9"),
                                .request_headers = asked,
                                .request_header_count = 1};
    assert_int_equal(redact_exchange(redactor, &x, &out, NULL), 0);
    assert_true(span_starts(out.url, "https://h/REDACTED"));
    redacted_fini(&out);
}

static void equal_secrets_are_equal_placeholders_as_long_as_the_redactor_lives(void **state)
{
    (void)state;
    const struct header asked[] = {{span_of("Authorization"), span_of("Bearer one-secret")},
                                   {span_of("X-Api-Key"), span_of("two-secret")}};
    for (int i = 0; i < 3; i++) {
        struct redacted out;
        struct redact_exchange x = {
            .url = span_of("https://h/?token=one%2dsecret"),
            .request_headers = asked,
            .request_header_count = 2,
            .response_body = span_of("{\"echo\":\"two-secret one-secret\"}")};
        assert_int_equal(redact_exchange(redactor, &x, &out, NULL), 0);
        struct span url = out.url, first = out.request_headers[0].value,
                    second = out.request_headers[1].value;
        assert_true(span_is(url, "https://h/?token=REDACTED-1"));
        assert_true(span_is(first, "Bearer REDACTED-1"));
        assert_true(span_is(second, "REDACTED-2"));
        assert_true(span_is(out.response_body, "{\"echo\":\"REDACTED-2 REDACTED-1\"}"));
        redacted_fini(&out);
    }
}

static void a_short_secret_is_one_only_as_a_whole(void **state)
{
    (void)state;
    const struct header asked[] = {{span_of("Authorization"), span_of("Bearer any")},
                                   {span_of("X-Note"), span_of("any")},
                                   {span_of("X-Other"), span_of("many")}};
    struct redacted out;
    struct redact_exchange x = {
        .url = span_of("https://h/any?a=any&b=many"),
        .request_headers = asked,
        .request_header_count = 3,
        .response_body = span_of("{\"a\":\"any\",\"b\":\"any other\",\"any\":1}")};
    assert_int_equal(redact_exchange(redactor, &x, &out, NULL), 0);
    assert_true(span_is(out.url, "https://h/any?a=REDACTED-1&b=many"));
    assert_true(span_is(out.request_headers[1].value, "REDACTED-1"));
    assert_true(span_is(out.request_headers[2].value, "many"));
    assert_true(span_is(out.response_body, "{\"a\":\"REDACTED-1\",\"b\":\"any other\",\"any\":1}"));
    redacted_fini(&out);
}

static void a_compressed_body_is_looked_into(void **state)
{
    (void)state;
    const struct header coding = {span_of("Content-Encoding"), span_of("gzip")};
    const struct header brotli = {span_of("Content-Encoding"), span_of("br")};
    struct redacted out;
    struct redact_exchange x = {
        .response_headers = &coding,
        .response_header_count = 1,
        .response_body = span_of("{\"plain\":\"in spite of what is said\"}")};
    assert_int_equal(redact_exchange(redactor, &x, &out, NULL), 0);
    assert_true(span_is(out.response_body, "{\"plain\":\"in spite of what is said\"}"));
    assert_false(out.response_decompressed);
    redacted_fini(&out);
    x.response_headers = &brotli;
    x.response_body = (struct span){"\xff\xfe\x01", 3};
    assert_int_equal(redact_exchange(redactor, &x, &out, NULL), 0);
    assert_int_equal(out.response_body.n, 0);
    assert_non_null(strstr(out.response_dropped, "nobody can look into"));
    redacted_fini(&out);
}

static void old_secrets_are_forgotten_when_there_are_too_many(void **state)
{
    (void)state;
    char secret[32];
    for (int i = 0; i < 2 * REDACT_SECRETS_MAX; i++) {
        struct redacted out;
        snprintf(secret, sizeof secret, "secret-%d", i);
        const struct header asked = {span_of("X-Api-Key"), span_of(secret)};
        struct redact_exchange x = {.request_headers = &asked, .request_header_count = 1};
        assert_int_equal(redact_exchange(redactor, &x, &out, NULL), 0);
        redacted_fini(&out);
    }
    snprintf(secret, sizeof secret, "REDACTED-%d", 2 * REDACT_SECRETS_MAX);
    demand_text("secret-8191", secret);
    demand_text("secret-1", "secret-1");
}

static void more_secrets_in_one_exchange_than_are_kept_are_an_error(void **state)
{
    (void)state;
    struct buf body;
    struct redacted out;
    struct err e = {0};
    buf_init(&body, 1 << 20);
    for (int i = 0; i <= REDACT_SECRETS_MAX; i++)
        buf_addf(&body, "%s{\"key\":\"k%d\"}", i ? "," : "[", i);
    buf_add_char(&body, ']');
    struct redact_exchange x = {.response_body = buf_span(&body)};
    assert_int_equal(redact_exchange(redactor, &x, &out, &e), ERR_LIMIT);
    assert_string_equal(e.what, "more than 4096 secrets in one exchange");
    redacted_fini(&out);
    buf_fini(&body);
}

static void a_programs_log_shows_no_secret_of_its_own(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"> Authorization: Bearer sk-123456\r\n> Accept: a/b\nagain sk-123456",
         "> Authorization: Bearer REDACTED\r\n> Accept: a/b\nagain REDACTED"},
        {"{'authorization': 'Bearer sk-123456', 'X-Api-Key': '0123456789'}",
         "{'authorization': 'Bearer REDACTED', 'X-Api-Key': 'REDACTED'}"},
        {"[(\"Authorization\", \"Bearer sk-123456\")]",
         "[(\"Authorization\", \"Bearer REDACTED\")]"},
        {"{\\\"Cookie\\\":\\\"id=0123456\\\"}", "{\\\"Cookie\\\":\\\"REDACTED\\\"}"},
        {"sent Authorization: Bearer sk-123456 to the host\n(sk-123456)",
         "sent Authorization: Bearer REDACTED to the host\n(REDACTED)"},
        {"Cookie: a=1; sid=0123456\nnext", "Cookie: REDACTED\nnext"},
        {"Authorization is missing, Cookie too\nAuthorization:", NULL},
        {"Accept: 0123456789", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct redactor *r = NULL;
        struct buf out;
        buf_init(&out, 4096);
        assert_int_equal(redactor_open(true, &r, NULL), 0);
        assert_int_equal(redact_log(r, span_of(rows[i][0]), &out, NULL), 0);
        assert_string_equal(out.p, rows[i][1] ? rows[i][1] : rows[i][0]);
        buf_fini(&out);
        redactor_close(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_tells_a_secret_by_its_words),
        cmocka_unit_test(parameters_of_urls_lose_their_values_and_nothing_else_changes),
        cmocka_unit_test(headers_keep_what_is_harmless),
        cmocka_unit_test(strings_of_a_json_body_lose_what_their_names_tell),
        cmocka_unit_test(bodies_of_other_kinds_too),
        cmocka_unit_test(a_field_that_x_task_reads_keeps_its_value_but_for_its_url),
        cmocka_unit_test_setup_teardown(a_known_secret_is_found_however_it_is_written, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            equal_secrets_are_equal_placeholders_as_long_as_the_redactor_lives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_stands_behind_an_unknown_scheme_is_known_by_itself,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_short_secret_is_one_only_as_a_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_compressed_body_is_looked_into, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_secrets_are_forgotten_when_there_are_too_many, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(more_secrets_in_one_exchange_than_are_kept_are_an_error,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_programs_log_shows_no_secret_of_its_own, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
