/* Claims about requests that create tasks, fetch their content and cancel them. */
#include "ask.h"

#include "base/json/json.h"
#include "mockserver/decide/create.h"

#define VIDEOS "/v1/video/generations"

static struct fixtures *kept;

/* Asks to create, and copies the id out of the answer: wherever its upstream puts it. */
static void create(struct mock *m, const char *mount, const char *body, int64_t now_ms, char id[64])
{
    static const char *const places[] = {"/task_id", "/id", "/data/task_id", "/data/0/task_id"};
    char target[128];
    struct plan p;
    plan_init(&p);
    snprintf(target, sizeof target, "%s%s", mount, VIDEOS);
    ask(m, "POST", target, NULL, "token", body, now_ms, &p);
    struct span reply = {p.answer.p + p.body_at, p.answer.n - p.body_at};
    id[0] = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0] && id[0] == '\0'; i++) {
        struct json_range at;
        if (json_find(reply, places[i], &at))
            snprintf(id, 64, "%.*s", (int)at.len - 2, reply.p + at.at + 1);
    }
    plan_fini(&p);
}

/* The state that a poll is told; "" for an error. */
static const char *poll(struct mock *m, const char *mount, const char *id, int64_t now_ms)
{
    static char reply[REPLY_NAME_MAX];
    char target[256];
    struct plan p;
    plan_init(&p);
    snprintf(target, sizeof target, "%s%s/%s", mount, VIDEOS, id);
    ask(m, "GET", target, NULL, "token", NULL, now_ms, &p);
    snprintf(reply, sizeof reply, "%.90s", last_entry(m).reply);
    plan_fini(&p);
    return reply;
}

static void a_created_task_goes_through_its_scenario_from_its_first_poll_on(void **state)
{
    (void)state;
    static const char *const shapes[] = {"create-task-id", "create-id", "create-data",
                                         "create-list"};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){.seed = 3});
        char mount[64], id[64];
        snprintf(mount, sizeof mount, "/doubao:%s:s", shapes[i]);
        create(m, mount, "{\"prompt\":\"x\"}", NOON_MS, id);
        assert_int_equal(strncmp(id, "task_", 5), 0);
        assert_string_equal(last_entry(m).task, id);
        assert_int_equal(last_entry(m).entry.role, ROLE_CREATE);
        assert_string_equal(poll(m, mount, id, NOON_MS + 100000), "queued");
        assert_string_equal(poll(m, mount, id, NOON_MS + 100001), "in_progress");
        assert_string_equal(poll(m, mount, id, NOON_MS + 100002), "success");
        mock_close(m);
    }
}

static void a_step_that_lasts_begins_with_the_first_poll(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    char id[64];
    create(m, "/doubao:slow:s", "{}", NOON_MS, id);
    assert_string_equal(poll(m, "/doubao:slow:s", id, NOON_MS + 100000), "queued");
    assert_string_equal(poll(m, "/doubao:slow:s", id, NOON_MS + 129999), "queued");
    assert_string_equal(poll(m, "/doubao:slow:s", id, NOON_MS + 130000), "in_progress");
    mock_close(m);
}

static void the_scenario_is_the_mounts_or_the_requests_or_success(void **state)
{
    (void)state;
    static const struct {
        const char *mount, *body, *scenario;
    } rows[] = {
        {"/doubao", "{\"prompt\":\"x\"}", "success"},
        {"/doubao", "{\"metadata\":{\"scenario\":\"failure\"}}", "failure"},
        {"/doubao", "{\"model\":\"slow\"}", "slow"},
        {"/doubao", "{\"model\":\"slow\",\"metadata\":{\"scenario\":\"failure\"}}", "failure"},
        {"/doubao", "{\"model\":\"slow\",\"metadata\":{\"scenario\":\"nothing\"}}", "slow"},
        {"/doubao", "{\"model\":\"nothing\"}", "success"},
        {"/doubao", "{\"metadata\":{\"scenario\":7}}", "success"},
        {"/doubao:blip", "{\"model\":\"slow\"}", "blip"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){.strict = i % 2});
        char id[64];
        create(m, rows[i].mount, rows[i].body, NOON_MS, id);
        assert_string_equal(last_entry(m).scenario, rows[i].scenario);
        poll(m, "/doubao", id, NOON_MS); /* without the mount's scenario */
        assert_string_equal(last_entry(m).scenario, rows[i].scenario);
        assert_int_equal(mock_task_count(m), 1);
        mock_close(m);
    }
}

static void one_seed_makes_the_same_ids_and_no_two_are_equal(void **state)
{
    (void)state;
    enum { TASKS = 200 };
    static char ids[2][TASKS][64];
    for (size_t run = 0; run < 2; run++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){.seed = 7});
        for (size_t i = 0; i < TASKS; i++)
            create(m, "/video", "{}", NOON_MS, ids[run][i]);
        mock_close(m);
    }
    assert_memory_equal(ids[0], ids[1], sizeof ids[0]);
    for (size_t i = 0; i < TASKS; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ids[0][i], ids[0][k]);
}

