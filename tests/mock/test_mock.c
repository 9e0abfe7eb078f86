/* Claims about the mock as a whole: a request in, a plan and a journal's entry out. */
#include "mockserver/decide/mock.h"

#include "ask.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static struct fixtures *kept;

#define VIDEOS "/v1/video/generations/"

static struct span body_of(const struct plan *p)
{
    return span_cut(buf_span(&p->answer), p->body_at, p->answer.n);
}

static bool body_has(const struct plan *p, const char *text)
{
    return memmem(body_of(p).p, body_of(p).n, text, strlen(text)) != NULL;
}

static void a_mounted_task_goes_through_its_scenario(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    static const char *const trace[] = {"queued",      "queued",  "in_progress",
                                        "in_progress", "success", "success"};
    for (int i = 0; i < 6; i++) {
        get(m, "/doubao:success" VIDEOS "t-9", NOON_MS + i * 5000, &p);
        struct last last = last_entry(m);
        assert_string_equal(last.reply, trace[i]);
        assert_string_equal(last.upstream, "doubao");
        assert_string_equal(last.scenario, "success");
        assert_string_equal(last.task, "t-9");
        assert_int_equal(last.entry.seq, i + 1);
        assert_int_equal(p.seq, i + 1);
        assert_int_equal(last.entry.step, i < 2 ? 0 : i < 4 ? 1 : 2);
        assert_int_equal(last.entry.flags, i < 4 ? 0 : JOURNAL_TERMINAL);
        assert_int_equal(last.entry.began_ms, NOON_MS + i * 5000);
        assert_int_equal(p.status, 200);
        assert_int_equal(p.act_count, 1);
        assert_true(body_has(&p, "\"task_id\": \"t-9\""));
        assert_true(body_has(&p, "\"submit_time\": 1800000000"));
    }
    assert_true(body_has(&p, "\"start_time\": 1800000010"));
    assert_true(body_has(&p, "\"finish_time\": 1800000020"));
    mock_played(m, &p, NOON_MS + 26000, p.answer.n, true);
    struct last last = last_entry(m);
    assert_int_equal(last.entry.ended_ms, NOON_MS + 26000);
    assert_int_equal(last.entry.flags, JOURNAL_TERMINAL | JOURNAL_COMPLETE);
    plan_fini(&p);
    mock_close(m);
}

static void the_journal_keeps_what_a_date_asks_for_to_its_whole_second(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    get(m, "/doubao:overloaded-date" VIDEOS "t-9", NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.retry_after_ms, -1);
    get(m, "/doubao:overloaded-date" VIDEOS "t-9", NOON_MS + 5001, &p);
    assert_int_equal(last_entry(m).entry.retry_after_ms, 20999);
    plan_fini(&p);
    mock_close(m);
}

/* Its own scenario, so that the steps stand beside what they must become. */
static const char faulty[] =
    "{\"title\":\"t\",\"tasks\":\"faulty-*\",\"end\":\"drop\",\"steps\":["
    "{\"reply\":\"queued\",\"fault\":{\"delay\":\"300ms\"}},"
    "{\"reply\":\"queued\",\"fault\":[{\"delay\":\"1s\"},{\"truncate\":7}]},"
    "{\"reply\":\"queued\",\"fault\":{\"empty\":true}},"
    "{\"reply\":\"queued\"}],"
    "\"expect\":{\"outcome\":\"gave_up\"}}";

