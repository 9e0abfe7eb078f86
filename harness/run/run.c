/* Runs all jobs on the direct transport first, on the caller's thread: that shows how long each
 * lasts. Then on the wire, in a pool of threads, the longest first. There the built-in client has a
 * testbed for each thread, whose time moves by events; a client of others has a testbed for each run,
 * likewise, or, where it cannot be traced, one for all runs, whose time runs. */
#include "run.h"

#include "harness/external/clients.h"
#include "harness/testbed/testbed.h"
#include "harness/tracer/pin.h"
#include "secrets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUILT_IN_THREADS_MAX = 16, /* each with a testbed: some 50 descriptors */
    BUILT_IN_CONNECTIONS = 6   /* one, and those of polls that it gave up */
};

/* Each client of others has a testbed of its own, so that a client which floods its mock's journal
 * makes no other client's polls be dropped from it. */
struct wire_testbed {
    const struct external *client;
    struct testbed *testbed;
};

/* What the wire's threads share. A result belongs to the thread that took its turn until
 * done is set. */
struct pool {
    const struct run_options *options;
    struct run_result *results;
    uint32_t *order; /* indexes of results, longest first */
    uint32_t count;
    pthread_mutex_t lock; /* guards all below, and the calls of on_done and on_result */
    uint32_t next;        /* index of order: the next turn */
    struct wire_testbed testbeds[CLIENTS_MAX];
    uint32_t testbed_count;
    bool *done;        /* one for each result */
    uint32_t reported; /* results handed on so far, in their order */
    run_on_result *on_result;
    void *arg;
};

bool run_skipped(const struct run_result *r)
{
    return !r->direct.ran && !r->wire.ran && r->failed.code == ERR_OK;
}

enum verdict_kind run_verdict(const struct run_result *r)
{
    enum verdict_kind kind = r->parity == PARITY_BROKEN ? VERDICT_FAIL : VERDICT_PASS;
    const struct run_half *halves[] = {&r->direct, &r->wire};
    if (r->failed.code != ERR_OK)
        return VERDICT_INCONCLUSIVE;
    for (int i = 0; i < 2; i++) {
        if (halves[i]->ran && halves[i]->verdict.kind == VERDICT_FAIL)
            return VERDICT_FAIL;
        if (halves[i]->ran && halves[i]->verdict.kind == VERDICT_INCONCLUSIVE)
            kind = kind == VERDICT_FAIL ? kind : VERDICT_INCONCLUSIVE;
    }
    return kind;
}

/* Runs a job's client in a testbed and judges it. When that cannot be done, half stays all zero and
 * r->failed says why. */
static void run_half(const struct run_options *o, struct testbed *testbed, struct run_result *r,
                     struct run_half *half, uint32_t run)
{
    const struct job *job = &r->job;
    int code = !job->client
        ? testbed_run(testbed, job->upstream, job->scenario, run, &half->evidence, &r->failed)
        : external_run(job->client, testbed, job->upstream, job->scenario, run, &half->evidence,
                       &half->output, &r->failed);
    if (code)
        return;
    half->ran = true;
    verdict_of(&half->evidence, &half->verdict);
    if (o->fail_on_remark)
        verdict_fail_on_remark(&half->verdict);
    if (job->client
        && secrets_hide(&half->evidence, &half->verdict, &half->output, &r->failed) != 0)
        half->ran = false;
}

static void half_fini(struct run_half *half)
{
    evidence_fini(&half->evidence);
    free(half->output);
    *half = (struct run_half){0};
}

/* One testbed for all: runs of different numbers do not disturb each other, and only one thread may
 * use a direct testbed. */
static int run_direct(const struct run_options *o, struct run_result *results, uint32_t count,
                      struct err *e)
{
    struct testbed *testbed = NULL;
    struct testbed_options options = {
        .fixtures = o->fixtures, .transport = TESTBED_DIRECT, .seed = o->seed};
    int code = testbed_open(&options, &testbed, e);
    if (code)
        return code;
    for (uint32_t i = 0; i < count; i++)
        if (results[i].job.scenario->direct && !results[i].job.client && !results[i].job.left_out)
            run_half(o, testbed, &results[i], &results[i].direct, i);
    testbed_close(testbed);
    return 0;
}

