/* Why a client never polled: one sentence of what was seen, the likeliest cause first. */
#include "harness/external/never_reached.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOCK "http://127.0.0.1:41234"

static const char *const none[] = {NULL};

static void what_was_seen_is_told_the_likeliest_cause_first(void **state)
{
    (void)state;
    static const struct {
        const char *command[4], *arguments[2];
        struct strays strays;
        bool traced;
        struct tracer_went went;
        const char *why;
    } rows[] = {
        {.command = {"poll"}, .why = ""},
        {.command = {"poll", "{base_url}", "{x}"}, .why = ""},
        {.command = {"poll", "{task_id"}, .why = ""},
        {.command = {"poll", "{a text of more than any placeholder has}"}, .why = ""},
        {.command = {"poll"}, .traced = true, .why = "it asked for no connection at all"},
        {.command = {"poll"},
         .traced = true,
         .went = {.connected = true},
         .why = "it connected, and sent no request"},
        {.command = {"poll"},
         .traced = true,
         .went = {.asked_name_server = true},
         .why = "it asked for the address of a host and connected to nobody; the mock is " MOCK},
        {.command = {"poll"},
         .traced = true,
         .went = {.stranger = "127.0.0.1:9", .asked_name_server = true, .connected = true},
         .why = "it asked for a connection to 127.0.0.1:9, not to " MOCK},
        {.command = {"env", "HTTP_PROXY=http://p:1", "poll"},
         .traced = true,
         .went = {.stranger = "127.0.0.1:9"},
         .why = "HTTP_PROXY=http://p:1 in its command sends it to a proxy, and not to " MOCK},
        {.command = {"env", "all_proxy=p", "poll"},
         .why = "all_proxy=p in its command sends it to a proxy, and not to " MOCK},
        {.command = {"env", "no_proxy=p", "poll"}, .why = ""},
        {.command = {"env", "https_proxy=p", "poll"},
         .strays = {.malformed = 1},
         .why = "what it sent to the mock is no HTTP: does it ask for https? The mock is " MOCK},
        {.command = {"poll"},
         .strays = {.other = "POST /v1/tasks", .malformed = 1},
         .why = "it asked for POST /v1/tasks, which is no poll of its task"},
        {.command = {"poll"},
         .strays = {.outside = "GET /v1/tasks/7", .other = "POST /v1/tasks"},
         .why = "it asked for GET /v1/tasks/7, which is not below {base_url}: keep the path of its "
                "base URL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char why[176];
        struct never_reached seen = {
            .command = (char *const *)(uintptr_t)rows[i].command,
            .arguments = rows[i].arguments[0] ? rows[i].arguments : none,
            .mock = MOCK,
            .strays = rows[i].strays,
            .traced = rows[i].traced,
            .went = rows[i].went,
        };
        never_reached_why(&seen, why, sizeof why);
        if (strcmp(why, rows[i].why) != 0)
            fail_msg("row %zu: wanted \"%s\", got \"%s\"", i, rows[i].why, why);
    }
}

static void add(struct journal *j, const char *session, const char *method, const char *target)
{
    const struct journal_entry entry = {
        .session = span_of(session), .method = span_of(method), .target = span_of(target)};
    journal_add(j, &entry);
}

static void strays_are_what_came_first_outside_of_every_mount_and_of_the_run(void **state)
{
    (void)state;
    struct journal *j;
    struct strays strays;
    assert_int_equal(journal_open(JOURNAL_BYTES_DEFAULT, &j, NULL), 0);
    add(j, NULL, "GET", "/old");
    uint64_t since = journal_last(j);
    strays_read(j, since, "run-1", &strays);
    assert_string_equal(strays.outside, "");
    assert_string_equal(strays.other, "");
    add(j, "run-2", "GET", "/of another");
    add(j, "run-1", "POST", "/first");
    add(j, NULL, "GET", "/bare");
    add(j, "run-1", "POST", "/second");
    add(j, NULL, "PUT", "/later");
    strays_read(j, since, "run-1", &strays);
    assert_string_equal(strays.outside, "GET /bare");
    assert_string_equal(strays.other, "POST /first");
    journal_close(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_seen_is_told_the_likeliest_cause_first),
        cmocka_unit_test(strays_are_what_came_first_outside_of_every_mount_and_of_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
