/* Claims about credentials: the published vector, the order of refusals, the edges of the skew, alternatives. */
#include "mockserver/auth/auth.h"

#include "ask.h"
#include "schemes.h"

static const int64_t STAMP_S = 1615186943; /* of the published vector */

static struct auth *open_auth(struct auth_options options)
{
    struct auth *a;
    struct err e;
    if (auth_open(&options, &a, &e))
        fail_msg("%s", e.what);
    return a;
}

/* Asks with a query and header lines, under a rule. */
static bool ask_rule(struct auth *a, const struct auth_rule *rule, const char *query,
                     const struct header *headers, size_t count, enum auth_operation operation,
                     int64_t now_ms, struct auth_answer *out)
{
    char target[1024];
    snprintf(target, sizeof target, "/?%s", query);
    struct message request = {
        .target_text = span_of(target), .headers = headers, .header_count = count};
    assert_int_equal(message_open(&request), ERR_OK);
    struct auth_question q = {.request = &request, .operation = operation, .now_ms = now_ms};
    bool good = auth_check(a, rule, &q, out);
    message_close(&request);
    return good;
}

static bool zego(struct auth *a, const char *query, enum auth_operation operation, int64_t now_ms,
                 bool *reused, struct auth_answer *out)
{
    struct auth_rule rule = only_scheme("zego-2");
    bool good = ask_rule(a, &rule, query, NULL, 0, operation, now_ms, out);
    *reused = out->reused;
    return good;
}

#define GOOD                                                                                       \
    "AppId=12345&SignatureNonce=4fd24687296dd9f3&Timestamp=1615186943"                             \
    "&Signature=43e5cfcca828314675f91b001390566a&SignatureVersion=2.0"

static void the_published_vector_is_accepted(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct auth_options){0});
    bool reused;
    struct auth_answer refusal;
    assert_true(zego(a, GOOD, AUTH_OPERATION_KNOWN, STAMP_S * 1000, &reused, &refusal));
    assert_false(reused);
    auth_close(a);
}

static void what_is_wrong_first_is_told_first(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        enum auth_operation action;
        const char *reply;
    } rows[] = {
        {"", AUTH_OPERATION_MISSING, "error.app_id_format"}, /* everything is wrong */
        {"AppId=x", AUTH_OPERATION_MISSING, "error.app_id_format"},
        {"AppId=-1", AUTH_OPERATION_MISSING, "error.app_id_format"},
        {"AppId=4294967296", AUTH_OPERATION_MISSING, "error.app_id_format"}, /* 2^32 */
        {"AppId=4294967295", AUTH_OPERATION_MISSING, "error.timestamp_missing"},
        {"AppId=1&Timestamp=", AUTH_OPERATION_MISSING, "error.timestamp_missing"},
        {"AppId=1&Timestamp=1.5", AUTH_OPERATION_MISSING, "error.timestamp_format"},
        {"AppId=1&Timestamp=9223372036854775808", AUTH_OPERATION_MISSING,
         "error.timestamp_format"}, /* 2^63 */
        {"AppId=1&Timestamp=1", AUTH_OPERATION_MISSING, "error.action_missing"},
        {"AppId=1&Timestamp=1", AUTH_OPERATION_UNKNOWN, "error.action_unknown"},
        {"AppId=1&Timestamp=1", AUTH_OPERATION_KNOWN, "error.nonce_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=", AUTH_OPERATION_KNOWN, "error.nonce_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=n", AUTH_OPERATION_KNOWN, "error.signature_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=n&Signature=x", AUTH_OPERATION_KNOWN,
         "error.version_missing"},
        {"AppId=1&Timestamp=1&SignatureNonce=n&Signature=x&SignatureVersion=1.0",
         AUTH_OPERATION_KNOWN, "error.version_unsupported"},
        {"AppId=1&Timestamp=1&SignatureNonce=n&Signature=x&SignatureVersion=2.0",
         AUTH_OPERATION_KNOWN, "error.signature_expired"},
        /* upper case is another signature */
        {"AppId=12345&SignatureNonce=4fd24687296dd9f3&Timestamp=1615186943"
         "&Signature=43E5CFCCA828314675F91B001390566A&SignatureVersion=2.0",
         AUTH_OPERATION_KNOWN, "error.signature_wrong"},
        /* another nonce than the one that was signed */
        {"AppId=12345&SignatureNonce=4fd24687296dd9f4&Timestamp=1615186943"
         "&Signature=43e5cfcca828314675f91b001390566a&SignatureVersion=2.0",
         AUTH_OPERATION_KNOWN, "error.signature_wrong"},
    };
    struct auth *a = open_auth((struct auth_options){0});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool reused;
        struct auth_answer refusal;
        assert_false(zego(a, rows[i].query, rows[i].action, STAMP_S * 1000, &reused, &refusal));
        assert_string_equal(refusal.reply, rows[i].reply);
        assert_int_equal(refusal.bad_request, strstr(refusal.reply, "action") != NULL);
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
        struct auth *a = open_auth((struct auth_options){0});
        bool reused;
        struct auth_answer refusal;
        assert_int_equal(zego(a, GOOD, AUTH_OPERATION_KNOWN, STAMP_S * 1000 + rows[i].skew_ms,
                              &reused, &refusal),
                         rows[i].good);
        if (!rows[i].good)
            assert_string_equal(refusal.reply, "error.signature_expired");
        auth_close(a);
    }
}

