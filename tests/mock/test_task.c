/* Claims about positions: how long a step lasts, what follows the last, and who shares what. */
#include "mockserver/decide/task.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct upstream alpha = {.name = "alpha"};

static struct tasks *open_tasks(uint32_t max, uint64_t seed)
{
    struct tasks *t;
    struct err e;
    if (tasks_open(max, seed, &t, &e))
        fail_msg("%s", e.what);
    return t;
}

static struct task_turn take(struct tasks *t, const struct scenario *s, const char *session,
                             const char *id, int64_t now_ms)
{
    struct task_turn turn;
    struct task_key key = {&alpha, s, session, id};
    assert_true(task_take(t, &key, now_ms, 0, &turn));
    return turn;
}

/* Three steps: two polls, 30 s, one poll. */
static struct scenario_step steps[] = {
    {.polls = 2, .state = REPLY_STATE_QUEUED},
    {.for_ms = 30000, .state = REPLY_STATE_RUNNING},
    {.polls = 1, .state = REPLY_STATE_SUCCEEDED},
};

static struct scenario scenario_of(enum scenario_end end)
{
    struct scenario s = {.name = "s", .steps = steps, .step_count = 3, .end = end, .seed = 1};
    return s;
}

/* 'g' and 'x' stand for gone and dropped, digits for steps. */
static char letter(const struct task_turn *turn)
{
    return turn->answer == TASK_GONE ? 'g'
        : turn->answer == TASK_DROP  ? 'x'
                                     : (char)('0' + turn->step_index);
}

static void steps_last_as_long_as_they_say_and_the_end_is_the_one_asked_for(void **state)
{
    (void)state;
    static const struct {
        enum scenario_end end;
        int64_t at_s[8]; /* of each poll */
        const char *trace;
    } rows[] = {
        /* 29.999 s would be too early, see below; 30 s is enough */
        {END_HOLD, {0, 5, 10, 39, 40, 45, 50, 55}, "00112222"},
        {END_LOOP, {0, 5, 10, 39, 40, 45, 50, 55}, "00112001"},
        {END_GONE, {0, 5, 10, 39, 40, 45, 50, 55}, "00112ggg"},
        {END_DROP, {0, 5, 10, 39, 40, 45, 50, 55}, "00112xxx"},
        /* a timed step answers at least one poll, however late it comes */
        {END_HOLD, {0, 5, 9999, 10000, 10028, 10029, 10030, 10031}, "00111222"},
        /* polls are counted, not timed */
        {END_HOLD, {0, 3600, 3601, 3602, 3603, 3604, 3605, 3606}, "00111111"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scenario s = scenario_of(rows[i].end);
        struct tasks *t = open_tasks(10, 1);
        char trace[9] = "";
        for (int j = 0; j < 8; j++) {
            struct task_turn turn = take(t, &s, "", "id", rows[i].at_s[j] * 1000);
            trace[j] = letter(&turn);
        }
        assert_string_equal(trace, rows[i].trace);
        tasks_close(t);
    }
}

static void a_timed_step_ends_at_its_millisecond(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(10, 1);
    take(t, &s, "", "id", 1000);
    take(t, &s, "", "id", 1000);
    assert_int_equal(take(t, &s, "", "id", 2000).step_index, 1); /* entered here */
    assert_int_equal(take(t, &s, "", "id", 31999).step_index, 1);
    assert_int_equal(take(t, &s, "", "id", 32000).step_index, 2);
    tasks_close(t);
}

static void moments_are_those_of_the_first_poll_the_first_running_and_the_first_terminal_step(
    void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_LOOP);
    struct tasks *t = open_tasks(10, 1);
    static const struct {
        int64_t now_ms, started_ms, finished_ms;
    } rows[] = {
        {1000, -1, -1},       {2000, -1, -1},       {3000, 3000, -1},
        {33000, 3000, 33000}, {34000, 3000, 33000}, /* looped: the first time counts */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct task_turn turn = take(t, &s, "", "id", rows[i].now_ms);
        assert_int_equal(turn.created_ms, 1000);
        assert_int_equal(turn.started_ms, rows[i].started_ms);
        assert_int_equal(turn.finished_ms, rows[i].finished_ms);
    }
    tasks_close(t);
}

