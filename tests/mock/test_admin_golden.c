/* The admin's lists after the same requests are, byte for byte, what stands in tests/mock/golden. */
#include "ask.h"
#include "golden.h"

#include "mockserver/admin/admin.h"

static struct fixtures *fixtures;
static struct mock *mock;

/* One poll of each sort, some time between them; the seventh answer is cut on its way. */
static void poll_about(struct clock_manual *clock)
{
    static const char *const targets[] = {
        "/doubao:success:ci-1/v1/video/generations/task-1?token=very-secret",
        "/doubao:failure/v1/video/generations/task%202",
        "/doubao:failure/v1/video/generations/task%202",
        "/doubao:failure/v1/video/generations/task%202",
        "/doubao:failure/v1/video/generations/task%202",
        "/doubao:failure/v1/video/generations/task%202",
        "/doubao:late/v1/video/generations/task-3",
        "/doubao:overloaded/v1/video/generations/task-4",
        "/doubao:gone/v1/video/generations/task-5",
        "/doubao:gone/v1/video/generations/task-5",
        "/doubao:gone/v1/video/generations/task-5",
        "/doubao/v1/video/generation/task-6",
        "/nowhere",
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct plan plan;
        plan_init(&plan);
        get(mock, targets[i], clock_now(&clock->clock), &plan);
        clock_manual_advance(clock, 250);
        mock_played(mock, &plan, clock_now(&clock->clock), i == 6 ? 7 : plan.answer.n, i != 6);
        clock_manual_advance(clock, 60000);
        plan_fini(&plan);
    }
    struct plan refused;
    plan_init(&refused);
    ask(mock, "GET", "/doubao/v1/video/generations/task-7", NULL, NULL, NULL,
        clock_now(&clock->clock), &refused);
    mock_played(mock, &refused, clock_now(&clock->clock), refused.answer.n, true);
    ask(mock, "POST", "/doubao/v1/video/generations/task-7", NULL, NULL, "{}",
        clock_now(&clock->clock), &refused);
    plan_fini(&refused); /* is never played: its answer is under way */
}

static void add_page(const struct admin *admin, const char *target, struct buf *out)
{
    struct plan plan;
    struct header host = {span_of("Host"), span_of("localhost")};
    struct message m = {.method = span_of("GET"),
                        .target_text = span_of(target),
                        .headers = &host,
                        .header_count = 1};
    plan_init(&plan);
    message_open(&m);
    admin_answer(admin, &m, NOON_MS, &plan);
    message_close(&m);
    buf_addf(out, "%s\n", target);
    for (size_t i = plan.body_at; i < plan.answer.n;
         i++) { /* a line a field, for who reads the file */
        buf_add_char(out, plan.answer.p[i]);
        if (plan.answer.p[i] == ',' || plan.answer.p[i] == '{')
            buf_add_char(out, '\n');
    }
    plan_fini(&plan);
}

static void the_lists_are_what_they_were(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "/_mock/health",
        "/_mock/tasks",
        "/_mock/tasks?limit=2",
        "/_mock/tasks?since=2&limit=1",
        "/_mock/tasks?task=task-3",
        "/_mock/journal",
        "/_mock/journal?limit=1",
        "/_mock/journal?since=8",
        "/_mock/journal?task=task-5&upstream=doubao",
        "/_mock/clock",
    };
    struct clock_manual clock;
    struct buf out;
    struct admin admin = {.clock_kind = "manual", .speed = 1, .manual = &clock};
    struct mock_options options = {.seed = 3};
    clock_manual_init(&clock, NOON_MS);
    admin.mock = mock = open_mock(take_fixtures(&fixtures), options);
    poll_about(&clock);
    buf_init(&out, GOLDEN_MAX);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        add_page(&admin, pages[i], &out);
    demand_golden("tests/mock/golden/admin.txt", &out);
    assert_null(strstr(out.p, "very-secret"));
    buf_fini(&out);
    mock_close(mock);
    clock_manual_fini(&clock);
}

static int drop_fixtures(void **state)
{
    (void)state;
    fixtures_free(fixtures);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lists_are_what_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, drop_fixtures);
}