static void an_id_is_in_the_manner_of_the_recorded_one(void **state)
{
    (void)state;
    static const struct {
        const char *body,
            *kept; /* 'a' a letter, 'A' a capital, '0' a digit, 'x' hexadecimal; others themselves */
    } rows[] = {
        {"{\"id\":\"task_abc123xyz456\"}", "task_aaa000aaa000"},
        {"{\"id\":\"video_gen_7Kq2Zw8Yb1\"}", "video_gen_0Aa0Aa0Aa0"},
        {"{\"id\":\"f06d1f5d-c0d1-4845-9a2c-f0a45ee037fd\"}",
         "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
        {"{\"id\":\"1234567890\"}", "0000000000"},
        {"{\"id\":\"task_1\"}", "task_0aaaaaaa"},
        {"{\"task_id\":null,\"id\":\"T-9\"}", "T-0aaaaaaa"},
        {"{\"other\":1}", "task_a0a0a0a0a0a0"},
        {"no JSON", "task_a0a0a0a0a0a0"},
    };
    struct contract_route route = {.created = {"/task_id", "/id"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reply reply = {.body = span_of(rows[i].body)};
        char id[MOCK_TASK_ID_MAX];
        create_id(&route, &reply, i + 1, id);
        if (strlen(id) != strlen(rows[i].kept))
            fail_msg("%s for %s", id, rows[i].body);
        size_t words = strncmp(rows[i].kept, "task_", 5) == 0 ? 5
            : strncmp(rows[i].kept, "video_gen_", 10) == 0    ? 10
            : strncmp(rows[i].kept, "T-", 2) == 0             ? 2
                                                              : 0;
        assert_memory_equal(id, rows[i].kept, words);
        for (size_t k = words; id[k] != '\0'; k++) {
            const char *allowed = rows[i].kept[k] == 'a' ? "abcdefghijklmnopqrstuvwxyz"
                : rows[i].kept[k] == 'A'                 ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                : rows[i].kept[k] == '0'                 ? "0123456789"
                : rows[i].kept[k] == 'x'                 ? "0123456789abcdef"
                                                         : "-";
            if (!strchr(allowed, id[k]))
                fail_msg("%s for %s: byte %zu", id, rows[i].body, k);
        }
    }
}

static void a_refused_request_makes_no_task(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    char id[64];
    create(m, "/doubao:create-busy:s", "{}", NOON_MS, id);
    assert_int_equal(last_entry(m).entry.status, 429);
    assert_string_equal(last_entry(m).task, "");
    assert_int_equal(mock_task_count(m), 0);
    create(m, "/doubao:create-busy:s", "{}", NOON_MS, id);
    assert_int_equal(last_entry(m).entry.status, 200);
    assert_int_equal(mock_task_count(m), 1);
    create(m, "/doubao:create-lost:s", "{}", NOON_MS, id);
    assert_int_equal(last_entry(m).entry.status, 0);
    assert_int_equal(mock_task_count(m), 2); /* its answer was lost */
    create(m, "/doubao", "[]", NOON_MS, id);
    assert_int_equal(last_entry(m).entry.flags, JOURNAL_BAD_REQUEST);
    mock_close(m);
}

/* ZEGO: three calls of one path, told apart by their Action. */
static void calls_of_one_path_are_told_apart_and_a_stopped_stream_says_so(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept),
                               (struct mock_options){.auth = {.no_auth = true}});
    const char *common = "AppId=1&SignatureNonce=a&Timestamp=1&Signature="
                         "43e5cfcca828314675f91b001390566a&SignatureVersion=2.0";
    static const struct {
        const char *action, *reply;
        enum contract_role role;
    } rows[] = {
        {"CreateDigitalHumanStreamTask", "created", ROLE_CREATE},
        {"GetDigitalHumanStreamTaskStatus", "initializing", ROLE_POLL},
        {"StopDigitalHumanStreamTask", "cancel", ROLE_CANCEL},
        {"GetDigitalHumanStreamTaskStatus", "stopped", ROLE_POLL},
    };
    char body[128] = "{}", target[256];
    struct plan p;
    plan_init(&p);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(target, sizeof target, "/zego-stream/?Action=%s&%s", rows[i].action, common);
        ask(m, "POST", target, NULL, NULL, body, NOON_MS, &p);
        assert_string_equal(last_entry(m).reply, rows[i].reply);
        assert_int_equal(last_entry(m).entry.role, rows[i].role);
        if (i == 0)
            snprintf(body, sizeof body, "{\"TaskId\":\"%.60s\"}", last_entry(m).task);
    }
    assert_int_equal(last_entry(m).entry.state, REPLY_STATE_SUCCEEDED);
    plan_fini(&p);
    mock_close(m);
}

static int drop(void **state)
{
    (void)state;
    fixtures_free(kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_created_task_goes_through_its_scenario_from_its_first_poll_on),
        cmocka_unit_test(a_step_that_lasts_begins_with_the_first_poll),
        cmocka_unit_test(the_scenario_is_the_mounts_or_the_requests_or_success),
        cmocka_unit_test(one_seed_makes_the_same_ids_and_no_two_are_equal),
        cmocka_unit_test(an_id_is_in_the_manner_of_the_recorded_one),
        cmocka_unit_test(a_refused_request_makes_no_task),
        cmocka_unit_test(calls_of_one_path_are_told_apart_and_a_stopped_stream_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