static void ids_sessions_and_scenarios_each_have_a_position_of_their_own(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD), other = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(10, 1);
    for (int i = 0; i < 3; i++)
        take(t, &s, "", "id", 0);
    static const struct {
        const char *session, *id;
    } fresh[] = {{"", "id2"}, {"s1", "id"}, {"i", "d"}, {"", "ID"}};
    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i++)
        assert_int_equal(take(t, &s, fresh[i].session, fresh[i].id, 0).step_index, 0);
    assert_int_equal(take(t, &other, "", "id", 0).step_index, 0);
    assert_int_equal(take(t, &s, "", "id", 0).step_index, 1); /* where it was */
    assert_int_equal(tasks_count(t), 6);
    tasks_reset(t);
    assert_int_equal(tasks_count(t), 0);
    assert_int_equal(take(t, &s, "", "id", 0).step_index, 0);
    tasks_close(t);
}

static bool join_ids(const struct mock_task *task, void *arg)
{
    buf_add_text(arg, task->id);
    return true;
}

static void the_longest_idle_task_makes_room_and_is_counted(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(3, 1);
    struct buf ids;
    buf_init(&ids, 64);
    take(t, &s, "", "a", 0);
    take(t, &s, "", "b", 1);
    take(t, &s, "", "c", 2);
    take(t, &s, "", "a", 3);
    take(t, &s, "", "d", 4); /* b has been idle longest, though a is older */
    tasks_each(t, &(struct task_filter){0}, join_ids, &ids);
    assert_string_equal(ids.p, "acd");
    buf_fini(&ids);
    assert_int_equal(tasks_evicted(t), 1);
    assert_int_equal(tasks_count(t), 3);
    tasks_close(t);
}

static bool copy_first(const struct mock_task *task, void *arg)
{
    *(struct mock_task *)arg = *task;
    return false;
}

static bool copy_task(const struct mock_task *task, void *arg)
{
    *(struct mock_task *)arg = *task;
    return true;
}

static void a_task_shows_where_it_stands(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_GONE);
    struct tasks *t = open_tasks(3, 1);
    struct mock_task shown;
    for (int i = 0; i < 4; i++)
        take(t, &s, "s1", "id", 100 + i);
    tasks_each(t, &(struct task_filter){0}, copy_task, &shown);
    assert_string_equal(shown.id, "id");
    assert_string_equal(shown.session, "s1");
    assert_ptr_equal(shown.scenario, &s);
    assert_int_equal(shown.step, 1);
    assert_int_equal(shown.step_polls, 2);
    assert_int_equal(shown.polls, 4);
    assert_int_equal(shown.created_ms, 100);
    assert_int_equal(shown.entered_ms, 102);
    assert_int_equal(shown.last_ms, 103);
    assert_int_equal(shown.state, REPLY_STATE_RUNNING);
    take(t, &s, "s1", "id", 99999);
    take(t, &s, "s1", "id", 99999);
    tasks_each(t, &(struct task_filter){0}, copy_task, &shown);
    assert_int_equal(shown.step, 2); /* the last */
    assert_true(shown.over);         /* and past it: gone */
    assert_int_equal(shown.state, REPLY_STATE_NONE);
    tasks_close(t);
}

/* Looks, then polls, at times that cross every step and the end, and compares. */
static void a_look_shows_what_the_next_poll_gets_and_moves_nothing(void **state)
{
    (void)state;
    static const int64_t times_ms[] = {0, 1, 2, 20000, 30002, 30003, 99999};
    for (enum scenario_end end = END_HOLD; end <= END_DROP; end++) {
        struct scenario s = scenario_of(end);
        struct tasks *t = open_tasks(9, 7);
        struct task_key key = {&alpha, &s, "", "id"};
        for (size_t i = 0; i < sizeof times_ms / sizeof times_ms[0]; i++) {
            struct task_turn look;
            struct mock_task before = {0}, after = {0};
            tasks_each(t, &(struct task_filter){0}, copy_task, &before);
            assert_true(task_look(t, &key, times_ms[i], 0, &look));
            assert_true(task_look(t, &key, times_ms[i], 0, &look));
            tasks_each(t, &(struct task_filter){0}, copy_task, &after);
            assert_int_equal(tasks_count(t), i > 0);
            assert_int_equal(after.polls, before.polls);
            assert_int_equal(after.step, before.step);
            assert_int_equal(after.over, before.over);
            assert_int_equal(after.last_ms, before.last_ms);
            struct task_turn turn = take(t, &s, "", "id", times_ms[i]);
            assert_int_equal(look.answer, turn.answer);
            assert_ptr_equal(look.step, turn.step);
            assert_int_equal(look.step_index, turn.step_index);
            assert_int_equal(look.created_ms, turn.created_ms);
            assert_int_equal(look.started_ms, turn.started_ms);
            assert_int_equal(look.finished_ms, turn.finished_ms);
            assert_true(look.seed == turn.seed);
        }
        tasks_close(t);
    }
}

