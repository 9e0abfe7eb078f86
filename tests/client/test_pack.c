/* Packs: what the client makes of a contract: how it asks, what it reads, and what it refuses. */
#include "client/decode/pack.h"
#include "client/decode/view.h"
#include "client/http/request.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The parts of a contract that the rows below fill in. */
static struct task_pack *open_contract(const char *server, const char *paths, const char *security,
                                       const char *schemes, const char *task)
{
    char text[4096];
    struct task_pack *pack = NULL;
    struct err e = {0};
    snprintf(text, sizeof text,
             "{\"servers\": [{\"url\": \"%s\"}], \"paths\": {%s}, \"security\": %s,\n"
             "\"components\": {\"securitySchemes\": {%s}}, \"x-task\": {%s}}",
             server, paths, security, schemes, task);
    if (pack_open("made-up", span_of(text), "openapi.json", &pack, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    return pack;
}

#define STATUS                                                                                     \
    "\"status\": {\"pointer\": \"/s\", \"states\": {\"queued\": [\"q\"], \"succeeded\": [\"ok\", " \
    "3]}}"
#define BY_PATH "\"id\": [{\"in\": \"path\", \"name\": \"id\"}], " STATUS
#define BY_BODY "\"id\": [{\"in\": \"body\", \"pointer\": \"/task/id\"}], " STATUS
#define GET_TASK "\"/tasks/{id}/state\": {\"get\": {}}"
#define SEVERAL                                                                                    \
    "\"/tasks\": {\"post\": {\"x-task\": {\"role\": \"create\"}}}, "                               \
    "\"/tasks/{id}\": {\"delete\": {\"x-task\": {\"role\": \"cancel\"}}, \"get\": {}}, "           \
    "\"/tasks/{id}/bytes\": {\"get\": {\"x-task\": {\"role\": \"content\"}}}"
#define POST_TASK                                                                                  \
    "\"/ask\": {\"post\": {\"requestBody\": {}, \"parameters\": [{\"name\": \"Action\", "          \
    "\"in\": \"query\", \"schema\": {\"const\": \"Get It\"}}, {\"name\": \"lang\", \"in\": "       \
    "\"query\", \"schema\": {\"type\": \"string\"}}]}}"

static const struct {
    const char *server, *paths, *security, *scheme, *task;
    const char *method, *url, *header, *body; /* wanted */
} asks[] = {
    /* each scheme */
    {"https://a.b", GET_TASK, "[{\"k\": []}]", "{\"type\": \"http\", \"scheme\": \"Bearer\"}",
     BY_PATH, "GET", "http://h/m/tasks/a%2Fb/state", "Authorization: Bearer u:p", ""},
    {"https://a.b", GET_TASK, "[{\"k\": []}]", "{\"type\": \"http\", \"scheme\": \"basic\"}",
     BY_PATH, "GET", "http://h/m/tasks/a%2Fb/state", "Authorization: Basic dTpw", ""},
    {"https://a.b", GET_TASK, "[{\"k\": []}]",
     "{\"type\": \"apiKey\", \"in\": \"header\", \"name\": \"X-Key\"}", BY_PATH, "GET",
     "http://h/m/tasks/a%2Fb/state", "X-Key: u:p", ""},
    {"https://a.b", GET_TASK, "[{\"k\": []}]",
     "{\"type\": \"apiKey\", \"in\": \"query\", \"name\": \"api key\"}", BY_PATH, "GET",
     "http://h/m/tasks/a%2Fb/state?api%20key=u%3Ap", "Accept: application/json", ""},
    {"https://a.b", GET_TASK, "[{\"k\": []}]",
     "{\"type\": \"apiKey\", \"in\": \"cookie\", \"name\": \"sid\"}", BY_PATH, "GET",
     "http://h/m/tasks/a%2Fb/state", "Cookie: sid=u:p", ""},
    {"https://a.b", GET_TASK, "[]", "{}", BY_PATH, "GET", "http://h/m/tasks/a%2Fb/state",
     "Accept: application/json", ""},
    /* of several alternatives one that the client can satisfy */
    {"https://a.b", GET_TASK, "[{\"other\": []}, {\"k\": [], \"other\": []}, {\"k\": []}]",
     "{\"type\": \"http\", \"scheme\": \"bearer\"}", BY_PATH, "GET", "http://h/m/tasks/a%2Fb/state",
     "Authorization: Bearer u:p", ""},
    /* a base path, and operations with other roles beside the poll */
    {"https://a.b:8443/api/v3/", SEVERAL, "[]", "{}", BY_PATH, "GET",
     "http://h/m/api/v3/tasks/a%2Fb", "Accept: application/json", ""},
    /* the id in a body, and a parameter that can have one value only */
    {"https://a.b", POST_TASK, "[]", "{}", BY_BODY, "POST", "http://h/m/ask?Action=Get%20It",
     "Content-Type: application/json", "{\"task\":{\"id\":\"a/b\"}}"},
};

static void a_request_is_what_the_contract_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        char schemes[256];
        struct request r;
        struct err e = {0};
        snprintf(schemes, sizeof schemes, "\"k\": %s", asks[i].scheme);
        struct task_pack *pack = open_contract(asks[i].server, asks[i].paths, asks[i].security,
                                               schemes, asks[i].task);
        const struct task_options o = {
            .pack = pack, .base_url = "http://h/m/", .task_id = "a/b", .token = "u:p"};
        if (request_open(&r, pack_dialect(pack), &o, &e) != 0)
            fail_msg("row %zu: %s: %s", i, e.where, e.what);
        assert_string_equal(r.http.method, asks[i].method);
        assert_string_equal(r.http.url, asks[i].url);
        assert_string_equal(r.http.headers[0], asks[i].header);
        assert_int_equal(r.http.body.n, strlen(asks[i].body));
        assert_memory_equal(r.http.body.p ? r.http.body.p : "", asks[i].body, r.http.body.n);
        request_close(&r);
        task_pack_close(pack);
    }
}