static void faults_rewrite_the_plan_and_are_written_down(void **state)
{
    (void)state;
    struct upstream *doubao = fixtures_upstream(take_fixtures(&kept), "doubao");
    char path[] = "/tmp/understudy-faulty-XXXXXX.json";
    int fd = mkstemps(path, 5);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, faulty, sizeof faulty - 1), sizeof faulty - 1);
    close(fd);
    struct err e;
    if (fixtures_add_scenario(doubao, path, &e))
        fail_msg("%s: %s", e.where, e.what);
    unlink(path);

    struct mock *m = open_mock(kept, (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    static const struct {
        int acts;
        enum act_kind first, last;
        int status;
        const char *faults;
    } rows[] = {
        {2, ACT_WAIT, ACT_SEND, 200, "delay 300ms"},
        {3, ACT_WAIT, ACT_CLOSE, 200, "delay 1000ms, truncate 7"},
        {1, ACT_CLOSE, ACT_CLOSE, 0, "empty"},
        {1, ACT_SEND, ACT_SEND, 200, ""},
        {1, ACT_CLOSE, ACT_CLOSE, 0, ""}, /* the end: dropped */
        {1, ACT_CLOSE, ACT_CLOSE, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        get(m, "/doubao" VIDEOS "faulty-1", NOON_MS + (int64_t)i, &p);
        struct last last = last_entry(m);
        assert_int_equal(p.act_count, rows[i].acts);
        assert_int_equal(p.acts[0].kind, rows[i].first);
        assert_int_equal(p.acts[p.act_count - 1].kind, rows[i].last);
        assert_int_equal(last.entry.status, rows[i].status);
        assert_string_equal(last.faults, rows[i].faults);
        if (i == 1)
            assert_int_equal(p.acts[1].len, p.body_at + 7);
    }
    plan_fini(&p);
    mock_close(m);
}

static void a_task_that_is_gone_is_not_found(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    static const char *const trace[] = {"queued", "in_progress", "error.not_found",
                                        "error.not_found"};
    for (int i = 0; i < 4; i++) {
        get(m, "/doubao:gone" VIDEOS "t", NOON_MS, &p);
        struct last last = last_entry(m);
        assert_string_equal(last.reply, trace[i]);
        assert_int_equal(last.entry.flags, 0); /* it is what the scenario wants */
    }
    plan_fini(&p);
    mock_close(m);
}

static void sessions_share_nothing_and_a_reset_forgets_all(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    for (int i = 0; i < 5; i++)
        get(m, "/doubao:success:one" VIDEOS "t", NOON_MS, &p);
    assert_string_equal(last_entry(m).reply, "success");
    get(m, "/doubao:success:two" VIDEOS "t", NOON_MS, &p);
    struct last last = last_entry(m);
    assert_string_equal(last.reply, "queued");
    assert_string_equal(last.session, "two");
    assert_int_equal(mock_task_count(m), 2);
    mock_reset(m);
    assert_int_equal(mock_task_count(m), 0);
    get(m, "/doubao:success:one" VIDEOS "t", NOON_MS, &p);
    assert_string_equal(last_entry(m).reply, "queued");
    plan_fini(&p);
    mock_close(m);
}

/* One at every step, faults, an end without a reply and a task that nobody has polled among
 * them. */
static void head_gets_the_head_that_the_next_poll_gets_and_is_no_poll(void **state)
{
    (void)state;
    static const char *const mounts[] = {"/doubao:gone", "/doubao:blip", "/doubao:success",
                                         "/avatar:success", "/doubao:overloaded"};
    struct plan look, poll;
    plan_init(&look);
    plan_init(&poll);
    for (size_t i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
        struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){.seed = 5});
        char target[128];
        snprintf(target, sizeof target, "%s%s", mounts[i], i == 3 ? "/avatar/task/t" : VIDEOS "t");
        for (int n = 0; n < 6; n++) {
            ask(m, "HEAD", target, NULL, "token", NULL, NOON_MS + n * 5000, &look);
            struct last last = last_entry(m);
            assert_int_equal(last.entry.role, ROLE_LOOK);
            assert_string_equal(last.task, "t");
            assert_int_equal(last.entry.status, look.status);
            assert_int_equal(mock_task_count(m), n > 0);
            get(m, target, NOON_MS + n * 5000, &poll);
            assert_int_equal(last_entry(m).entry.role, ROLE_POLL);
            assert_string_equal(last_entry(m).reply, last.reply);
            assert_int_equal(look.status, poll.status);
            assert_int_equal(look.body_at, poll.body_at);
            assert_int_equal(look.answer.n, look.body_at);
            assert_memory_equal(look.answer.p, poll.answer.p, poll.body_at);
        }
        mock_close(m);
    }
    plan_fini(&look);
    plan_fini(&poll);
}

