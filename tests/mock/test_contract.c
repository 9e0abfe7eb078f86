/* Contracts: what the mock reads of an openapi.json, and every way in which it can be wrong. */
#include "loaders.h"

#include "base/json/json.h"
#include "base/json/json_schema.h"
#include "mockserver/fixture/contract_read.h"
#include "mockserver/fixture/contract.h"

/* One line a thing, so that the rows' lines can be counted. */
/* clang-format off */
static const char good[] =
    "{\n"                                                                          /* 1 */
    "\"openapi\": \"3.1.0\",\n"                                                    /* 2 */
    "\"info\": {\"title\": \"Videos\"},\n"                                         /* 3 */
    "\"servers\": [{\"url\": \"https://api.example.com:8443/\"}, {\"url\": \"http://b.test\"}],\n"
    "\"security\": [{\"bearerAuth\": []}],\n"                                      /* 5 */
    "\"paths\": {\n"                                                               /* 6 */
    " \"/v1/{kind}/tasks/{task_id}\": {\n"                                         /* 7 */
    "  \"parameters\": [{\"$ref\": \"#/components/parameters/Id\"},\n"             /* 8 */
    "   {\"name\": \"lang\", \"in\": \"query\", \"schema\": {\"type\": \"string\"}}],\n"
    "  \"get\": {\"parameters\": [\n"                                              /* 10 */
    "   {\"name\": \"kind\", \"in\": \"path\", \"required\": true},\n"             /* 11 */
    "   {\"name\": \"lang\", \"in\": \"query\", \"required\": true, \"schema\": {\"type\": "
    "\"string\"}},\n"                                                              /* 12 */
    "   {\"name\": \"X-Trace\", \"in\": \"header\"}]},\n"                          /* 13 */
    "  \"delete\": {\"security\": []}\n"                                           /* 14 */
    " },\n"                                                                        /* 15 */
    " \"/\": {\"post\": {\"security\": [{\"zego\": []}],\n"                        /* 16 */
    "  \"parameters\": [{\"name\": \"Action\", \"in\": \"query\", \"schema\": {\"const\": "
    "\"Get\"}},\n"                                                                 /* 17 */
    "   {\"name\": \"V\", \"in\": \"query\", \"schema\": {\"enum\": [\"2.0\"]}}],\n"
    "  \"requestBody\": {\"required\": true, \"content\": {\"application/json\": {\"schema\": "
    "{\"$ref\": \"#/components/schemas/Ask\"}}}}}}\n"                              /* 19 */
    "},\n"                                                                         /* 20 */
    "\"components\": {\n"                                                          /* 21 */
    " \"parameters\": {\"Id\": {\"name\": \"task_id\", \"in\": \"path\", \"required\": true}},\n"
    " \"schemas\": {\"Ask\": {\"type\": \"object\", \"required\": [\"Id\"], \"properties\": "
    "{\"Id\": {\"type\": \"string\", \"minLength\": 1}}}},\n"                      /* 23 */
    " \"securitySchemes\": {\"bearerAuth\": {\"type\": \"http\", \"scheme\": \"Bearer\"},\n"
    "  \"zego\": {\"type\": \"apiKey\", \"x-scheme\": \"zego-2\"}, \"key\": {\"type\": \"apiKey\", "
    "\"in\": \"query\", \"name\": \"Signature\"},\n"
    "  \"digest\": {\"type\": \"http\", \"scheme\": \"digest\"}}\n"                /* 26 */
    "},\n"                                                                         /* 27 */
    "\"x-task\": {\n"                                                              /* 28 */
    " \"id\": [{\"in\": \"path\", \"name\": \"task_id\"}, {\"in\": \"body\", \"pointer\": "
    "\"/Id\"}],\n"                                                                 /* 29 */
    " \"status\": [{\"pointer\": \"/data/status\", \"states\": {\"queued\": [\"queued\"], "
    "\"running\": [100, \"100\"],\n"                                               /* 30 */
    "   \"succeeded\": [\"success\"], \"failed\": [-1]}},\n"                       /* 31 */
    "  {\"pointer\": \"/list/*/s\", \"states\": {\"queued\": [1], \"running\": [2], \"failed\": "
    "[3], \"succeeded\": [4]}}, {\"pointer\": \"/state\", \"states\": {\"failed\": [\"bad\"]}, "
    "\"when\": {\"pointer\": \"/ok\", \"values\": [0, \"yes\"]}}],\n"                /* 32 */
    " \"goals\": {\"started\": {\"succeeded\": [100, 2], \"failed\": [\"success\"]}},\n"
    " \"stamp\": {\"/data/id\": \"task.id\", \"/data/made\": \"task.created\", \"/data/begun\": "
    "\"task.started\",\n"                                                          /* 34 */
    "  \"/data/ended\": \"task.finished\", \"/at\": \"now\", \"/trace\": \"uuid\", \"/list/*/id\": "
    "\"$request.body#/Id\", \"/list/0/id\": \"task.id\"},\n"                       /* 35 */
    " \"redact\": [\"/data/reason\"],\n"                                           /* 36 */
    " \"polite\": {\"interval_s\": 1.5, \"per_second\": 10},\n"                    /* 37 */
    " \"permanent\": {\"pointer\": \"/code\", \"codes\": [\"gone\"]}\n"               /* 38 */
    "}}\n";
/* clang-format on */

static struct contract contract;

static int open_good(void **state)
{
    struct err e = {0};
    (void)state;
    if (contract_parse(span_of(good), "openapi.json", NULL, &contract, &e))
        fail_msg("%s: %s", e.where, e.what);
    return 0;
}

static int close_good(void **state)
{
    (void)state;
    contract_fini(&contract);
    return 0;
}