/* How long the scenario lasts on its own clock: measured, or else its bound. */
static int64_t length_ms(const struct run_result *r)
{
    return r->direct.ran ? r->direct.evidence.result.elapsed_ms : r->job.scenario->expect.within_ms;
}

static struct testbed_options options_for(const struct run_options *o,
                                          const struct external *client)
{
    const struct profile *profile = client->profile;
    return (struct testbed_options){.fixtures = o->fixtures,
                                    .transport = TESTBED_WIRE,
                                    .speed = client->speed,
                                    .moved_by_caller = client->pace == PACE_EVENTS,
                                    .seed = o->seed,
                                    .real_clients = client->pace == PACE_INTERVAL,
                                    .no_auth = profile && profile->no_auth,
                                    .assets = !profile || !profile->recorded_urls};
}

/* A client in simulated time has a clock of its own, and so a testbed of its own, each time. */
static void run_by_events(struct pool *pool, struct run_result *r, uint32_t i)
{
    struct testbed_options options = options_for(pool->options, r->job.client);
    struct testbed *testbed;
    if (testbed_open(&options, &testbed, &r->failed) != 0)
        return;
    run_half(pool->options, testbed, r, &r->wire, i);
    testbed_close(testbed);
}

/* Finds or opens the testbed of a client of others, under the lock. NULL with *e when it cannot be
 * opened. */
static struct testbed *testbed_for(struct pool *pool, const struct external *client, struct err *e)
{
    struct testbed *testbed = NULL;
    pthread_mutex_lock(&pool->lock);
    for (uint32_t i = 0; i < pool->testbed_count && !testbed; i++)
        if (pool->testbeds[i].client == client)
            testbed = pool->testbeds[i].testbed;
    if (!testbed && pool->testbed_count < CLIENTS_MAX) {
        struct testbed_options options = options_for(pool->options, client);
        if (testbed_open(&options, &testbed, e) == 0)
            pool->testbeds[pool->testbed_count++] = (struct wire_testbed){client, testbed};
    }
    pthread_mutex_unlock(&pool->lock);
    return testbed;
}

/* The built-in client's testbed of one thread, opened when it is first wanted. */
static struct testbed *testbed_of_thread(struct pool *pool, struct testbed **own, struct err *e)
{
    struct testbed_options options = {.fixtures = pool->options->fixtures,
                                      .transport = TESTBED_WIRE,
                                      .seed = pool->options->seed,
                                      .connections = BUILT_IN_CONNECTIONS};
    if (!*own)
        testbed_open(&options, own, e);
    return *own;
}

static void check_parity(struct run_result *r)
{
    if (!r->direct.ran || !r->wire.ran || r->direct.evidence.trace.evicted
        || r->wire.evidence.trace.evicted)
        return;
    bool holds = verdict_parity(&r->direct.evidence, &r->wire.evidence, r->parity_why,
                                sizeof r->parity_why);
    r->parity = holds ? PARITY_HOLDS : PARITY_BROKEN;
}

/* Runs result i on the wire. On a thread of the pool, without the lock: only this thread touches the
 * result until done is set. */
static void run_wire(struct pool *pool, uint32_t i, struct testbed **own)
{
    struct run_result *r = &pool->results[i];
    if (!r->job.scenario->wire || r->job.left_out || r->failed.code != ERR_OK)
        return;
    if (r->job.client && r->job.client->pace == PACE_EVENTS) {
        run_by_events(pool, r, i);
        return;
    }
    struct testbed *testbed = r->job.client ? testbed_for(pool, r->job.client, &r->failed)
                                            : testbed_of_thread(pool, own, &r->failed);
    if (!testbed)
        return;
    run_half(pool->options, testbed, r, &r->wire, i);
    check_parity(r);
}

/* Calls on_result for the results that are next in the jobs' order and are done. Called with
 * the lock held. */
static void report_ready(struct pool *pool)
{
    while (pool->reported < pool->count && pool->done[pool->reported])
        pool->on_result(&pool->results[pool->reported++], pool->arg);
}