static void head_is_refused_as_get_would_be(void **state)
{
    (void)state;
    struct mock *m = open_mock(take_fixtures(&kept), (struct mock_options){0});
    struct plan p;
    plan_init(&p);
    ask(m, "HEAD", "/doubao" VIDEOS "t", NULL, NULL, NULL, NOON_MS, &p);
    assert_int_equal(p.status, 401);
    ask(m, "HEAD", "/doubao" VIDEOS "%FF", NULL, "token", NULL, NOON_MS, &p);
    assert_int_equal(last_entry(m).entry.flags, JOURNAL_BAD_REQUEST);
    ask(m, "HEAD", "/doubao/v1/video/generation/t", NULL, "token", NULL, NOON_MS, &p);
    struct last last = last_entry(m);
    assert_int_equal(p.status, 404);
    assert_int_equal(last.entry.role, ROLE_NONE);
    assert_non_null(strstr(last.why, "path segment 3 differs"));
    assert_null(strstr(last.why, "doubao GET /v1/video/generations/{task_id} (the method"));
    assert_int_equal(mock_task_count(m), 0);
    plan_fini(&p);
    mock_close(m);
}

static bool append_entry(const struct journal_entry *entry, void *arg)
{
    buf_addf(arg, "%d %d %.*s %.*s|", entry->status, (int)entry->step, (int)entry->reply.n,
             entry->reply.p, (int)entry->task.n, entry->task.p);
    return true;
}

static void two_runs_of_one_seed_are_the_same_byte_for_byte(void **state)
{
    (void)state;
    struct buf answers[3], journals[3];
    for (int run = 0; run < 3; run++) {
        struct mock *m = open_mock(
            take_fixtures(&kept),
            (struct mock_options){.seed = run == 2 ? 8 : 7, .auth = {.no_auth = true}});
        struct plan p;
        plan_init(&p);
        buf_init(&answers[run], 1 << 20);
        buf_init(&journals[run], 1 << 20);
        for (int i = 0; i < 20; i++) {
            ask(m, "POST", "/zego-drive?Action=GetDriveStatus", NULL, NULL, "{\"DriveId\":\"d\"}",
                NOON_MS + i * 2000, &p);
            buf_add_span(&answers[run], buf_span(&p.answer));
        }
        journal_each(mock_journal(m), &(struct journal_filter){.since = 0}, append_entry,
                     &journals[run]);
        plan_fini(&p);
        mock_close(m);
    }
    assert_true(span_same(buf_span(&answers[0]), buf_span(&answers[1])));
    assert_true(span_same(buf_span(&journals[0]), buf_span(&journals[1])));
    assert_false(span_same(buf_span(&answers[0]), buf_span(&answers[2]))); /* the RequestId */
    for (int run = 0; run < 3; run++) {
        buf_fini(&answers[run]);
        buf_fini(&journals[run]);
    }
}

enum { THREADS = 8, POLLS = 64 };

static char *poll_many(char *path, int steps)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_text(
        &text, "{\"title\":\"t\",\"end\":\"gone\",\"expect\":{\"outcome\":\"error\"},\"steps\":[");
    for (int i = 0; i < steps; i++)
        buf_addf(&text, "%s{\"reply\":\"queued\"%s}", i ? "," : "",
                 i < steps - 1 ? ",\"polls\":2" : "");
    buf_add_text(&text, "]}");
    int fd = mkstemps(path, 5);
    assert_true(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    close(fd);
    buf_fini(&text);
    return path;
}

struct crowd {
    struct mock *m;
    char target[256];
    atomic_int ready;
};

static void *poll_in_a_crowd(void *arg)
{
    struct crowd *crowd = arg;
    struct plan p;
    plan_init(&p);
    atomic_fetch_add(&crowd->ready, 1);
    while (atomic_load(&crowd->ready) < THREADS)
        ;
    for (int i = 0; i < POLLS; i++) {
        get(crowd->m, crowd->target, NOON_MS, &p);
        mock_played(crowd->m, &p, NOON_MS, p.answer.n, true);
    }
    plan_fini(&p);
    return NULL;
}

static bool count_step(const struct journal_entry *entry, void *arg)
{
    int *counts = arg;
    assert_in_range(entry->step, 0, SCENARIO_STEPS_MAX - 1);
    counts[entry->step + entry->over]++;
    assert_true(entry->flags & JOURNAL_COMPLETE);
    return true;
}

/* 255 steps of 2 polls, one of 1 and one poll that comes too late are 512: each of 8 threads takes 64,
 * and no poll is seen twice. */