static void hosts_lose_scheme_port_and_slash(void **state)
{
    (void)state;
    assert_string_equal(contract.title, "Videos");
    assert_int_equal(contract.host_count, 2);
    assert_string_equal(contract.hosts[0], "api.example.com");
    assert_string_equal(contract.hosts[1], "b.test");
}

/* "bearer|zego-2+apiKey": alternatives parted by bars, what is asked for together by a plus. Returns out. */
static const char *schemes_of(const struct auth_rule *rule, char out[128])
{
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < rule->count; i++)
        for (uint32_t k = 0; k < rule->sets[i].count; k++)
            n += (size_t)snprintf(out + n, 128 - n, "%s%s",
                                  k       ? "+"
                                      : i ? "|"
                                          : "",
                                  rule->sets[i].uses[k].scheme->name);
    return out;
}

static void routes_carry_method_template_and_auth(void **state)
{
    static const struct {
        const char *method, *path;
        const char *schemes; /* see schemes_of */
    } rows[] = {
        {"GET", "/v1/{kind}/tasks/{task_id}", "bearer"}, /* the document's security */
        {"DELETE", "/v1/{kind}/tasks/{task_id}", ""},    /* security: [] */
        {"POST", "/", "zego-2"},                         /* its own */
    };
    (void)state;
    assert_int_equal(contract.route_count, 3);
    for (size_t i = 0; i < 3; i++) {
        char schemes[128];
        assert_string_equal(contract.routes[i].method, rows[i].method);
        assert_string_equal(contract.routes[i].path, rows[i].path);
        assert_string_equal(schemes_of(&contract.routes[i].auth, schemes), rows[i].schemes);
        assert_int_equal(contract.routes[i].role, ROLE_POLL);
    }
    assert_true(contract_is_signed(&contract));
}

static void parameters_of_path_and_operation_are_merged(void **state)
{
    const struct contract_route *get = &contract.routes[0], *delete = &contract.routes[1];
    (void)state;
    assert_int_equal(get->param_count, 2);
    assert_string_equal(get->params[0].name, "lang");
    assert_true(get->params[0].in_query);
    assert_true(get->params[0].required); /* the operation's word, not the path's */
    assert_string_equal(get->params[1].name, "X-Trace");
    assert_false(get->params[1].in_query);
    assert_int_equal(delete->param_count, 1);
    assert_false(delete->params[0].required);
}

static void a_const_or_an_enum_of_one_is_part_of_the_route(void **state)
{
    const struct contract_route *post = &contract.routes[2];
    (void)state;
    assert_string_equal(post->params[0].only, "Get");
    assert_string_equal(post->params[1].only, "2.0");
    assert_null(contract.routes[0].params[0].only);
    assert_true(post->body_required);
    struct json *empty = NULL;
    assert_int_equal(json_open(span_of("{\"Id\":\"\"}"), &empty, NULL), 0);
    assert_int_equal(json_schema_check(post->body_schema, empty, NULL),
                     ERR_CONTRACT); /* $ref followed */
    json_close(empty);
}

/* The good contract with one edit; the caller ends it with contract_fini. */
static void parse_edited(const char *from, const char *to, struct contract *out)
{
    char *text = edited(good, from, to);
    struct err e = {0};
    if (contract_parse(span_of(text), "openapi.json", NULL, out, &e))
        fail_msg("%s: %s: %s", to, e.where, e.what);
    free(text);
}

static void an_enum_of_two_is_no_part_of_the_route(void **state)
{
    static struct contract c;
    (void)state;
    parse_edited("[\"2.0\"]", "[\"2.0\", \"3.0\"]", &c);
    assert_null(c.routes[2].params[1].only);
    contract_fini(&c);
}

static void security_is_alternatives_of_schemes_that_are_asked_for_together(void **state)
{
    static const struct {
        const char *security, *schemes;
    } rows[] = {
        {"\"security\": [{\"bearerAuth\": []}, {\"zego\": []}]", "bearer|zego-2"},
        {"\"security\": [{\"zego\": [], \"bearerAuth\": []}]", "zego-2+bearer"},
        {"\"security\": [{\"zego\": []}, {}]", "zego-2|none"},
        {"\"security\": [{}]", "none"},
        {"\"security\": [{\"key\": []}]", "apiKey"}, /* a parameter's name chooses nothing */
    };
    static struct contract c;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char schemes[128];
        parse_edited("\"security\": []", rows[i].security, &c);
        assert_string_equal(schemes_of(&c.routes[1].auth, schemes), rows[i].schemes);
        contract_fini(&c);
    }
}

static void what_an_operation_does_is_its_own_word_or_the_documents(void **state)
{
    static const struct {
        const char *from, *to;
        enum contract_role roles[3]; /* get, delete, post */
    } rows[] = {
        {"\"security\": []}",
         "\"security\": [], \"x-task\": {\"role\": \"cancel\"}}",
         {ROLE_POLL, ROLE_CANCEL, ROLE_POLL}},
        {"\"x-task\": {",
         "\"x-task\": {\"role\": \"content\",",
         {ROLE_CONTENT, ROLE_CONTENT, ROLE_CONTENT}},
    };
    static struct contract c;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        parse_edited(rows[i].from, rows[i].to, &c);
        for (size_t k = 0; k < 3; k++)
            assert_int_equal(c.routes[k].role, rows[i].roles[k]);
        contract_fini(&c);
    }
}