static void what_a_contract_cannot_say_is_refused_before_the_first_poll(void **state)
{
    static const struct {
        const char *paths, *security, *scheme, *what;
    } rows[] = {
        {"\"/tasks\": {\"get\": {}}", "[]", "{}", "has no operation that polls with the task's id"},
        {GET_TASK, "[{\"k\": []}]",
         "{\"type\": \"apiKey\", \"in\": \"query\", \"x-scheme\": \"zego-2\"}",
         "wants credentials (k) that a contract alone cannot make"},
        {GET_TASK, "[{\"k\": [], \"l\": []}]", "{\"type\": \"http\", \"scheme\": \"bearer\"}",
         "wants credentials"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char schemes[256];
        struct task_poll *p = NULL;
        struct task_failure f;
        snprintf(schemes, sizeof schemes, "\"k\": %s", rows[i].scheme);
        struct task_pack *pack = open_contract("https://a.b", rows[i].paths, rows[i].security,
                                               schemes, BY_PATH);
        const struct task_options o = {.pack = pack, .base_url = "http://h", .task_id = "t"};
        assert_int_equal(task_poll_open(&o, 0, &p, &f), TASK_FAILURE_USAGE);
        assert_string_equal(f.where, "pack");
        if (!strstr(f.what, rows[i].what))
            fail_msg("row %zu: %s", i, f.what);
        task_pack_close(pack);
    }
}

/* A contract with one of everything that a client reads. */
static struct task_pack *rich(void)
{
    return open_contract(
        "https://a.b/v1", SEVERAL, "[]", "",
        "\"id\": [{\"in\": \"path\", \"name\": \"id\"}],"
        "\"status\": [{\"pointer\": \"/s\", \"when\": {\"pointer\": \"/ok\", \"values\": [true, 1, "
        "\"yes\"]}, \"states\": {\"queued\": [\"wait\"], \"running\": [2, \"two\"], \"succeeded\": "
        "[\"done\"], \"failed\": [-1]}}, {\"pointer\": \"/list/*/s\", \"states\": {\"running\": "
        "[1], \"succeeded\": [2], \"failed\": [3]}}],"
        "\"goals\": {\"half\": {\"succeeded\": [2, \"WAIT\"]}},"
        "\"url\": [\"/a/b~1c\", \"/out/0\", {\"role\": \"content\"}], \"reason\": [\"/why\", "
        "\"/why/0\"], \"code\": \"/no\", \"progress\": \"/p\", \"reply_id\": [\"/id\", "
        "\"/list/*/id\"], \"times\": {\"created\": [\"/t\", \"/u\"]},"
        "\"error\": {\"code\": \"/e\", \"reason\": \"/m\", \"unless\": [0]},"
        "\"permanent\": [{\"pointer\": \"/e\", \"codes\": [\"gone\"], \"means\": \"not_found\"}, "
        "{\"pointer\": \"/e\", \"codes\": [\"who\"], \"means\": \"unauthorized\"}],"
        "\"transient\": {\"pointer\": \"/e\", \"codes\": [\"busy\"]}");
}

static const struct {
    int status;
    const char *body;
    const char
        *wanted; /* state error status progress id code url reason created, or the error's place */
} reads[] = {
    {200, "{\"ok\":1,\"s\":\"WAIT\",\"p\":\"7%\",\"id\":12}", "queued none WAIT 7 12 - - - 0"},
    {200, "{\"ok\":\"YES\",\"s\":2,\"t\":5}", "running none 2 -1 - - - - 5000"},
    {200, "{\"ok\":1,\"s\":\"done\",\"u\":6,\"t\":null}", "succeeded none done -1 - - - - 6000"},
    /* a key with a slash in it; the first URL of several; an element of a list */
    {200, "{\"ok\":1,\"s\":\"done\",\"a\":{\"b/c\":\"https://x\"},\"out\":[\"https://y\"]}",
     "succeeded none done -1 - - https://x - 0"},
    {200, "{\"ok\":1,\"s\":\"done\",\"a\":{\"b/c\":\"none\"},\"out\":[\"http://y\"]}",
     "succeeded none done -1 - - http://y - 0"},
    {200, "{\"ok\":1,\"s\":\"done\",\"a\":[],\"out\":{}}", "succeeded none done -1 - - - - 0"},
    /* a failure, its reason as a text and in a list; what is a URL there is none of the result */
    {200, "{\"ok\":1,\"s\":-1,\"why\":\"w\",\"no\":404,\"out\":[\"http://y\"]}",
     "failed none -1 -1 - 404 - w 0"},
    {200, "{\"ok\":1,\"s\":-1,\"why\":[\"v\",\"w\"],\"no\":null}", "failed none -1 -1 - - - v 0"},
    {200, "{\"ok\":1,\"s\":-1}", "failed none -1 -1 - - - - 0"},
    /* in no list, and in another one's case */
    {200, "{\"ok\":1,\"s\":\"new\"}", "unknown none new -1 - - - - 0"},
    {200, "{\"ok\":1,\"s\":\"2\"}", "unknown none 2 -1 - - - - 0"},
    /* lists: the open task decides, then the failed one; an id only of one */
    {200, "{\"list\":[{\"s\":2,\"id\":\"a\"},{\"s\":1,\"id\":\"b\"}]}",
     "running none 1 -1 - - - - 0"},
    {200, "{\"list\":[{\"s\":2},{\"s\":3}]}", "failed none 3 -1 - - - - 0"},
    {200, "{\"list\":[{\"s\":2},{\"s\":9},{\"s\":3}]}", "unknown none 9 -1 - - - - 0"},
    {200, "{\"list\":[{\"s\":2,\"id\":\"a\"}]}", "succeeded none 2 -1 a - - - 0"},
    {200, "{\"list\":[]}", "unknown none - -1 - - - - 0"},
    /* refusals in place of a task */
    {200, "{\"e\":\"gone\",\"m\":\"no\"}", "unknown not_found - -1 - gone - no 0"},
    {200, "{\"e\":\"busy\"}", "unknown transient - -1 - busy - - 0"},
    {200, "{\"e\":7,\"m\":\"no\"}", "unknown permanent - -1 - 7 - no 0"},
    {200, "{\"ok\":0,\"s\":\"done\",\"e\":\"who\"}", "unknown unauthorized - -1 - who - - 0"},
    {404, "{\"e\":\"busy\",\"m\":\"later\"}", "unknown transient - -1 - busy - later 0"},
    {400, "{\"e\":\"gone\"}", "unknown not_found - -1 - gone - - 0"},
    {503, "<html>", "unknown transient - -1 - - - - 0"},
    {403, "{\"error\":{\"code\":\"c\",\"message\":\"m\"}}", "unknown unauthorized - -1 - c - m 0"},
    /* what cannot be understood */
    {200, "{\"ok\":1}", "contract /s"},
    {200, "{\"ok\":1,\"s\":null}", "contract /s"},
    {200, "{\"ok\":1,\"s\":{}}", "contract /s"},
    {200, "{\"ok\":1,\"s\":\"a\",\"s\":\"b\"}", "contract /s"},
    {200, "{\"e\":0,\"m\":\"fine\"}", "contract /list"},
    {200, "{\"list\":{}}", "contract /list"},
    {200, "{\"list\":[{\"s\":1},{\"t\":1}]}", "contract /list/1/s"},
    {200, "{\"list\":[{\"s\":1},5]}", "contract /list/1"},
    {200, "[]", "contract "},
    {200, "{\"ok\":1,\"s\":\"done\",\"out\":[5]}", "contract /out/0"},
    {200, "{\"ok\":1,\"s\":\"wait\",\"t\":\"soon\"}", "contract /t"},
    {200, "{\"ok\":1,\"s\":\"wait\",\"id\":[]}", "contract /id"},
    {200, "{", "syntax byte 1"},
    {302, "{\"ok\":1,\"s\":\"done\"}", "contract "},
};

static const char *or_dash(const char *text)
{
    return text[0] != '\0' ? text : "-";
}

static void a_reply_is_read_by_its_pointers(void **state)
{
    (void)state;
    struct task_pack *pack = rich();
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        struct task_view v;
        struct task_failure f = {.where = ""};
        char got[512];
        int code = task_pack_read(pack, reads[i].status, reads[i].body, strlen(reads[i].body), &v,
                                  &f);
        if (code)
            snprintf(got, sizeof got, "%s %s", task_error_name(v.error), f.where);
        else
            snprintf(got, sizeof got, "%s %s %s %d %s %s %.60s %.60s %lld",
                     task_state_name(v.state), task_error_name(v.error), or_dash(v.status),
                     v.progress, or_dash(v.id), or_dash(v.code), or_dash(v.url), or_dash(v.reason),
                     (long long)v.created_ms);
        if (strcmp(got, reads[i].wanted) != 0)
            fail_msg("%s\n  wanted %s\n  got    %s", reads[i].body, reads[i].wanted, got);
    }
    task_pack_close(pack);
}