static void a_look_keeps_no_task_from_being_the_longest_idle(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(2, 1);
    struct task_turn look;
    take(t, &s, "", "a", 0);
    take(t, &s, "", "b", 1);
    assert_true(task_look(t, &(struct task_key){&alpha, &s, "", "a"}, 2, 0, &look));
    take(t, &s, "", "c", 3);
    struct mock_task first = {0};
    tasks_each(t, &(struct task_filter){0}, copy_first, &first);
    assert_string_equal(first.id, "b");
    tasks_close(t);
}

/* Two tasks, polled in turns by one client: an interval a round, not one a poll. */
static void tasks_that_are_polled_in_turns_share_the_time_of_their_intervals(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(9, 1);
    struct task_turn turn;
    int64_t now_ms = 1000;
    for (int round = 0; round < 4; round++) {
        for (const char *id = "a"; id; id = *id == 'a' ? "b" : NULL) {
            assert_true(task_take(t, &(struct task_key){&alpha, &s, "", id}, now_ms, 5000, &turn));
            now_ms = turn.asked_ms;
        }
    }
    assert_int_equal(turn.step_index, 1);
    assert_int_equal(now_ms,
                     1000 + 2 * 5000); /* the first round, and the one with the change, took none */
    tasks_close(t);
}

static void a_look_shows_what_the_next_paced_poll_gets_and_moves_no_time(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(9, 1);
    struct task_key key = {&alpha, &s, "", "id"};
    struct task_turn look, turn;
    int64_t now_ms = 1000;
    for (int i = 0; i < 12; i++) {
        assert_true(task_look(t, &key, now_ms, 5000, &look));
        assert_int_equal(look.asked_ms, now_ms);
        assert_true(task_take(t, &key, now_ms, 5000, &turn));
        assert_int_equal(look.step_index, turn.step_index);
        now_ms = turn.asked_ms;
    }
    assert_int_equal(turn.step_index, 2);
    tasks_close(t);
}

enum { CROWD = 4, CROWD_POLLS = 500 };

struct crowd {
    struct tasks *tasks;
    const struct scenario *scenario;
};

static void *poll_in_a_crowd(void *arg)
{
    const struct crowd *crowd = arg;
    struct task_key key = {&alpha, crowd->scenario, "", "id"};
    struct task_turn turn;
    for (int i = 0; i < CROWD_POLLS; i++)
        assert_true(task_take(crowd->tasks, &key, 0, 10, &turn));
    return NULL;
}

static void of_paced_polls_at_once_each_has_a_time_of_its_own(void **state)
{
    (void)state;
    struct scenario_step long_step = {.for_ms = INT64_C(1) << 40};
    struct scenario s = {.name = "s", .steps = &long_step, .step_count = 1, .end = END_HOLD};
    struct crowd crowd = {open_tasks(9, 1), &s};
    pthread_t threads[CROWD];
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, poll_in_a_crowd, &crowd), 0);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    struct mock_task shown = {0};
    tasks_each(crowd.tasks, &(struct task_filter){0}, copy_task, &shown);
    assert_int_equal(shown.polls, CROWD * CROWD_POLLS);
    assert_int_equal(shown.last_ms, (CROWD * CROWD_POLLS - 1) * 10);
    tasks_close(crowd.tasks);
}