static void every_wish_names_its_source(void **state)
{
    static struct contract c;
    struct reply r = {.body = span_of("{\"code\": \"gone\"}")};
    (void)state;
    assert_int_equal(contract.polite.interval_source, PROVENANCE_OBS); /* as good as nothing said */
    parse_edited("\"interval_s\": 1.5, \"per_second\": 10}",
                 "\"interval_s\": 1.5, \"interval_source\": \"inf\", \"per_second\": 10, "
                 "\"per_second_source\": \"doc\"}",
                 &c);
    assert_int_equal(c.polite.interval_source, PROVENANCE_INF);
    assert_int_equal(c.polite.per_second_source, PROVENANCE_DOC);
    contract_fini(&c);
    parse_edited(
        "\"permanent\": {\"pointer\": \"/code\", \"codes\": [\"gone\"]}",
        "\"permanent\": [{\"pointer\": \"/code\", \"codes\": [\"bad\"], \"source\": \"doc\"},"
        "{\"pointer\": \"/code\", \"codes\": [\"gone\"], \"source\": \"src\"}]",
        &c);
    assert_int_equal(contract_read_refusal(&c, &r, NULL), 0);
    assert_true(r.refuses_for_good);
    assert_int_equal(r.refusal_source, PROVENANCE_SRC);
    contract_fini(&c);
}

/* $refs in every place that holds a schema or stands for something else, percent-encoded or not. */
static void refs_are_decoded_and_lead_to_parameters_bodies_and_schemas(void **state)
{
    static struct contract c;
    struct json *value = NULL;
    (void)state;
    parse_edited("#/components/parameters/Id", "#/components/parameters/I%64", &c);
    assert_int_equal(c.routes[0].param_count, 2);
    contract_fini(&c);
    parse_edited("#/components/schemas/Ask", "#/%63omponents/schemas/Ask", &c);
    assert_int_equal(json_open(span_of("{}"), &value, NULL), 0);
    assert_int_equal(json_schema_check(c.routes[2].body_schema, value, NULL), ERR_CONTRACT);
    json_close(value);
    contract_fini(&c);
    parse_edited("{\"const\": \"Get\"}",
                 "{\"title\": \"x\", \"$ref\": \"#/paths/~1/post/parameters/0/x-get\"}, "
                 "\"x-get\": {\"const\": \"Get\"}, \"example\": {\"$ref\": 7, \"schema\": 7}, "
                 "\"x-own\": {\"$ref\": \"#/nowhere\"}",
                 &c);
    assert_string_equal(c.routes[2].params[0].only, "Get");
    contract_fini(&c);
}

/* A key that somebody chose is no word of OpenAPI. */
static void names_are_not_taken_for_places_of_schemas(void **state)
{
    static struct contract c;
    (void)state;
    parse_edited("\"parameters\": {\"Id\"",
                 "\"headers\": {\"schema\": {\"description\": \"d\"}, \"value\": {}},"
                 "\"examples\": {\"schemas\": {\"value\": {\"$ref\": \"#/no\", \"schema\": 7}}},"
                 "\"parameters\": {\"Id\"",
                 &c);
    contract_fini(&c);
}

static void a_schema_may_contain_itself_below(void **state)
{
    static struct contract c;
    struct json *value = NULL;
    struct err e = {0};
    (void)state;
    parse_edited("\"Id\": {\"type\"",
                 "\"Ask\": {\"$ref\": \"#/components/schemas/Ask\"}, \"Id\": {\"type\"", &c);
    assert_int_equal(json_open(span_of("{\"Id\":\"a\",\"Ask\":{\"Id\":\"\"}}"), &value, NULL), 0);
    assert_int_equal(json_schema_check(c.routes[2].body_schema, value, &e), ERR_CONTRACT);
    assert_error(&e, "below", "/Ask/Id", "its length is 0");
    json_close(value);
    contract_fini(&c);
}

static unsigned warning_count;

static void hear(const struct err *e, void *arg)
{
    (void)arg;
    assert_int_equal(e->code, ERR_OK);
    assert_string_equal(e->where, "openapi.json:23:100");
    assert_string_equal(e->what,
                        "warning: unknown keyword \"minlength\" asks for nothing; did you "
                        "mean \"minLength\"?");
    warning_count++;
}

static void a_warning_is_told_once_and_is_no_error(void **state)
{
    static struct contract c;
    struct problems problems = {.report = hear};
    struct err e = {0};
    (void)state;
    char *text = edited(good, "\"minLength\"", "\"minlength\"");
    assert_int_equal(contract_parse(span_of(text), "openapi.json", &problems, &c, &e), 0);
    assert_int_equal(problems.first.code, ERR_OK);
    assert_int_equal(warning_count, 1);
    contract_fini(&c);
    free(text);
}

static void politeness_is_read_in_milliseconds(void **state)
{
    (void)state;
    assert_int_equal(contract.polite.interval_ms, 1500);
    assert_int_equal(contract.polite.per_second, 10);
}

static void the_id_is_the_first_that_is_present(void **state)
{
    static const struct {
        const char *path, *body, *id; /* id NULL: none */
    } rows[] = {
        {"task_1", "{\"Id\":\"b\"}", "task_1"},                      /* the path stands first */
        {"a%2Fb%20c", "", "a/b c"},                                  /* decoded */
        {"", "{\"Id\":\"b\\u0041\"}", "bA"},                         /* unescaped */
        {"", "{\"Id\":1234567890123456789}", "1234567890123456789"}, /* a number, exactly */
        {"", "{\"Id\":\"b\",\"x\":\"\\ud83d\",\"y\":1e999,\"z\":1,\"z\":2}",
         "b"}, /* nobody asks for x */
        {"", "{\"Id\":\"\"}", NULL},
        {"", "{\"Id\":\"\\ud83d\"}", NULL},
        {"", "{\"Id\":\"b\\u0000\"}", NULL},
        {"", "{\"Id\":1e999}", NULL},
        {"", "{\"Id\":\"b\",\"Id\":\"b\"}", NULL}, /* which one? */
        {"", "{\"Id\":null}", NULL},
        {"", "{\"id\":\"b\"}", NULL},
        {"", "{\"Id\":\"b\"", NULL},    /* broken JSON is no tree */
        {"%zz", "", NULL},              /* a bad escape */
        {"0123456789012345", "", NULL}, /* 16 bytes and no room for the end */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[32] = "";
        size_t room = strlen(rows[i].path) == 16 ? 16 : sizeof id;
        struct json *body = NULL;
        (void)json_open(span_of(rows[i].body), &body, NULL);
        bool found = contract_task_id(&contract, span_of(rows[i].path), body, id, room);
        json_close(body);
        if (found != (rows[i].id != NULL) || (found && strcmp(id, rows[i].id) != 0))
            fail_msg("row %zu: %s", i, found ? id : "none");
    }
}