static void parallel_polls_of_one_task_see_each_poll_exactly_once(void **state)
{
    (void)state;
    struct upstream *doubao = fixtures_upstream(take_fixtures(&kept), "doubao");
    char path[] = "/tmp/understudy-crowd-XXXXXX.json";
    struct err e;
    if (fixtures_add_scenario(doubao, poll_many(path, SCENARIO_STEPS_MAX), &e))
        fail_msg("%s: %s", e.where, e.what);
    unlink(path);
    struct crowd crowd = {.m = open_mock(kept, (struct mock_options){0})};
    char *name = strrchr(path, '/') + 1;
    snprintf(crowd.target, sizeof crowd.target, "/doubao:%.*s" VIDEOS "t",
             (int)(strlen(name) - strlen(".json")), name);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, poll_in_a_crowd, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    int counts[SCENARIO_STEPS_MAX + 1] = {0};
    assert_true(journal_each(mock_journal(crowd.m), &(struct journal_filter){.since = 0},
                             count_step, counts));
    for (int i = 0; i < SCENARIO_STEPS_MAX; i++)
        assert_int_equal(counts[i], i < SCENARIO_STEPS_MAX - 1 ? 2 : 1);
    assert_int_equal(counts[SCENARIO_STEPS_MAX], 1);
    mock_close(crowd.m);
}

static void a_paced_poll_is_answered_and_written_down_at_its_own_time(void **state)
{
    (void)state;
    struct upstream *doubao = fixtures_upstream(take_fixtures(&kept), "doubao");
    struct mock *m = open_mock(kept, (struct mock_options){.paced = true});
    int64_t interval_ms = doubao->contract.polite.interval_ms;
    struct plan p;
    plan_init(&p);
    get(m, "/doubao:slow" VIDEOS "t", NOON_MS, &p);
    assert_int_equal(p.asked_ms, NOON_MS);
    get(m, "/doubao:slow" VIDEOS "t", NOON_MS, &p);
    assert_int_equal(p.asked_ms, NOON_MS + interval_ms);
    assert_int_equal(last_entry(m).entry.began_ms, NOON_MS + interval_ms);
    mock_played(m, &p, NOON_MS, 0, false); /* no byte sent: the time is that of the request */
    assert_int_equal(last_entry(m).entry.ended_ms, NOON_MS + interval_ms);
    for (int i = 2; i <= 6; i++) /* of 30 s queued, 5 s each */
        get(m, "/doubao:slow" VIDEOS "t", p.asked_ms, &p);
    assert_string_equal(last_entry(m).reply, "in_progress");
    assert_true(body_has(&p, "\"start_time\": 1800000030"));

    ask(m, "HEAD", "/doubao:slow" VIDEOS "t", NULL, "token", NULL, NOON_MS + 30000, &p);
    assert_int_equal(p.asked_ms, NOON_MS + 30000); /* a look moves no time */
    ask(m, "GET", "/doubao:slow" VIDEOS "t", NULL, NULL, NULL, NOON_MS + 30000, &p);
    assert_int_equal(p.status, 401);
    assert_int_equal(p.asked_ms, NOON_MS + 30000); /* nor does what is refused */

    doubao->contract.polite.interval_ms = 0; /* a contract that states none */
    get(m, "/doubao:slow" VIDEOS "t", NOON_MS + 30000, &p);
    assert_int_equal(p.asked_ms, NOON_MS + 30000 + MOCK_PACE_MS);
    doubao->contract.polite.interval_ms = interval_ms;
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
        cmocka_unit_test(a_mounted_task_goes_through_its_scenario),
        cmocka_unit_test(the_journal_keeps_what_a_date_asks_for_to_its_whole_second),
        cmocka_unit_test(faults_rewrite_the_plan_and_are_written_down),
        cmocka_unit_test(a_task_that_is_gone_is_not_found),
        cmocka_unit_test(sessions_share_nothing_and_a_reset_forgets_all),
        cmocka_unit_test(head_gets_the_head_that_the_next_poll_gets_and_is_no_poll),
        cmocka_unit_test(head_is_refused_as_get_would_be),
        cmocka_unit_test(two_runs_of_one_seed_are_the_same_byte_for_byte),
        cmocka_unit_test(a_paced_poll_is_answered_and_written_down_at_its_own_time),
        cmocka_unit_test(parallel_polls_of_one_task_see_each_poll_exactly_once),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
