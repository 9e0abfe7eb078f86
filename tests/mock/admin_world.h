/* What the admin's tests share: a mock with its fixtures, a clock that is moved by hand, and the admin
 * beside it. No sockets. */
#ifndef UNDERSTUDY_TESTS_MOCK_ADMIN_WORLD_H
#define UNDERSTUDY_TESTS_MOCK_ADMIN_WORLD_H

#include "mockserver/admin/admin.h"

#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 4, START_MS = 1700000000 };

struct admin_world {
    struct fixtures *fixtures;
    struct mock *mock;
    struct clock_manual clock;
    struct admin admin;
    struct plan plan;
};

static inline int set_up(void **state)
{
    struct admin_world *w = calloc(1, sizeof *w);
    static const char *const names[] = {"mock"};
    struct mock_options options = {
        .seed = 1,
        .auth = {.no_auth = true},
        .hosts = {.listen = "192.0.2.7:8080", .names = names, .name_count = 1}};
    assert_non_null(w);
    assert_int_equal(fixtures_load(getenv("UNDERSTUDY_FIXTURES"), NULL, NULL, &w->fixtures, NULL),
                     0);
    assert_int_equal(mock_open(w->fixtures, &options, &w->mock, NULL), 0);
    clock_manual_init(&w->clock, START_MS);
    w->admin = (struct admin){
        .mock = w->mock, .clock_kind = "manual", .speed = 1, .manual = &w->clock};
    plan_init(&w->plan);
    *state = w;
    return 0;
}

static inline int tear_down(void **state)
{
    struct admin_world *w = *state;
    plan_fini(&w->plan);
    clock_manual_fini(&w->clock);
    mock_close(w->mock);
    fixtures_free(w->fixtures);
    free(w);
    return 0;
}

/* headers: "Name: value" lines, parted by '\n'. */
static inline struct message request_of(const char *method, const char *target, const char *headers,
                                        const char *body, struct header room[HEADERS_MAX])
{
    struct message r = {.method = span_of(method),
                        .target_text = span_of(target),
                        .body = span_of(body),
                        .headers = room};
    struct span rest = span_of(headers);
    while (rest.n > 0) {
        size_t end = span_find(rest, '\n');
        struct span line = span_cut(rest, 0, end);
        size_t colon = span_find(line, ':');
        room[r.header_count].name = span_cut(line, 0, colon);
        room[r.header_count++].value = span_trim(span_cut(line, colon + 1, line.n));
        rest = span_cut(rest, end + 1, rest.n);
    }
    message_open(&r);
    return r;
}

static inline int ask(struct admin_world *w, const char *method, const char *target,
                      const char *headers, const char *body)
{
    struct header room[HEADERS_MAX];
    struct message r = request_of(method, target, headers, body, room);
    assert_true(admin_owns(&w->admin, &r));
    admin_answer(&w->admin, &r, clock_now(&w->clock.clock), &w->plan);
    message_close(&r);
    assert_false(w->plan.broken);
    assert_null(strstr(w->plan.answer.p, "Access-Control"));
    return w->plan.status;
}

static inline const char *body_of(const struct admin_world *w)
{
    return w->plan.answer.p + w->plan.body_at;
}

/* The text or number that pointer names in the last body. */
static inline const char *value(const struct admin_world *w, const char *pointer)
{
    static char out[512];
    struct json_range range;
    struct span body = span_of(body_of(w));
    if (!json_find(body, pointer, &range))
        return "absent";
    assert_true(span_copy(span_cut(body, range.at, range.len), out, sizeof out));
    return out;
}

static inline void poll(struct admin_world *w, const char *target)
{
    struct message r = {.method = span_of("GET"), .target_text = span_of(target)};
    struct plan plan;
    plan_init(&plan);
    message_open(&r);
    mock_answer(w->mock, &r, clock_now(&w->clock.clock), &plan);
    message_close(&r);
    mock_played(w->mock, &plan, clock_now(&w->clock.clock), plan.answer.n, true);
    plan_fini(&plan);
}

#define JSON_TYPE "Content-Type: application/json"

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