static void a_state_is_the_first_present_pointers_and_compared_as_written(void **state)
{
    static const struct {
        const char *goal, *body;
        enum reply_state state;
    } rows[] = {
        {NULL, "{\"data\":{\"status\":\"queued\"}}", REPLY_STATE_QUEUED},
        {NULL, "{\"data\":{\"status\":\"que\\u0075ed\"}}", REPLY_STATE_QUEUED}, /* unescaped */
        {NULL, "{\"data\":{\"status\":100}}", REPLY_STATE_RUNNING},
        {NULL, "{\"data\":{\"status\":\"100\"}}", REPLY_STATE_RUNNING}, /* listed as well */
        {NULL, "{\"data\":{\"status\":\"-1\"}}", REPLY_STATE_UNKNOWN},  /* not listed as text */
        {NULL, "{\"data\":{\"status\":-1}}", REPLY_STATE_FAILED},
        {NULL, "{\"data\":{\"status\":\"success\"}}", REPLY_STATE_SUCCEEDED},
        {NULL, "{\"data\":{\"status\":\"SUCCESS\"}}", REPLY_STATE_SUCCEEDED},
        /* null is absent, and no other kind is a status */
        {NULL, "{\"data\":{\"status\":null}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":{}}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":true}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":null},\"list\":[{\"s\":4}]}", REPLY_STATE_SUCCEEDED},
        {NULL, "{\"data\":{}}", REPLY_STATE_NONE},
        {NULL, "<html>", REPLY_STATE_NONE},
        {NULL, "", REPLY_STATE_NONE},
        /* what nobody reads spoils nothing; what is read and cannot be is no status */
        {NULL, "{\"data\":{\"status\":\"queued\",\"prompt\":\"\\ud83d\",\"n\":1e999,\"n\":2}}",
         REPLY_STATE_QUEUED},
        {NULL, "{\"data\":{\"status\":\"queued\\ud83d\"}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":\"queued\\u0000\"}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":1e999}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":\"queued\",\"status\":\"queued\"}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":\"queued\",\"st\\u0061tus\":100}}", REPLY_STATE_NONE},
        {NULL, "{\"data\":{\"status\":100},\"d\\u0061ta\":{}}", REPLY_STATE_NONE},
        {NULL, "{\"list\":[{\"s\":4}],\"list\":[{\"s\":4}]}", REPLY_STATE_NONE},
        {NULL, "{\"list\":[{\"s\":4},{\"s\":4,\"s\":4}]}", REPLY_STATE_NONE},
        {NULL, "{\"ok\":0,\"ok\":0,\"state\":\"bad\"}", REPLY_STATE_NONE},
        /* of an empty list nothing is known; a list where one tells nothing is none */
        {NULL, "{\"list\":[]}", REPLY_STATE_UNKNOWN},
        {NULL, "{\"list\":{\"*\":{\"s\":4}}}", REPLY_STATE_NONE},
        {NULL, "{\"list\":[{\"s\":4},{}]}", REPLY_STATE_NONE},
        {NULL, "{\"list\":[{\"s\":null},{\"s\":4}]}", REPLY_STATE_NONE},
        {NULL, "{\"list\":[{\"s\":4},{\"s\":4}]}", REPLY_STATE_SUCCEEDED},
        {NULL, "{\"list\":[{\"s\":4},{\"s\":3}]}", REPLY_STATE_FAILED},
        {NULL, "{\"list\":[{\"s\":3},{\"s\":2},{\"s\":4}]}", REPLY_STATE_RUNNING},
        {NULL, "{\"list\":[{\"s\":2},{\"s\":1},{\"s\":3}]}", REPLY_STATE_QUEUED},
        {NULL, "{\"list\":[{\"s\":1},{\"s\":9},{\"s\":3}]}", REPLY_STATE_UNKNOWN},
        {NULL, "{\"ok\":0,\"state\":\"bad\"}", REPLY_STATE_FAILED},
        {NULL, "{\"ok\":\"YES\",\"state\":\"new\"}", REPLY_STATE_UNKNOWN},
        {NULL, "{\"ok\":1,\"state\":\"bad\"}", REPLY_STATE_NONE},
        {NULL, "{\"ok\":null,\"state\":\"bad\"}", REPLY_STATE_NONE},
        {NULL, "{\"state\":\"bad\"}", REPLY_STATE_NONE},
        {"started", "{\"data\":{\"status\":100}}", REPLY_STATE_SUCCEEDED},
        {"started", "{\"data\":{\"status\":\"success\"}}", REPLY_STATE_FAILED},
        {"started", "{\"data\":{\"status\":\"queued\"}}", REPLY_STATE_UNKNOWN},
        {"started", "{\"list\":[{\"s\":2}]}", REPLY_STATE_SUCCEEDED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum reply_state got = contract_state(&contract, rows[i].goal, span_of(rows[i].body));
        if (got != rows[i].state)
            fail_msg("%s: %s", rows[i].body, reply_state_name(got));
    }
    assert_true(contract_has_goal(&contract, "started"));
    assert_false(contract_has_goal(&contract, "ready"));
}