static void what_is_longer_than_a_view_holds_is_an_error_with_its_place(void **state)
{
    (void)state;
    static char body[TASK_URL_MAX + 256];
    struct task_pack *pack = rich();
    const struct {
        const char *format, *where;
        int length;
    } rows[] = {
        {"{\"ok\":1,\"s\":\"done\",\"out\":[\"http://%0*d\"]}", "/out/0", TASK_URL_MAX},
        {"{\"ok\":1,\"s\":\"wait\",\"id\":\"%0*d\"}", "/id", TASK_ID_MAX},
        {"{\"ok\":1,\"s\":\"%0*d\"}", "/s", TASK_STATUS_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_view v;
        struct err e = {0};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(body, sizeof body, rows[i].format, rows[i].length, 1);
#pragma GCC diagnostic pop
        assert_int_equal(pack_read(pack, 200, span_of(body), &v, &e), ERR_LIMIT);
        assert_string_equal(e.where, rows[i].where);
        assert_int_equal(v.error, TASK_ERROR_LIMIT);
    }
    task_pack_close(pack);
}

static void a_goal_reads_the_status_in_its_own_way(void **state)
{
    (void)state;
    struct task_pack *pack = rich();
    const struct dialect *d = pack_dialect(pack);
    struct task_view v = {.state = TASK_QUEUED, .status = "wait"};
    assert_string_equal(task_pack_goals(pack)[0], "half");
    assert_null(task_pack_goals(pack)[1]);
    assert_int_equal(dialect_goal_state(d, NULL, &v, false), TASK_QUEUED);
    assert_int_equal(dialect_goal_state(d, "half", &v, false), TASK_SUCCEEDED);
    span_copy(span_of("2"), v.status, sizeof v.status);
    assert_int_equal(dialect_goal_state(d, "half", &v, false), TASK_SUCCEEDED);
    span_copy(span_of("done"), v.status, sizeof v.status);
    assert_int_equal(dialect_goal_state(d, "half", &v, false), TASK_UNKNOWN);
    struct task_poll *p = NULL;
    struct task_failure f;
    const struct task_options o = {
        .pack = pack, .base_url = "http://h", .task_id = "t", .goal = "hlaf"};
    assert_int_equal(task_poll_open(&o, 0, &p, &f), TASK_FAILURE_USAGE);
    assert_non_null(strstr(f.what, "did you mean 'half'?"));
    task_pack_close(pack);
}

/* One poll that is answered by a body; the URL that the wait then reports. */
static void report_url(const struct task_pack *pack, const char *body, char out[TASK_URL_MAX])
{
    struct task_poll *p = NULL;
    struct task_request request;
    struct task_result r;
    const struct task_options o = {.pack = pack, .base_url = "http://h/m/", .task_id = "a b"};
    const struct task_reply reply = {.status = 200, .body = body, .length = strlen(body)};
    assert_int_equal(task_poll_open(&o, 0, &p, NULL), 0);
    assert_int_equal(task_poll_ask(p, 0, &request, NULL), 0);
    assert_int_equal(task_poll_reply(p, 0, &reply, NULL), 0);
    task_poll_result(p, &r);
    memcpy(out, r.view.url, TASK_URL_MAX);
    task_poll_close(p);
}

static void a_result_without_a_url_is_where_its_content_is(void **state)
{
    (void)state;
    static char url[TASK_URL_MAX];
    struct task_pack *pack = rich();
    report_url(pack, "{\"ok\":1,\"s\":\"done\"}", url);
    assert_string_equal(url, "http://h/m/v1/tasks/a%20b/bytes");
    report_url(pack, "{\"ok\":1,\"s\":\"done\",\"out\":[\"https://y\"]}", url);
    assert_string_equal(url, "https://y");
    report_url(pack, "{\"ok\":1,\"s\":\"wait\"}", url);
    assert_string_equal(url, "");
    task_pack_close(pack);
    pack = open_contract("https://a.b", SEVERAL, "[]", "",
                         BY_PATH); /* x-task.url does not name it */
    report_url(pack, "{\"s\":\"ok\"}", url);
    assert_string_equal(url, "");
    task_pack_close(pack);
}

/* The mock's loader refuses such contracts; the client is given any file. */
static void lists_where_objects_belong_are_left_alone(void **state)
{
    (void)state;
    static const char text[] =
        "{\"paths\": [{\"get\": {}}], \"security\": [[\"k\"], 5, {}], \"x-task\": {"
        "\"id\": [{\"in\": \"path\", \"name\": \"id\"}], " STATUS ", \"goals\": [1]}}";
    static const char secured[] =
        "{\"paths\": {\"/t/{id}\": {\"get\": {\"security\": [[\"k\"], 5]}}}, \"x-task\": {" BY_PATH
        "}}";
    struct task_pack *pack = NULL;
    assert_int_equal(pack_open("n", span_of(text), "f", &pack, NULL), 0);
    assert_null(pack_request(pack)->method);
    assert_null(task_pack_goals(pack)[0]);
    task_pack_close(pack);
    assert_int_equal(pack_open("n", span_of(secured), "f", &pack, NULL), 0);
    assert_int_equal(pack_request(pack)->auth, PACK_AUTH_NONE);
    task_pack_close(pack);
}

static void the_interval_is_the_contracts_else_five_seconds(void **state)
{
    (void)state;
    struct task_pack *pack = open_contract("https://a.b", GET_TASK, "[]", "",
                                           BY_PATH ", \"polite\": {\"interval_s\": 1.5}");
    assert_int_equal(pack_dialect(pack)->interval_ms, 1500);
    task_pack_close(pack);
    pack = open_contract("https://a.b", GET_TASK, "[]", "", BY_PATH);
    assert_int_equal(pack_dialect(pack)->interval_ms, 5000);
    task_pack_close(pack);
}

static void a_contract_that_is_wrong_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *where, *what;
    } rows[] = {
        {"", ERR_SYNTAX, "f:1:1", ""},
        {"[]", ERR_CONTRACT, "f:1:1", "must be an object"},
        {"{}", ERR_CONTRACT, "f:1:1", "x-task"},
        {"{\"x-task\": {}}", ERR_CONTRACT, "f:1:12", "\"status\" is missing"},
        {"{\"x-task\":\n{\"status\": {\"pointer\": \"s\"}}}", ERR_CONTRACT, "f:2:24",
         "JSON Pointer"},
        {"{\"x-task\":\n{\"status\": {\"pointer\": \"/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7\"}}}",
         ERR_LIMIT, "f:2:24", "more than 16 segments"},
        {"{\"x-task\": {\"status\": {\"pointer\": \"/s\"}, \"url\": 5}}", ERR_CONTRACT, "f:1:49",
         ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_pack *pack = (struct task_pack *)1;
        struct err e = {0};
        int code = pack_open("n", span_of(rows[i].text), "f", &pack, &e);
        if (code != (int)rows[i].code || strcmp(e.where, rows[i].where) != 0
            || !strstr(e.what, rows[i].what))
            fail_msg("row %zu: %s: %s", i, e.where, e.what);
        assert_null(pack);
    }
}