static bool ask_nonce(struct auth *a, const char *secret, int number, bool *reused)
{
    char nonce[32], hex[33], query[512];
    struct auth_answer refusal;
    snprintf(nonce, sizeof nonce, "n%d", number);
    sign(secret, 1, nonce, STAMP_S, hex);
    snprintf(query, sizeof query,
             "AppId=1&SignatureNonce=%s&Timestamp=1615186943&Signature=%s&SignatureVersion=2.0",
             nonce, hex);
    return zego(a, query, AUTH_OPERATION_KNOWN, STAMP_S * 1000, reused, &refusal);
}

static void a_nonce_is_known_again_among_the_newest_65536(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct auth_options){0});
    bool reused;
    for (int i = 0; i < ZEGO_NONCES_MAX + 10; i++) {
        assert_true(ask_nonce(a, NULL, i, &reused));
        assert_false(reused);
    }
    assert_true(
        ask_nonce(a, NULL, ZEGO_NONCES_MAX + 9, &reused)); /* the newest, and still answered */
    assert_true(reused);
    assert_true(ask_nonce(a, NULL, 10, &reused)); /* the 65536th newest */
    assert_true(reused);
    for (int i = 0; i < 2 * ZEGO_NONCES_MAX; i++)
        ask_nonce(a, NULL, ZEGO_NONCES_MAX + 10 + i, &reused);
    assert_true(ask_nonce(a, NULL, 0, &reused)); /* forgotten at last: memory is bounded */
    assert_false(reused);
    auth_reset(a);
    ask_nonce(a, NULL, 0, &reused);
    assert_false(reused);
    auth_close(a);
}

static void another_secret_makes_another_signature(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct auth_options){.secret = "other"});
    bool reused;
    struct auth_answer refusal;
    assert_false(zego(a, GOOD, AUTH_OPERATION_KNOWN, STAMP_S * 1000, &reused, &refusal));
    assert_string_equal(refusal.reply, "error.signature_wrong");
    assert_true(ask_nonce(a, "other", 1, &reused));
    auth_close(a);
}

static void without_credentials_the_action_is_still_needed(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct auth_options){.no_auth = true});
    bool reused;
    struct auth_answer refusal;
    assert_true(zego(a, "", AUTH_OPERATION_KNOWN, 0, &reused, &refusal));
    assert_false(zego(a, "", AUTH_OPERATION_MISSING, 0, &reused, &refusal));
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
    struct auth_rule rule = only_scheme("bearer");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth *a = open_auth(
            (struct auth_options){.token = rows[i].token, .no_auth = rows[i].no_auth});
        struct header header = {span_of("AUTHORIZATION"), span_of(rows[i].header)};
        struct auth_answer refusal;
        if (ask_rule(a, &rule, "", &header, rows[i].header ? 1 : 0, AUTH_OPERATION_KNOWN, 0,
                     &refusal)
            != rows[i].good)
            fail_msg("row %zu: %s", i, rows[i].header ? rows[i].header : "none");
        auth_close(a);
    }
}