static void routes_lie_below_each_servers_path(void **state)
{
    static struct contract c;
    (void)state;
    parse_edited("8443/\"", "8443/api/v3/\"", &c);
    assert_int_equal(c.base_count, 2);
    assert_int_equal(c.route_count, 2 * contract.route_count);
    for (uint32_t i = 0; i < contract.route_count; i++) {
        char below[256];
        snprintf(below, sizeof below, "/api/v3%s", contract.routes[i].path);
        assert_string_equal(c.routes[i].path, below);
        assert_string_equal(c.routes[i + contract.route_count].path, contract.routes[i].path);
        assert_string_equal(c.routes[i].method, contract.routes[i].method);
    }
    contract_fini(&c);
}

static void a_refusal_for_good_is_known_by_its_code_as_text_or_number(void **state)
{
    static const struct {
        const char *body;
        bool refuses;
    } cases[] = {
        {"{\"code\":\"gone\"}", true},
        {"{\"code\":410}", true}, /* listed as "410" */
        {"{\"code\":\"410\"}", true},
        {"{\"code\":\"busy\"}", false},
        {"{\"code\":null}", false},
        {"{\"data\":{\"code\":\"gone\"}}", false}, /* elsewhere */
        {"{\"code\":\"gone\"", false},             /* not JSON */
        {"", false},
    };
    static struct contract c;
    (void)state;
    parse_edited("[\"gone\"]", "[\"gone\", \"410\"]", &c);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply r = {.body = span_of(cases[i].body)};
        assert_int_equal(contract_read_refusal(&c, &r, NULL), 0);
        if (r.refuses_for_good != cases[i].refuses)
            fail_msg("%s", cases[i].body);
    }
    contract_fini(&c);
}

