/* Claims about credentials: the published vector, the order of refusals, the edges of the skew. */
#include "mockserver/auth/auth.h"

#include "ask.h"

static const int64_t STAMP_S = 1615186943; /* of the published vector */

static struct auth *open_auth(struct mock_options options)
{
    struct auth *a;
    struct err e;
    if (auth_open(&options, &a, &e))
        fail_msg("%s", e.what);
    return a;
}

static bool zego(struct auth *a, const char *query, enum auth_action action, int64_t now_ms,
                 bool *reused, struct auth_refusal *out)
{
    struct target target;
    struct err e;
    char text[1024];
    snprintf(text, sizeof text, "/?%s", query);
    assert_int_equal(target_parse(span_of(text), &target, &e), ERR_OK);
    return auth_zego(a, &target, action, now_ms, reused, out);
}

#define GOOD                                                                                       \
    "AppId=12345&SignatureNonce=4fd24687296dd9f3&Timestamp=1615186943"                             \
    "&Signature=43e5cfcca828314675f91b001390566a&SignatureVersion=2.0"

static void the_published_vector_is_accepted(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct mock_options){0});
    char hex[AUTH_MD5_HEX];
    bool reused;
    struct auth_refusal refusal;
    auth_signature(a, "12345", "4fd24687296dd9f3", "1615186943", hex);
    assert_string_equal(hex, "43e5cfcca828314675f91b001390566a");
    assert_true(zego(a, GOOD, ACTION_KNOWN, STAMP_S * 1000, &reused, &refusal));
    assert_false(reused);
    auth_close(a);
}

static void what_is_wrong_first_is_told_first(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        enum auth_action action;
        const char *reply;
    } rows[] = {
        {"", ACTION_MISSING, "error.app_id_format"}, /* everything is wrong */
        {"AppId=x", ACTION_MISSING, "error.app_id_format"},
        {"AppId=-1", ACTION_MISSING, "error.app_id_format"},
        {"AppId=4294967296", ACTION_MISSING, "error.app_id_format"}, /* 2^32 */
        {"AppId=4294967295", ACTION_MISSING, "error.timestamp_missing"},
        {"AppId=1&Timestamp=", ACTION_MISSING, "error.timestamp_missing"},
        {"AppId=1&Timestamp=1.5", ACTION_MISSING, "error.timestamp_format"},
        {"AppId=1&Timestamp=9223372036854775808", ACTION_MISSING,
         "error.timestamp_format"}, /* 2^63 */
        {"AppId=1&Timestamp=1", ACTION_MISSING, "error.action_missing"},
        {"AppId=1&Timestamp=1", ACTION_UNKNOWN, "error.action_unknown"},
        {"AppId=1&Timestamp=1", ACTION_KNOWN, "error.nonce_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=", ACTION_KNOWN, "error.nonce_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=n", ACTION_KNOWN, "error.signature_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=n&Signature=x", ACTION_KNOWN, "error.version_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=n&Signature=x&SignatureVersion=1.0", ACTION_KNOWN,
         "error.version_unsupported"},
        {"AppId=1&Timestamp=1&SignatureNonce=n&Signature=x&SignatureVersion=2.0", ACTION_KNOWN,
         "error.signature_expired"},
        /* upper case is another signature */
        {"AppId=12345&SignatureNonce=4fd24687296dd9f3&Timestamp=1615186943"
         "&Signature=43E5CFCCA828314675F91B001390566A&SignatureVersion=2.0",
         ACTION_KNOWN, "error.signature_wrong"},
        /* another nonce than the one that was signed */
        {"AppId=12345&SignatureNonce=4fd24687296dd9f4&Timestamp=1615186943"
         "&Signature=43e5cfcca828314675f91b001390566a&SignatureVersion=2.0",
         ACTION_KNOWN, "error.signature_wrong"},
    };
    struct auth *a = open_auth((struct mock_options){0});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool reused;
        struct auth_refusal refusal;
        assert_false(zego(a, rows[i].query, rows[i].action, STAMP_S * 1000, &reused, &refusal));
        assert_string_equal(refusal.reply, rows[i].reply);
        assert_int_equal(refusal.flag,
                         strstr(refusal.reply, "action") ? JOURNAL_BAD_REQUEST : JOURNAL_BAD_AUTH);
    }
    auth_close(a);
}

