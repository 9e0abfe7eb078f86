/* Plans played on a connection that writes down what is done to it. */
#include "base/buf.h"
#include "mockserver/wire/wire_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "HTTP/1.1 200 OK\r\n\r\n"
#define HEAD_CLOSING "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define BODY "0123456789"
enum { HEAD_LEN = sizeof HEAD - 1, ALL = HEAD_LEN + 10 };

/* A connection: what was done, and what it still takes. */
struct line {
    char done[512];
    size_t takes;       /* bytes; then it is lost */
    bool waits_in_vain; /* the wire is being closed */
};

static void add(struct line *line, const char *text, size_t n)
{
    size_t at = strlen(line->done);
    snprintf(line->done + at, sizeof line->done - at, "[%.*s]", (int)n, text);
}

static size_t send_bytes(void *arg, const void *bytes, size_t n)
{
    struct line *line = arg;
    size_t sent = n < line->takes ? n : line->takes;
    line->takes -= sent;
    add(line, bytes, sent);
    return sent;
}

static bool wait_ms(void *arg, int64_t ms)
{
    struct line *line = arg;
    char text[32];
    add(line, text, (size_t)snprintf(text, sizeof text, "wait %d", (int)ms));
    return !line->waits_in_vain;
}

static void close_after(void *arg)
{
    add(arg, "close", 5);
}

static void reset_now(void *arg)
{
    add(arg, "reset", 5);
}

/* What a plan does: "s0-18" sends bytes 0 to 18 of the answer, "w5" waits 5 ms, "c" closes, "r" resets, "x" makes one
 * act too many. */
static void plan_of(const char *acts, struct plan *plan)
{
    buf_add_text(&plan->answer, HEAD BODY);
    plan->body_at = HEAD_LEN;
    for (const char *at = acts; *at; at += strcspn(at, " "), at += *at == ' ') {
        unsigned from = 0, to = 0;
        if (sscanf(at, "s%u-%u", &from, &to) == 2)
            plan_send(plan, from, to - from);
        else if (sscanf(at, "w%u", &from) == 1)
            plan_wait(plan, from);
        else if (*at == 'x')
            plan->broken = true;
        else
            plan_end(plan, *at == 'c' ? ACT_CLOSE : ACT_RESET);
    }
}

enum { LAST = 1, HEAD_ONLY = 2, IN_VAIN = 4, NO_SPARE = 8 };

static const struct {
    const char *acts;
    unsigned how;
    size_t takes;
    const char *done;
    unsigned sent;
    bool complete;
} cases[] = {
    {"s0-29", 0, ALL, "[" HEAD BODY "]", ALL, true},
    {"s0-19 s19-24 s24-29", 0, ALL, "[" HEAD BODY "]", ALL, true}, /* neighbours go as one */
    {"s0-19 w5 s19-29", 0, ALL, "[" HEAD "][wait 5][" BODY "]", ALL, true},
    {"s0-21 s24-29", 0, ALL, "[" HEAD "01][56789][close]", ALL - 3, false}, /* a gap */
    {"", 0, ALL, "[close]", 0, false}, /* nothing is no answer */
    /* The connection ends with the answer: the head says so, and nothing else is changed. */
    {"s0-29", LAST, ALL + 19, "[close][" HEAD_CLOSING BODY "]", ALL, true},
    {"s0-19 w5 s19-29", LAST, ALL + 19, "[close][" HEAD_CLOSING "][wait 5][" BODY "]", ALL, true},
    {"s0-18 w5 s18-29", LAST, ALL, "[close][HTTP/1.1 200 OK\r\n\r][wait 5][\n" BODY "]", ALL, true},
    {"s0-29", LAST | NO_SPARE, ALL, "[close][" HEAD BODY "]", ALL, true},
    /* HEAD: the head alone, and that is whole. */
    {"s0-29", HEAD_ONLY, ALL, "[" HEAD "]", HEAD_LEN, true},
    {"s0-19 w5 s19-29", HEAD_ONLY, ALL, "[" HEAD "][wait 5]", HEAD_LEN, true},
    {"s0-5 c", HEAD_ONLY, ALL, "[close][HTTP/][close]", 5, false},
    /* It ends early: by the plan, a lost client, or a wire that is closed. */
    {"s0-22 c", 0, ALL, "[close][" HEAD "012][close]", HEAD_LEN + 3, false},
    {"s0-22 r", 0, ALL, "[close][" HEAD "012][reset][close]", HEAD_LEN + 3, false},
    {"s0-29 c", 0, ALL, "[close][" HEAD BODY "][close]", ALL, true},
    {"s0-29 w5", 0, HEAD_LEN, "[" HEAD "][close]", HEAD_LEN, false},
    {"s0-29", LAST, ALL + 18, "[close][" HEAD_CLOSING "012345678][close]", ALL, true},
    {"s0-19 w5 s19-29", IN_VAIN, ALL, "[" HEAD "][wait 5][close]", HEAD_LEN, false},
    {"s0-29 x", 0, ALL, "[close][close]", 0, false},
};

static void a_plan_is_played_as_it_says_or_closes_its_connection(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line line = {.takes = cases[i].takes, .waits_in_vain = cases[i].how & IN_VAIN};
        struct buf spare;
        struct plan plan;
        buf_init(&spare, cases[i].how & NO_SPARE ? 8 : 1024);
        plan_init(&plan);
        plan_of(cases[i].acts, &plan);
        struct play play = {.arg = &line,
                            .send = send_bytes,
                            .wait = wait_ms,
                            .close = close_after,
                            .reset = reset_now,
                            .last = cases[i].how & LAST,
                            .head_only = cases[i].how & HEAD_ONLY,
                            .spare = &spare};
        play_plan(&play, &plan);
        if (strcmp(line.done, cases[i].done) != 0 || play.sent_bytes != cases[i].sent
            || play.complete != cases[i].complete)
            fail_msg("%s, %u: %u bytes, complete %d:\n%s\nwanted\n%s", cases[i].acts, cases[i].how,
                     (unsigned)play.sent_bytes, play.complete, line.done, cases[i].done);
        plan_fini(&plan);
        buf_fini(&spare);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_played_as_it_says_or_closes_its_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