static bool has_traced_clients(const struct pool *pool)
{
    for (uint32_t i = 0; i < pool->count; i++)
        if (pool->results[i].job.client && pool->results[i].job.client->pace == PACE_EVENTS)
            return true;
    return false;
}

/* One thread of the pool: takes turns until there is none left. */
static void *work(void *arg)
{
    struct pool *pool = arg;
    struct testbed *own = NULL;
    if (has_traced_clients(pool))
        tracer_pin();
    for (;;) {
        pthread_mutex_lock(&pool->lock);
        uint32_t turn = pool->next < pool->count ? pool->next++ : pool->count;
        pthread_mutex_unlock(&pool->lock);
        if (turn == pool->count)
            break;
        uint32_t i = pool->order[turn];
        if (pool->options->wire)
            run_wire(pool, i, &own);
        pthread_mutex_lock(&pool->lock);
        pool->done[i] = true;
        struct run_result *r = &pool->results[i];
        r->known = pool->options->is_known
            && pool->options->is_known(r, pool->options->is_known_arg);
        if (pool->options->on_done)
            pool->options->on_done(&pool->results[i], pool->options->on_done_arg);
        report_ready(pool);
        pthread_mutex_unlock(&pool->lock);
    }
    testbed_close(own);
    return NULL;
}

static int longest_first(const void *a, const void *b, void *results)
{
    uint32_t i = *(const uint32_t *)a;
    uint32_t k = *(const uint32_t *)b;
    int64_t i_ms = length_ms((struct run_result *)results + i);
    int64_t k_ms = length_ms((struct run_result *)results + k);
    if (i_ms != k_ms)
        return i_ms > k_ms ? -1 : 1;
    return i < k ? -1 : 1;
}

/* Without clients of others a thread is busy all the time: more than there are processors would
 * only get into each other's way. */
static uint32_t threads_for(const struct pool *pool)
{
    bool others = false;
    for (uint32_t i = 0; i < pool->count; i++)
        others |= pool->results[i].job.client != NULL;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t most = others                  ? RUN_THREADS_MAX
        : processors < 1                    ? 1
        : processors < BUILT_IN_THREADS_MAX ? (uint32_t)processors
                                            : BUILT_IN_THREADS_MAX;
    uint32_t wanted = pool->options->wire ? pool->options->threads : 1;
    return wanted < most ? wanted : most;
}

static void run_pool(struct pool *pool, uint32_t threads)
{
    pthread_t workers[RUN_THREADS_MAX];
    uint32_t started = 0;
    pthread_mutex_init(&pool->lock, NULL);
    for (uint32_t i = 0; i < pool->count; i++)
        pool->order[i] = i;
    qsort_r(pool->order, pool->count, sizeof *pool->order, longest_first, pool->results);
    while (started + 1 < threads && started < pool->count
           && pthread_create(&workers[started], NULL, work, pool) == 0)
        started++;
    /* This thread is one of the pool, so the work is done even when no other could be started. */
    work(pool);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    for (uint32_t i = 0; i < pool->testbed_count; i++)
        testbed_close(pool->testbeds[i].testbed);
    pthread_mutex_destroy(&pool->lock);
}

int run_jobs(const struct run_options *options, const struct jobs *jobs, run_on_result *on_result,
             void *arg, struct err *e)
{
    uint32_t count = jobs->count;
    struct pool pool = {
        .options = options,
        .results = calloc(count + 1, sizeof *pool.results),
        .order = calloc(count + 1, sizeof *pool.order),
        .done = calloc(count + 1, sizeof *pool.done),
        .count = count,
        .on_result = on_result,
        .arg = arg,
    };
    int code = 0;
    if (!pool.results || !pool.order || !pool.done)
        code = err_set(e, ERR_MEMORY, NULL, "no memory for %u results", count);
    for (uint32_t i = 0; !code && i < count; i++)
        pool.results[i].job = jobs->list[i];
    if (!code && options->direct)
        code = run_direct(options, pool.results, count, e);
    if (!code)
        run_pool(&pool, threads_for(&pool));
    for (uint32_t i = 0; pool.results && i < count; i++) {
        half_fini(&pool.results[i].direct);
        half_fini(&pool.results[i].wire);
    }
    free(pool.results);
    free(pool.order);
    free(pool.done);
    return code;
}