static void a_folder_gives_the_pack_its_name(void **state)
{
    (void)state;
    const char *dir = getenv("UNDERSTUDY_FIXTURES");
    char folder[FILE_PATH_MAX];
    struct task_pack *pack = NULL;
    struct task_failure f;
    assert_true(file_join(folder, sizeof folder, dir ? dir : "fixtures", "ark/"));
    assert_int_equal(task_pack_open(folder, &pack, &f), 0);
    assert_string_equal(pack_dialect(pack)->name, "ark");
    task_pack_close(pack);
    assert_int_equal(task_pack_open("/nonexistent/pack", &pack, &f), TASK_FAILURE_FILE);
    assert_null(pack);
    task_pack_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_what_the_contract_says),
        cmocka_unit_test(what_a_contract_cannot_say_is_refused_before_the_first_poll),
        cmocka_unit_test(a_reply_is_read_by_its_pointers),
        cmocka_unit_test(what_is_longer_than_a_view_holds_is_an_error_with_its_place),
        cmocka_unit_test(a_goal_reads_the_status_in_its_own_way),
        cmocka_unit_test(a_result_without_a_url_is_where_its_content_is),
        cmocka_unit_test(lists_where_objects_belong_are_left_alone),
        cmocka_unit_test(the_interval_is_the_contracts_else_five_seconds),
        cmocka_unit_test(a_contract_that_is_wrong_is_told_with_its_place),
        cmocka_unit_test(a_folder_gives_the_pack_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
