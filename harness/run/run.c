/* All jobs on the direct transport first (it tells how long each lasts), then on the wire in parallel. */
#include "run.h"

#include "harness/external/clients.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPEED_SHORT = 100,      /* scenarios of up to LONG_MS */
    SPEED_LONG = 600,       /* an hour takes six seconds */
    SPEED_REPEAT = 5,       /* a repeat runs at a fifth of the speed ... */
    REPEATS_MAX = 2,        /* ... at most twice ... */
    REPEAT_REAL_MS = 60000, /* ... and only when it then takes at most a minute */
    LABS_MAX = CLIENTS_MAX  /* the built-in client has one for each of a few speeds */
};
static const int64_t LONG_MS = 600000;

/* A client's own: one that floods its mock's journal loses nobody else's polls. */
struct wire_lab {
    const struct external *client;
    uint32_t speed;
    struct lab *lab;
};

/* What the wire's threads share. */
struct crew {
    const struct run_options *options;
    struct run_result *results;
    uint32_t *order; /* indexes of results, longest first */
    uint32_t count;
    uint32_t next;
    pthread_mutex_t lock;
    struct wire_lab labs[LABS_MAX];
    uint32_t lab_count;
    bool *done;
    uint32_t reported;
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

static void run_half(struct lab *lab, struct run_result *r, struct run_half *half, uint32_t run)
{
    const struct job *job = &r->job;
    int failed = job->client == NULL
        ? lab_run(lab, job->upstream, job->scenario, run, &half->evidence, &r->failed)
        : external_run(job->client, lab, job->upstream, job->scenario, run, &half->evidence,
                       &half->output, &r->failed);
    if (failed != 0)
        return;
    half->ran = true;
    verdict_of(&half->evidence, &half->verdict);
}

static void half_fini(struct run_half *half)
{
    evidence_fini(&half->evidence);
    free(half->output);
    *half = (struct run_half){0};
}

static int run_direct(const struct run_options *o, struct run_result *results, uint32_t count,
                      struct err *e)
{
    struct lab *lab = NULL;
    struct lab_options options = {
        .fixtures = o->fixtures, .transport = LAB_DIRECT, .seed = o->seed};
    int failed = lab_open(&options, &lab, e);
    if (failed != 0)
        return failed;
    for (uint32_t i = 0; i < count; i++)
        if (results[i].job.scenario->direct && results[i].job.client == NULL)
            run_half(lab, &results[i], &results[i].direct, i);
    lab_close(lab);
    return 0;
}

/* How long the scenario lasts on its own clock: measured, or else its bound. */
static int64_t length_ms(const struct run_result *r)
{
    return r->direct.ran ? r->direct.evidence.result.elapsed_ms : r->job.scenario->expect.within_ms;
}

static struct lab *lab_for(struct crew *crew, const struct external *client, uint32_t speed,
                           struct err *e)
{
    struct lab *lab = NULL;
    const struct profile *profile = client != NULL ? client->profile : NULL;
    pthread_mutex_lock(&crew->lock);
    for (uint32_t i = 0; i < crew->lab_count && lab == NULL; i++)
        if (crew->labs[i].client == client && crew->labs[i].speed == speed)
            lab = crew->labs[i].lab;
    if (lab == NULL && crew->lab_count < LABS_MAX) {
        struct lab_options options = {
            .fixtures = crew->options->fixtures,
            .transport = LAB_WIRE,
            .speed = speed,
            .seed = crew->options->seed,
            .real_clients = client != NULL && client->pace == PACE_INTERVAL,
            .no_auth = profile != NULL && profile->no_auth,
            .assets = client != NULL && (profile == NULL || !profile->recorded_urls)};
        if (lab_open(&options, &lab, e) == 0)
            crew->labs[crew->lab_count++] = (struct wire_lab){client, speed, lab};
    }
    pthread_mutex_unlock(&crew->lock);
    return lab;
}

static void check_parity(struct run_result *r)
{
    if (!r->direct.ran || !r->wire.ran)
        return;
    bool holds = verdict_parity(&r->direct.evidence, &r->wire.evidence, r->parity_why,
                                sizeof r->parity_why);
    r->parity = holds ? PARITY_HOLDS : PARITY_BROKEN;
}

/* On the wire time is real, and a busy machine can lose a poll of a timed step. What is really wrong stays
 * wrong at a lower speed; what was noise does not. Never hidden: `repeats` is reported. */
static bool is_worth_repeating(const struct run_result *r, uint32_t speed)
{
    bool direct_is_fine = !r->direct.ran || r->direct.verdict.kind == VERDICT_PASS;
    bool wire_is_fine = r->wire.verdict.kind == VERDICT_PASS && r->parity != PARITY_BROKEN;
    return r->job.client == NULL && r->wire.ran && direct_is_fine && !wire_is_fine
        && r->repeats < REPEATS_MAX && speed > SPEED_REPEAT
        && length_ms(r) * SPEED_REPEAT / speed <= REPEAT_REAL_MS;
}

static void run_wire(struct crew *crew, uint32_t i)
{
    struct run_result *r = &crew->results[i];
    uint32_t speed = crew->options->speed;
    if (!r->job.scenario->wire || r->failed.code != ERR_OK)
        return;
    if (speed == 0 && r->job.client != NULL)
        speed = 1;
    if (speed == 0)
        speed = length_ms(r) > LONG_MS ? SPEED_LONG : SPEED_SHORT;
    for (;;) {
        struct lab *lab = lab_for(crew, r->job.client, speed, &r->failed);
        if (lab == NULL)
            return;
        run_half(lab, r, &r->wire, i);
        check_parity(r);
        if (!is_worth_repeating(r, speed))
            return;
        half_fini(&r->wire);
        r->parity = PARITY_NOT_CHECKED;
        r->repeats++;
        speed /= SPEED_REPEAT;
    }
}

/* Hands on every result whose predecessors are all there. Called with the lock held. */
static void report_ready(struct crew *crew)
{
    while (crew->reported < crew->count && crew->done[crew->reported])
        crew->on_result(&crew->results[crew->reported++], crew->arg);
}

static void *work(void *arg)
{
    struct crew *crew = arg;
    for (;;) {
        pthread_mutex_lock(&crew->lock);
        uint32_t turn = crew->next < crew->count ? crew->next++ : crew->count;
        pthread_mutex_unlock(&crew->lock);
        if (turn == crew->count)
            return NULL;
        uint32_t i = crew->order[turn];
        if (crew->options->wire)
            run_wire(crew, i);
        pthread_mutex_lock(&crew->lock);
        crew->done[i] = true;
        if (crew->options->on_done != NULL)
            crew->options->on_done(&crew->results[i], crew->options->on_done_arg);
        report_ready(crew);
        pthread_mutex_unlock(&crew->lock);
    }
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

static void run_crew(struct crew *crew, uint32_t threads)
{
    pthread_t hands[RUN_THREADS_MAX];
    uint32_t started = 0;
    pthread_mutex_init(&crew->lock, NULL);
    for (uint32_t i = 0; i < crew->count; i++)
        crew->order[i] = i;
    qsort_r(crew->order, crew->count, sizeof *crew->order, longest_first, crew->results);
    while (started + 1 < threads && started < crew->count
           && pthread_create(&hands[started], NULL, work, crew) == 0)
        started++;
    work(
        crew); /* this thread is one of them, so the work is done even when none could be started */
    for (uint32_t i = 0; i < started; i++)
        pthread_join(hands[i], NULL);
    for (uint32_t i = 0; i < crew->lab_count; i++)
        lab_close(crew->labs[i].lab);
    pthread_mutex_destroy(&crew->lock);
}

int run_jobs(const struct run_options *options, const struct jobs *jobs, run_on_result *on_result,
             void *arg, struct err *e)
{
    uint32_t count = jobs->count;
    struct crew crew = {
        .options = options,
        .results = calloc(count + 1, sizeof *crew.results),
        .order = calloc(count + 1, sizeof *crew.order),
        .done = calloc(count + 1, sizeof *crew.done),
        .count = count,
        .on_result = on_result,
        .arg = arg,
    };
    int failed = 0;
    if (crew.results == NULL || crew.order == NULL || crew.done == NULL)
        failed = err_set(e, ERR_MEMORY, NULL, "no memory for %u results", count);
    for (uint32_t i = 0; failed == 0 && i < count; i++)
        crew.results[i].job = jobs->list[i];
    if (failed == 0 && options->direct)
        failed = run_direct(options, crew.results, count, e);
    if (failed == 0)
        run_crew(&crew, options->wire ? options->threads : 1);
    for (uint32_t i = 0; crew.results != NULL && i < count; i++) {
        half_fini(&crew.results[i].direct);
        half_fini(&crew.results[i].wire);
    }
    free(crew.results);
    free(crew.order);
    free(crew.done);
    return failed;
}