static void the_next_change_is_the_first_of_the_tasks_that_are_meant(void **state)
{
    (void)state;
    static const struct {
        struct task_filter meant;
        int64_t now_ms, at_ms; /* at_ms 0: none */
    } rows[] = {
        {{0}, 5000, 31000},
        {{.id = "b"}, 5000, 32000},
        {{.session = "s"}, 5000, 33000},
        {{.id = "a", .session = ""}, 5000, 31000},
        {{.upstream = "alpha"}, 31000, 32000},
        {{.upstream = "beta"}, 5000, 0},
        {{.id = "c"}, 5000, 0}, /* counts polls */
        {{0}, 33000, 0},
    };
    struct scenario timed = scenario_of(END_HOLD), counted = scenario_of(END_HOLD);
    timed.name[0] = 't';
    timed.steps = steps + 1;
    timed.step_count = 2;
    struct tasks *t = open_tasks(9, 1);
    take(t, &counted, "", "c", 0);
    take(t, &timed, "s", "a", 3000);
    take(t, &timed, "", "a", 1000);
    take(t, &timed, "", "b", 2000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t at_ms = 0;
        bool found = tasks_next_change(t, &rows[i].meant, rows[i].now_ms, &at_ms);
        if (found != (rows[i].at_ms != 0) || (found && at_ms != rows[i].at_ms))
            fail_msg("row %zu: %d, %lld", i, found, (long long)at_ms);
    }
    tasks_close(t);
}

static void chance_depends_on_seeds_the_key_and_the_poll_alone(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD), reseeded = scenario_of(END_HOLD);
    reseeded.seed = 2;
    struct tasks *a = open_tasks(9, 7), *b = open_tasks(9, 7), *c = open_tasks(9, 8);
    uint64_t first = take(a, &s, "", "id", 0).seed;
    take(b, &s, "", "another", 5); /* what others do does not matter */
    assert_true(take(b, &s, "", "id", 99).seed == first);
    assert_true(take(b, &s, "", "id2", 0).seed != first);
    assert_true(take(b, &s, "s", "id", 0).seed != first);
    assert_true(take(b, &reseeded, "", "id", 0).seed != first);
    assert_true(take(c, &s, "", "id", 0).seed != first);
    assert_true(take(a, &s, "", "id", 0).seed != first); /* the second poll */
    tasks_close(a);
    tasks_close(b);
    tasks_close(c);
}

static void an_id_longer_than_the_limit_is_refused(void **state)
{
    (void)state;
    struct scenario s = scenario_of(END_HOLD);
    struct tasks *t = open_tasks(3, 1);
    struct task_turn turn;
    char id[MOCK_TASK_ID_MAX + 1];
    memset(id, 'x', sizeof id);
    id[MOCK_TASK_ID_MAX - 1] = '\0';
    take(t, &s, "", id, 0);
    id[MOCK_TASK_ID_MAX - 1] = 'x';
    id[MOCK_TASK_ID_MAX] = '\0';
    assert_false(task_take(t, &(struct task_key){&alpha, &s, "", id}, 0, 0, &turn));
    tasks_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_last_as_long_as_they_say_and_the_end_is_the_one_asked_for),
        cmocka_unit_test(a_timed_step_ends_at_its_millisecond),
        cmocka_unit_test(
            moments_are_those_of_the_first_poll_the_first_running_and_the_first_terminal_step),
        cmocka_unit_test(ids_sessions_and_scenarios_each_have_a_position_of_their_own),
        cmocka_unit_test(the_longest_idle_task_makes_room_and_is_counted),
        cmocka_unit_test(a_task_shows_where_it_stands),
        cmocka_unit_test(a_look_shows_what_the_next_poll_gets_and_moves_nothing),
        cmocka_unit_test(a_look_keeps_no_task_from_being_the_longest_idle),
        cmocka_unit_test(tasks_that_are_polled_in_turns_share_the_time_of_their_intervals),
        cmocka_unit_test(a_look_shows_what_the_next_paced_poll_gets_and_moves_no_time),
        cmocka_unit_test(of_paced_polls_at_once_each_has_a_time_of_its_own),
        cmocka_unit_test(the_next_change_is_the_first_of_the_tasks_that_are_meant),
        cmocka_unit_test(chance_depends_on_seeds_the_key_and_the_poll_alone),
        cmocka_unit_test(an_id_longer_than_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