static void two_authorization_headers_are_refused(void **state)
{
    (void)state;
    struct auth *a = open_auth((struct auth_options){0});
    struct header headers[] = {{span_of("Authorization"), span_of("Bearer a")},
                               {span_of("authorization"), span_of("Bearer a")}};
    struct auth_rule rule = only_scheme("bearer");
    struct auth_answer refusal;
    assert_false(ask_rule(a, &rule, "", headers, 2, AUTH_OPERATION_KNOWN, 0, &refusal));
    assert_non_null(strstr(refusal.why, "twice"));
    auth_close(a);
}

static void api_keys_stand_where_the_contract_says(void **state)
{
    (void)state;
    static const struct {
        bool in_query;
        const char *query, *header; /* NULL: none */
        const char *token;          /* the one accepted; NULL: any */
        bool good;
    } rows[] = {
        {false, "", "k", NULL, true},         {false, "", NULL, NULL, false},
        {false, "", "", NULL, false},         {false, "X-Key=k", NULL, NULL, false},
        {false, "", "k", "k", true},          {false, "", "K", "k", false},
        {true, "X-Key=k", NULL, NULL, true},  {true, "X-Key=", NULL, NULL, false},
        {true, "", "k", NULL, false},         {true, "X-Key=a%2Fb", NULL, "a/b", true},
        {true, "x-key=k", NULL, NULL, false}, /* query parameters do not ignore case */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth *a = open_auth((struct auth_options){.token = rows[i].token});
        struct auth_rule rule = only_scheme("apiKey");
        rule.sets[0].uses[0].name = "X-Key";
        rule.sets[0].uses[0].in_query = rows[i].in_query;
        struct header header = {span_of("x-KEY"), span_of(rows[i].header)};
        struct auth_answer refusal;
        if (ask_rule(a, &rule, rows[i].query, &header, rows[i].header ? 1 : 0, AUTH_OPERATION_KNOWN,
                     0, &refusal)
            != rows[i].good)
            fail_msg("row %zu", i);
        if (!rows[i].good)
            assert_string_equal(refusal.reply, "error.unauthorized");
        auth_close(a);
    }
}

static void api_keys_in_cookies(void **state)
{
    (void)state;
    static const struct {
        const char *cookies;
        bool good;
    } rows[] = {
        {"sid=k", true},  {"a=1; sid=k; b=2", true}, {"a=1;sid=k", true},
        {"sid=j", false}, {"sid=", false},           {"sid", false},
        {"SID=k", false}, {"xsid=k", false},         {"sid=k; sid=k", false},
        {"", false},      {";;=;", false},
    };
    struct auth *a = open_auth((struct auth_options){.token = "k"});
    struct auth_rule rule = only_scheme("apiKey");
    rule.sets[0].uses[0].name = "sid";
    rule.sets[0].uses[0].in_cookie = true;
    struct auth_answer refusal;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header header = {span_of("cookie"), span_of(rows[i].cookies)};
        if (ask_rule(a, &rule, "", &header, 1, AUTH_OPERATION_KNOWN, 0, &refusal) != rows[i].good)
            fail_msg("%s", rows[i].cookies);
    }
    const struct header twice[] = {{span_of("Cookie"), span_of("sid=k")},
                                   {span_of("Cookie"), span_of("sid=k")}};
    assert_false(ask_rule(a, &rule, "sid=k", twice, 2, AUTH_OPERATION_KNOWN, 0, &refusal));
    assert_false(ask_rule(a, &rule, "sid=k", NULL, 0, AUTH_OPERATION_KNOWN, 0, &refusal));
    auth_close(a);
}