/* Each stamp as "SOURCE value" with " ms" behind milliseconds. */
static void stamps_lie_on_the_recorded_values_in_order(void **state)
{
    static const char *const sources[] = {"id",  "created", "started", "finished",
                                          "now", "uuid",    "request"};
    static const struct {
        const char *body, *stamps;
    } rows[] = {
        {"{\"data\":{\"id\":\"t\",\"made\":1705334400}}", "id \"t\"; created 1705334400; "},
        /* in the body's order, not the contract's */
        {"{\"at\":1705334400123,\"data\":{\"made\":5,\"id\":\"t\"}}",
         "now 1705334400123 ms; created 5; id \"t\"; "},
        /* 1e11 is the first millisecond */
        {"{\"data\":{\"made\":99999999999,\"begun\":100000000000}}",
         "created 99999999999; started 100000000000 ms; "},
        /* a string of digits stays a string */
        {"{\"data\":{\"ended\":\"1705334400000\"}}", "finished \"1705334400000\" ms; "},
        /* not yet, not said, no time, no text: as recorded */
        {"{\"data\":{\"made\":0,\"begun\":null,\"ended\":\"\",\"id\":\"\"}}", ""},
        {"{\"data\":{\"made\":\"0\",\"begun\":\"yesterday\",\"ended\":{},\"id\":7}}", ""},
        /* unreadable, or one of several: as recorded too, and nothing beside it is kept from its stamp */
        {"{\"data\":{\"id\":\"\\ud83d\",\"made\":1e999,\"begun\":5},\"trace\":\"\\u0000\"}",
         "started 5; "},
        {"{\"data\":{\"id\":\"t\",\"made\":5,\"\\u0069d\":\"t\"}}", "created 5; "},
        {"{\"trace\":\"831234c7\"}", "uuid \"831234c7\"; "},
        /* every element; the two pointers that lead to the first write it once */
        {"{\"list\":[{\"id\":\"a\"},{},{\"id\":\"b\"}]}", "request \"a\"; request \"b\"; "},
        {"[]", ""},
        {"<html>\"/at\"", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reply r = {.body = span_of(rows[i].body)};
        struct err e = {0};
        char got[512] = "";
        assert_int_equal(contract_stamp(&contract, &r, &e), 0);
        for (uint32_t k = 0; k < r.stamp_count; k++) {
            const struct reply_stamp *s = &r.stamps[k];
            size_t n = strlen(got);
            snprintf(got + n, sizeof got - n, "%s %.*s%s; ", sources[s->source], (int)s->len,
                     r.body.p + s->at, s->millis ? " ms" : "");
            assert_int_equal(s->quoted, r.body.p[s->at] == '"');
            assert_int_equal(s->pointer != NULL, s->source == STAMP_REQUEST_BODY);
        }
        assert_string_equal(got, rows[i].stamps);
        reply_fini(&r);
    }
}

static void more_stamps_than_fit_are_an_error(void **state)
{
    static char body[16384];
    (void)state;
    for (unsigned count = REPLY_STAMPS_MAX; count <= REPLY_STAMPS_MAX + 1; count++) {
        size_t n = (size_t)snprintf(body, sizeof body, "{\"list\":[{}");
        for (unsigned i = 0; i < count; i++)
            n += (size_t)snprintf(body + n, sizeof body - n, ",{\"id\":\"t%u\"}", i);
        snprintf(body + n, sizeof body - n, "]}");
        struct reply r = {.name = "long", .body = span_of(body)};
        struct err e = {0};
        int code = contract_stamp(&contract, &r, &e);
        assert_int_equal(code, count > REPLY_STAMPS_MAX ? ERR_LIMIT : 0);
        assert_int_equal(r.stamp_count, count > REPLY_STAMPS_MAX ? 0 : count);
        reply_fini(&r);
    }
}

/* -- Errors ----------------------------------------------------------------------------------- */

static const struct broken rows[] = {
    /* not JSON */
    {"\"info\"", "info", "openapi.json:3:1", "key"},
    /* comments are for scenarios only */
    {"\"openapi\"", "// no\n\"openapi\"", "openapi.json:2:1", "key"},
    /* a key twice in one object */
    {"\"permanent\"", "\"redact\"", "openapi.json:38:2", "stood in this object before"},
    /* what the grammar allows and nobody can mean */
    {"Videos", "Video\\ud83d", "openapi.json:3:31", "surrogate pair"},
    {"Videos", "Video\\u0000", "openapi.json:3:30", "\\u0000 is not accepted"},
    {"1.5", "1e999", "openapi.json:37:27", "beyond the range of a double"},
    /* not an object */
    {good, "[]", "openapi.json:1:1", "the file must be an object, not array"},
    /* no version */
    {"\"openapi\"", "\"swagger\"", "openapi.json:1:1", "\"openapi\" is missing"},
    /* another version */
    {"3.1.0", "3.0.3", "openapi.json:2:12", "OpenAPI 3.0.3; 3.1 is what is read here"},
    /* no title */
    {"\"title\"", "\"name\"", "openapi.json:3:9", "\"title\" is missing"},
    /* a $ref that leads nowhere */
    {"parameters/Id", "parameters/ID", "openapi.json:8:27", "leads nowhere in this file"},
    /* a $ref to another file */
    {"#/components/schemas/Ask", "other.json#/Ask", "openapi.json:19:89",
     "\"other.json#/Ask\" leads to the file ./x/other.json: cannot be opened"},
    /* a schema that is itself */
    {"{\"type\": \"object\", \"required\"", "{\"$ref\": \"#/components/schemas/Ask\", \"required\"",
     "openapi.json:23:21",
     "a circle of $refs that no value ends: it leads through \"#/components/schemas/Ask\""},
    {"\"required\": [\"Id\"]", "\"allOf\": [{\"$ref\": \"#/components/schemas/Ask\"}]",
     "openapi.json:23:21", "no value ends"},
    /* a parameter that is itself */
    {"{\"name\": \"task_id\", \"in\": \"path\", \"required\": true}},",
     "{\"$ref\": \"#/components/parameters/Id\"}},", "openapi.json:8:27",
     "\"#/components/parameters/Id\" leads in a circle"},
    /* keywords of a wrong kind, in each place that holds a schema */
    {"\"string\"}}],", "\"strng\"}}],", "openapi.json:9:55",
     "\"type\" cannot be \"strng\"; did you mean \"string\"?"},
    {"{\"$ref\": \"#/components/schemas/Ask\"}", "{\"minimum\": \"5\"}", "openapi.json:19:92",
     "\"minimum\" must be a number, not string"},
    {"\"minLength\": 1", "\"minLength\": -1", "openapi.json:23:113", "must be a whole number of 0"},
    {"\"delete\": {",
     "\"delete\": {\"responses\": {\"200\": {\"content\": {\"text/plain\": "
     "{\"schema\": {\"enum\": {}}}}}}, ",
     "openapi.json:14:82", "\"enum\" must be an array, not object"},
    /* a $ref under a name that is a word elsewhere */
    {"\"parameters\": {\"Id\"",
     "\"headers\": {\"value\": {\"$ref\": \"#/no\"}}, \"parameters\": {\"Id\"",
     "openapi.json:22:32", "\"#/no\" leads nowhere in this file"},
    /* keywords that are not checked */
    {"\"minLength\"", "\"$dynamicRef\"", "openapi.json:23:100",
     "the keyword \"$dynamicRef\" is not supported"},
    /* a pattern that is none */
    {"\"minLength\": 1", "\"pattern\": \"(\"", "openapi.json:23:111",
     "\"(\" is no pattern: missing closing parenthesis, at byte 1"},
    /* servers of the wrong kind */
    {"\"servers\": [{\"url\": \"https://api.example.com:8443/\"}, {\"url\": \"http://b.test\"}]",
     "\"servers\": {}", "openapi.json:4:12", "\"servers\" must be an array, not object"},
    /* a server with a query */
    {"8443/\"", "8443/v2?a=b\"", "openapi.json:4:21", "is not scheme://host"},
    /* a server without a scheme */
    {"http://b.test", "b.test", "openapi.json:4:63", "\"b.test\" is not scheme://host"},
    /* a server with a variable */
    {"http://b.test", "http://{region}.test", "openapi.json:4:63", "is not scheme://host"},
    /* a scheme that is not there */
    {"[{\"bearerAuth\"", "[{\"bearer\"", "openapi.json:5:15", "no security scheme \"bearer\""},
    /* a scheme that is not known here */
    {"[{\"bearerAuth\"", "[{\"digest\"", "openapi.json:5:15",
     "security scheme \"digest\" is neither http bearer, http basic, apiKey in header, query or "
     "cookie"},
    /* a scheme of its own that is not known here */
    {"\"zego-2\"", "\"zego2\"", "openapi.json:16:31",
     "no x-scheme \"zego2\"; did you mean \"zego-2\"?"},
    /* a role that is none */
    {"\"security\": []}", "\"security\": [], \"x-task\": {\"role\": \"cancle\"}}",
     "openapi.json:14:49", "\"role\" cannot be \"cancle\"; did you mean \"cancel\"?"},
    /* a URL at an operation with another role */
    {"\"redact\":", "\"url\": [\"/u\", {\"role\": \"poll\"}], \"redact\":", "openapi.json:36:25",
     "\"role\" cannot be \"poll\""},
    /* a pointer that is none, and a list of nothing */
    {"\"redact\":", "\"reason\": \"error\", \"redact\":", "openapi.json:36:12",
     "is not a JSON Pointer"},
    {"\"redact\":", "\"progress\": [], \"redact\":", "openapi.json:36:14", "names nothing"},
    /* a time that is none */
    {"\"redact\":", "\"times\": {\"ended\": \"/t\"}, \"redact\":", "openapi.json:36:12",
     "unknown key \"ended\""},
    /* an error that stands nowhere, and one with values of the wrong kind */
    {"\"redact\":", "\"error\": {\"unless\": [0]}, \"redact\":", "openapi.json:36:11",
     "neither \"code\" nor \"reason\" says where"},
    {"\"redact\":", "\"error\": {\"code\": \"/c\", \"unless\": [true]}, \"redact\":",
     "openapi.json:36:37", "a value is a string or a number"},
    /* a code that means nothing known */
    {"[\"gone\"]", "[\"gone\"], \"means\": \"missing\"", "openapi.json:38:64",
     "\"means\" cannot be"},
    /* what only requests to create have */
    {"\"security\": []}", "\"security\": [], \"x-task\": {\"created\": [\"/id\"]}}",
     "openapi.json:14:41", "\"created\" is for the role \"create\", and this one is \"poll\""},
    /* no place for the new id */
    {"\"security\": []}", "\"security\": [], \"x-task\": {\"role\": \"create\", \"created\": []}}",
     "openapi.json:14:70", "\"created\" must name at least one place"},
    /* a scenario in no known place */
    {"\"security\": []}",
     "\"security\": [], \"x-task\": {\"role\": \"create\", \"scenario\": [{\"in\": \"heder\"}]}}",
     "openapi.json:14:79", "\"in\" cannot be \"heder\"; did you mean \"header\"?"},
    /* a name behind # that is none */
    {"/{task_id}\": {", "/{task_id}#a/b\": {", "openapi.json:7:2", "is not a path"},
    /* a source that is none */
    {"\"per_second\": 10", "\"per_second\": 10, \"per_second_source\": \"docs\"",
     "openapi.json:37:71", "did you mean \"doc\"?"},
    /* no path at all */
    {"\"paths\"", "\"path\"", "openapi.json:1:1", "\"paths\" is missing"},
    /* a path without its slash */
    {"\"/v1/{kind}", "\"v1/{kind}", "openapi.json:7:2", "is not a path"},
    /* a path with a query */
    {"/{task_id}\": {", "/{task_id}?x=1\": {", "openapi.json:7:2", "has no query"},
    /* a parameter that shares its segment */
    {"/{kind}/", "/a-{kind}/", "openapi.json:7:2", "must fill a whole segment"},
    /* a brace that does not open */
    {"/{kind}/", "/kind}/", "openapi.json:7:2", "must fill a whole segment"},
    /* a brace that does not close */
    {"/{kind}/", "/{kind/", "openapi.json:7:2", "must fill a whole segment"},
    /* a parameter without a name */
    {"{\"name\": \"lang\"", "{\"nam\": \"lang\"", "openapi.json:9:4", "\"name\" is missing"},
    /* a parameter in no known place */
    {"\"in\": \"header\"", "\"in\": \"heder\"", "openapi.json:13:30",
     "\"in\" cannot be \"heder\"; did you mean \"header\"?"},
    /* "required" as text */
    {"\"query\", \"required\": true", "\"query\", \"required\": \"yes\"", "openapi.json:12:48",
     "\"required\" must be true or false, not string"},
    /* a path parameter that the path does not have; the error is where the $ref led */
    {"{\"name\": \"task_id\"", "{\"name\": \"taskid\"", "openapi.json:22:32",
     "no {taskid} in the path"},
    /* a body that is not JSON */
    {"application/json", "text/xml", "openapi.json:19:18", "without application/json"},
    /* no x-task */
    {"\"x-task\"", "\"x-tasks\"", "openapi.json:1:1", "\"x-task\" is missing"},
    /* an unknown key, with the nearest */
    {"\"stamp\"", "\"stamps\"", "openapi.json:34:2",
     "unknown key \"stamps\"; did you mean \"stamp\"?"},
    /* an unknown key that is near to none */
    {"\"redact\"", "\"zzzzzzzz\"", "openapi.json:36:2",
     "unknown key \"zzzzzzzz\"; known are \"id\""},
    /* no id */
    {" \"id\": [{\"in\": \"path\", \"name\": \"task_id\"}, {\"in\": \"body\", \"pointer\": "
     "\"/Id\"}],\n",
     "", "openapi.json:28:11", "\"id\" is missing"},
    /* an empty list of ids */
    {"[{\"in\": \"path\", \"name\": \"task_id\"}, {\"in\": \"body\", \"pointer\": \"/Id\"}]", "[]",
     "openapi.json:29:8", "\"id\" must name at least one place"},
    /* an id in no known place */
    {"\"in\": \"body\"", "\"in\": \"query\"", "openapi.json:29:51", "\"in\" cannot be \"query\""},
    /* an id in the path needs a name */
    {"{\"in\": \"path\", \"name\": \"task_id\"}", "{\"in\": \"path\", \"pointer\": \"/x\"}",
     "openapi.json:29:24", "unknown key \"pointer\""},
    /* no path has that parameter */
    {"{\"in\": \"path\", \"name\": \"task_id\"}", "{\"in\": \"path\", \"name\": \"id\"}",
     "openapi.json:29:32", "no path has a parameter {id}"},
    /* a pointer without its slash */
    {"\"/Id\"}]", "\"Id\"}]", "openapi.json:29:70", "\"Id\" is not a JSON Pointer"},
    /* a pointer with a bad escape */
    {"\"/data/status\"", "\"/data/~status\"", "openapi.json:30:25", "is not a JSON Pointer"},
    /* no status */
    {"\"x-task\": {", "\"x-task\": {\"id\": [{\"in\": \"path\", \"name\": \"task_id\"}]}, \"x\": {",
     "openapi.json:28:11", "\"status\" is missing"},
    /* a status without states */
    {"\"states\": {\"queued\": [1]", "\"state\": {\"queued\": [1]", "openapi.json:32:28",
     "unknown key \"state\"; did you mean \"states\"?"},
    /* a state that is none of the four */
    {"\"succeeded\": [\"success\"]", "\"success\": [\"success\"]", "openapi.json:31:4",
     "unknown key \"success\""},
    /* values that are not a list */
    {"[\"queued\"]", "\"queued\"", "openapi.json:30:62", "\"queued\" must be an array, not string"},
    /* a value that is neither text nor number */
    {"[100, \"100\"]", "[100, true]", "openapi.json:30:91", "a value is a string or a number"},
    /* a condition without values */
    {"\"/ok\", \"values\": [0, \"yes\"]", "\"/ok\"", "openapi.json:32:166",
     "\"values\" is missing"},
    /* a condition's value that is neither text nor number */
    {"[0, \"yes\"]", "[0, null]", "openapi.json:32:199",
     "a value is a string or a number, not null"},
    /* a condition at no pointer */
    {"\"/ok\"", "\"ok\"", "openapi.json:32:178", "\"ok\" is not a JSON Pointer"},
    /* a goal with an unknown state */
    {"\"started\": {\"succeeded\"", "\"started\": {\"suceeded\"", "openapi.json:33:24",
     "unknown key \"suceeded\"; did you mean \"succeeded\"?"},
    /* a stamp of an unknown value */
    {"\"task.created\"", "\"task.create\"", "openapi.json:34:49",
     "no stamp value \"task.create\"; did you mean \"task.created\"?"},
    /* a stamp at no pointer */
    {"\"/data/id\":", "\"data/id\":", "openapi.json:34:12", "\"data/id\" is not a JSON Pointer"},
    /* a runtime expression without a pointer */
    {"$request.body#/Id", "$request.body#Id", "openapi.json:35:81", "no stamp value"},
    /* something to redact that is no pointer */
    {"[\"/data/reason\"]", "[7]", "openapi.json:36:13", "element 1 must be a string, not number"},
    /* an interval of nothing */
    {"\"interval_s\": 1.5", "\"interval_s\": 0", "openapi.json:37:27", "must be 0.001 to 86400"},
    /* an interval of more than a day */
    {"\"interval_s\": 1.5", "\"interval_s\": 86401", "openapi.json:37:27",
     "must be 0.001 to 86400"},
    /* an interval as text */
    {"\"interval_s\": 1.5", "\"interval_s\": \"5s\"", "openapi.json:37:27", "must be a number"},
    /* half a request a second */
    {"\"per_second\": 10", "\"per_second\": 0.5", "openapi.json:37:46", "must be a whole number"},
    /* another wish */
    {"\"per_second\": 10", "\"per_minute\": 10", "openapi.json:37:32",
     "unknown key \"per_minute\""},
    /* a code as a number */
    {"[\"gone\"]", "[404]", "openapi.json:38:46", "element 1 must be a string, not number"},
    /* codes that lie nowhere */
    {"\"pointer\": \"/code\", ", "", "openapi.json:38:15", "\"pointer\" is missing"},
    /* a place without codes */
    {"\"codes\"", "\"code\"", "openapi.json:38:36",
     "unknown key \"code\"; did you mean \"codes\"?"},
};

static void every_error_names_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = edited(good, rows[i].from, rows[i].to);
        static struct contract c;
        struct err e = {0};
        int code = contract_parse(span_of(text), "x/openapi.json", NULL, &c, &e);
        assert_error(&e, rows[i].to, rows[i].where, rows[i].what);
        assert_int_equal(code, e.code);
        assert_null(c.document);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_lose_scheme_port_and_slash),
        cmocka_unit_test(routes_lie_below_each_servers_path),
        cmocka_unit_test(routes_carry_method_template_and_auth),
        cmocka_unit_test(parameters_of_path_and_operation_are_merged),
        cmocka_unit_test(a_const_or_an_enum_of_one_is_part_of_the_route),
        cmocka_unit_test(an_enum_of_two_is_no_part_of_the_route),
        cmocka_unit_test(security_is_alternatives_of_schemes_that_are_asked_for_together),
        cmocka_unit_test(what_an_operation_does_is_its_own_word_or_the_documents),
        cmocka_unit_test(every_wish_names_its_source),
        cmocka_unit_test(refs_are_decoded_and_lead_to_parameters_bodies_and_schemas),
        cmocka_unit_test(names_are_not_taken_for_places_of_schemas),
        cmocka_unit_test(a_schema_may_contain_itself_below),
        cmocka_unit_test(a_warning_is_told_once_and_is_no_error),
        cmocka_unit_test(politeness_is_read_in_milliseconds),
        cmocka_unit_test(the_id_is_the_first_that_is_present),
        cmocka_unit_test(a_state_is_the_first_present_pointers_and_compared_as_written),
        cmocka_unit_test(a_refusal_for_good_is_known_by_its_code_as_text_or_number),
        cmocka_unit_test(stamps_lie_on_the_recorded_values_in_order),
        cmocka_unit_test(more_stamps_than_fit_are_an_error),
        cmocka_unit_test(every_error_names_line_and_column),
    };
    return cmocka_run_group_tests(tests, open_good, close_good);
}