static void a_timestamp_may_be_600_s_off_in_both_directions_and_no_more(void **state)
{
    (void)state;
    static const struct {
        int64_t skew_ms;
        bool good;
    } rows[] = {
        {600000, true}, {600001, false}, {-600000, true},           {-600001, false},
        {500, true},    {0, true},       {INT64_C(1) << 50, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth *a = open_auth((struct mock_options){0});
        bool reused;
        struct auth_refusal refusal;
        assert_int_equal(
            zego(a, GOOD, ACTION_KNOWN, STAMP_S * 1000 + rows[i].skew_ms, &reused, &refusal),
            rows[i].good);
        if (!rows[i].good)
            assert_string_equal(refusal.reply, "error.signature_expired");
        auth_close(a);
    }
}

static bool ask_nonce(struct auth *a, int number, bool *reused)
{
    char nonce[32], hex[AUTH_MD5_HEX], query[512];
    struct auth_refusal refusal;
    snprintf(nonce, sizeof nonce, "n%d", number);
    auth_signature(a, "1", nonce, "1615186943", hex);
    snprintf(query, sizeof query,
             "AppId=1&SignatureNonce=%s&Timestamp=1615186943&Signature=%s&SignatureVersion=2.0",
             nonce, hex);
    return zego(a, query, ACTION_KNOWN, STAMP_S * 1000, reused, &refusal);
}

static void a_nonce_is_known_again_among_the_newest_65536(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct mock_options){0});
    bool reused;
    for (int i = 0; i < AUTH_NONCES_MAX + 10; i++) {
        assert_true(ask_nonce(a, i, &reused));
        assert_false(reused);
    }
    assert_true(ask_nonce(a, AUTH_NONCES_MAX + 9, &reused)); /* the newest, and still answered */
    assert_true(reused);
    assert_true(ask_nonce(a, 10, &reused)); /* the 65536th newest */
    assert_true(reused);
    for (int i = 0; i < 2 * AUTH_NONCES_MAX; i++)
        ask_nonce(a, AUTH_NONCES_MAX + 10 + i, &reused);
    assert_true(ask_nonce(a, 0, &reused)); /* forgotten at last: memory is bounded */
    assert_false(reused);
    auth_reset(a);
    ask_nonce(a, 0, &reused);
    assert_false(reused);
    auth_close(a);
}

static void another_secret_makes_another_signature(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct mock_options){.secret = "other"});
    bool reused;
    struct auth_refusal refusal;
    assert_false(zego(a, GOOD, ACTION_KNOWN, STAMP_S * 1000, &reused, &refusal));
    assert_string_equal(refusal.reply, "error.signature_wrong");
    assert_true(ask_nonce(a, 1, &reused));
    auth_close(a);
}

static void without_credentials_the_action_is_still_needed(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct mock_options){.no_auth = true});
    bool reused;
    struct auth_refusal refusal;
    assert_true(zego(a, "", ACTION_KNOWN, 0, &reused, &refusal));
    assert_false(zego(a, "", ACTION_MISSING, 0, &reused, &refusal));
    assert_string_equal(refusal.reply, "error.action_missing");
    auth_close(a);
}

static void bearer_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *header; /* NULL: none */
        const char *token;  /* the one accepted; NULL: any */
        bool no_auth, good;
    } rows[] = {
        {"Bearer abc", NULL, false, true},
        {"bearer abc", NULL, false, true}, /* schemes ignore case */
        {"BEARER aZ09-._~+/==", NULL, false, true},
        {"Bearer   abc", NULL, false, true},
        {NULL, NULL, false, false},
        {"", NULL, false, false},
        {"Bearer", NULL, false, false},
        {"Bearer ", NULL, false, false},
        {"Bearer ==", NULL, false, false},  /* padding alone */
        {"Bearer a=b", NULL, false, false}, /* padding inside */
        {"Bearer a b", NULL, false, false}, /* two words */
        {"Bearer \"a\"", NULL, false, false},
        {"Bearer {token}", NULL, false, false}, /* a template nobody filled in */
        {"Basic abc", NULL, false, false},
        {"abc", NULL, false, false},
        {"Bearer abc", "abc", false, true},
        {"Bearer abd", "abc", false, false},
        {"Bearer ABC", "abc", false, false}, /* tokens do not ignore case */
        {NULL, "abc", true, true},
        {"Bearer abd", "abc", true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth *a = open_auth(
            (struct mock_options){.token = rows[i].token, .no_auth = rows[i].no_auth});
        struct mock_header header = {span_of("AUTHORIZATION"), span_of(rows[i].header)};
        struct mock_request request = {.headers = &header, .header_count = rows[i].header ? 1 : 0};
        struct auth_refusal refusal;
        if (auth_bearer(a, &request, &refusal) != rows[i].good)
            fail_msg("row %zu: %s", i, rows[i].header ? rows[i].header : "none");
        auth_close(a);
    }
}

static void two_authorization_headers_are_refused(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct mock_options){0});
    struct mock_header headers[] = {{span_of("Authorization"), span_of("Bearer a")},
                                    {span_of("authorization"), span_of("Bearer a")}};
    struct mock_request request = {.headers = headers, .header_count = 2};
    struct auth_refusal refusal;
    assert_false(auth_bearer(a, &request, &refusal));
    assert_non_null(strstr(refusal.why, "twice"));
    auth_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vector_is_accepted),
        cmocka_unit_test(what_is_wrong_first_is_told_first),
        cmocka_unit_test(a_timestamp_may_be_600_s_off_in_both_directions_and_no_more),
        cmocka_unit_test(a_nonce_is_known_again_among_the_newest_65536),
        cmocka_unit_test(another_secret_makes_another_signature),
        cmocka_unit_test(without_credentials_the_action_is_still_needed),
        cmocka_unit_test(bearer_tokens),
        cmocka_unit_test(two_authorization_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