static void basic_credentials(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *token; /* the one accepted; NULL: any */
        bool good;
    } rows[] = {
        {"Basic dXNlcjpwYXNz", NULL, true}, /* user:pass */
        {"basic dXNlcjpwYXNz", NULL, true},        {"Basic dXNlcjpwYXNz", "pass", true},
        {"Basic dXNlcjpwYXNz", "user:pass", true}, {"Basic dXNlcjpwYXNz", "user", false},
        {"Basic dXNlcg==", NULL, false}, /* no colon */
        {"Basic user:pass", NULL, false},          {"Basic", NULL, false},
        {"Bearer dXNlcjpwYXNz", NULL, false},
    };
    struct auth_rule rule = only_scheme("basic");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth *a = open_auth((struct auth_options){.token = rows[i].token});
        struct header header = {span_of("Authorization"), span_of(rows[i].header)};
        struct auth_answer refusal;
        if (ask_rule(a, &rule, "", &header, 1, AUTH_OPERATION_KNOWN, 0, &refusal) != rows[i].good)
            fail_msg("row %zu: %s", i, rows[i].header);
        auth_close(a);
    }
}

static void one_alternative_is_enough_and_all_of_one_are_needed(void **state)
{
    (void)state;
    static const struct header bearer = {{"Authorization", 13}, {"Bearer t", 8}};
    static const struct header key = {{"X-Key", 5}, {"k", 1}};
    const struct header both[] = {bearer, key};
    struct auth_use use_bearer = only_scheme("bearer").sets[0].uses[0];
    struct auth_use use_key = only_scheme("apiKey").sets[0].uses[0];
    use_key.name = "X-Key";
    struct auth_rule either = {.count = 2, .sets = {{{use_bearer}, 1}, {{use_key}, 1}}};
    struct auth_rule together = {.count = 1, .sets = {{{use_bearer, use_key}, 2}}};
    struct auth_rule optional = {.count = 2, .sets = {{{use_bearer}, 1}, {.count = 0}}};
    const struct {
        const struct auth_rule *rule;
        const struct header *headers;
        size_t count;
        const char *why; /* NULL: accepted */
    } rows[] = {
        {&either, &bearer, 1, NULL},
        {&either, &key, 1, NULL},
        {&either, both, 0, "no Authorization header"}, /* of the first */
        {&together, both, 2, NULL},
        {&together, &bearer, 1, "no API key in the header"},
        {&together, &key, 1, "no Authorization header"},
        {&optional, both, 0, NULL},
    };
    struct auth *a = open_auth((struct auth_options){0});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct auth_answer refusal;
        bool good = ask_rule(a, rows[i].rule, "", rows[i].headers, rows[i].count,
                             AUTH_OPERATION_KNOWN, 0, &refusal);
        if (good != !rows[i].why || (rows[i].why && strcmp(refusal.why, rows[i].why) != 0))
            fail_msg("row %zu: %s", i, good ? "accepted" : refusal.why);
    }
    auth_close(a);
}

static void credentials_that_came_but_are_wrong_are_told_before_those_that_did_not_come(
    void **state)
{
    (void)state;
    struct auth_rule rule = {.count = 2};
    rule.sets[0] = only_scheme("bearer").sets[0];
    rule.sets[1] = only_scheme("apiKey").sets[0];
    rule.sets[1].uses[0].name = "X-Key";
    struct header wrong = {span_of("X-Key"), span_of("no")};
    struct auth *a = open_auth((struct auth_options){.token = "yes"});
    struct auth_answer refusal;
    assert_false(ask_rule(a, &rule, "", &wrong, 1, AUTH_OPERATION_KNOWN, 0, &refusal));
    assert_string_equal(refusal.why, "the API key is not the one that is accepted");
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
        cmocka_unit_test(api_keys_stand_where_the_contract_says),
        cmocka_unit_test(api_keys_in_cookies),
        cmocka_unit_test(basic_credentials),
        cmocka_unit_test(one_alternative_is_enough_and_all_of_one_are_needed),
        cmocka_unit_test(
            credentials_that_came_but_are_wrong_are_told_before_those_that_did_not_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
