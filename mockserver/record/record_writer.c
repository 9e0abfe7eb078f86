/* A queue, and a thread that takes all of it at a time. */
#include "record_writer.h"

#include "record_entry.h"
#include "record_job.h"
#include "record_task.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TARGET_MAX = 64 << 10,
    GATHERED_BYTES_MAX = 4 << 20,
    REQUEST_MAX = MESSAGE_BODY_MAX + (256 << 10),
    NUMBERED_MAX = 100000
};

struct record_writer {
    struct record_writer_options options;
    struct record_log *log;
    struct record_tasks *tasks;
    struct redactor *redactor;
    bool disk_told; /* of a disk that takes nothing */
    pthread_t thread;
    bool has_thread;

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t came, done;
    struct record_job *first, **last;
    size_t queued_bytes;
    uint64_t taken, finished, lost;
    bool busy, drains, ends;
};

/* -- Reports ----------------------------------------------------------------------------------- */

static void count_lost(struct record_writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->lost++;
    pthread_mutex_unlock(&w->lock);
}

static void hide(struct record_writer *w, char *text, size_t size)
{
    struct buf out;
    buf_init(&out, 4 * size);
    if (redact_text(w->redactor, span_of(text), &out, NULL) == 0)
        span_copy(span_cut(buf_span(&out), 0, size - 1), text, size);
    else
        text[0] = '\0';
    buf_fini(&out);
}

static void report(struct record_writer *w, struct err *e)
{
    hide(w, e->where, sizeof e->where);
    hide(w, e->what, sizeof e->what);
    w->options.report(e, w->options.report_arg);
}

/* -- One exchange ------------------------------------------------------------------------------ */

/* The file of a place. A create's is new: it takes the first number that is free. */
static int path_of(struct record_writer *w, const struct record_job *job,
                   const struct record_place *place, struct span task, char path[FILE_PATH_MAX],
                   struct err *e)
{
    struct buf name;
    if (place->path[0]) {
        memcpy(path, place->path, sizeof place->path);
        return 0;
    }
    int code = record_log_path(w->log, job->upstream->name, task, path, e);
    buf_init(&name, TARGET_MAX);
    for (int i = 1; !code && place->is_create && record_log_has(w->log, path) && i < NUMBERED_MAX;
         i++) {
        buf_reset(&name);
        buf_add_span(&name, task);
        buf_addf(&name, "-%d", i + 1);
        code = record_log_path(w->log, job->upstream->name, buf_span(&name), path, e);
    }
    if (!code && place->is_create)
        record_tasks_written(w->tasks, place, path);
    buf_fini(&name);
    return code;
}

static int write_entry(struct record_writer *w, struct record_job *job,
                       const struct record_place *place, struct span task, struct err *e)
{
    const struct upstream *contract = job->upstream->contract;
    struct buf entry, name;
    char path[FILE_PATH_MAX];
    struct record_exchange exchange = {
        .request = &job->request,
        .base = job->upstream->base,
        .target = job->target,
        .task = task,
        .fetched = &job->fetched,
        .started_ms = job->started_ms,
        .x_task = contract ? contract->contract.x_task : NULL,
    };
    buf_init(&entry, RECORD_ENTRY_MAX);
    buf_init(&name, TARGET_MAX);
    int code = record_entry_write(w->redactor, &exchange, &entry, &name, e);
    if (!code)
        code = path_of(w, job, place, buf_span(&name), path, e);
    if (!code) {
        if (place
                ->was[0]) /* a create's file becomes its task's, unless that one is there already */
            (void)record_log_rename(w->log, place->was, path);
        code = record_log_add(w->log, path, buf_span(&entry), e);
    }
    buf_fini(&name);
    buf_fini(&entry);
    return code;
}

/* True when the exchange ends a task: its file is synced at once. */
static bool record(struct record_writer *w, struct record_job *job)
{
    struct record_place place;
    struct err e = {0};
    message_open(&job->request);
    const struct upstream *contract = job->upstream->contract;
    record_tasks_place(w->tasks, w->options.router, contract, &job->request, job->target,
                       &job->fetched, &place);
    if (write_entry(w, job, &place, span_of(place.task), &e)) {
        if (!e.where[0])
            err_wrap(&e, e.code, "%s", job->upstream->name);
        count_lost(w);
        if (!w->disk_told) /* else what waits has become too much, and why is said */
            report(w, &e);
    }
    message_close(&job->request);
    return place.ended;
}

/* -- The thread -------------------------------------------------------------------------------- */

static void sync_files(struct record_writer *w)
{
    struct err e = {0};
    if (record_log_sync(w->log, &e) == 0) {
        w->disk_told = false;
    } else if (!w->disk_told) {
        w->disk_told = true;
        report(w, &e);
    }
}

static struct timespec at(int64_t unix_ms)
{
    return (struct timespec){.tv_sec = (time_t)(unix_ms / 1000),
                             .tv_nsec = (long)(unix_ms % 1000) * 1000000};
}

/* Waits for jobs, until sync_at_ms when that is not 0, then a moment for more of them: a thread that is woken for each costs
 * more than its work. Returns them all; NULL when the time has come or the end. Call with the lock held. */
static struct record_job *take_all(struct record_writer *w, int64_t sync_at_ms)
{
    struct timespec until = at(sync_at_ms);
    int timed_out = 0;
    while (!w->first && !w->ends && !w->drains && !timed_out)
        timed_out = sync_at_ms ? pthread_cond_timedwait(&w->came, &w->lock, &until) != 0
                               : pthread_cond_wait(&w->came, &w->lock) != 0;
    until = at(clock_now(clock_real()) + RECORD_GATHER_MS);
    timed_out = !w->first;
    while (!w->ends && !w->drains && !timed_out && w->queued_bytes < GATHERED_BYTES_MAX)
        timed_out = pthread_cond_timedwait(&w->came, &w->lock, &until) != 0;
    struct record_job *jobs = w->first;
    w->first = NULL;
    w->last = &w->first;
    return jobs;
}

/* Returns how many jobs there were. */
static uint64_t work(struct record_writer *w, struct record_job *jobs, bool *ended)
{
    uint64_t count = 0;
    while (jobs) {
        struct record_job *job = jobs;
        jobs = job->next;
        *ended |= record(w, job);
        pthread_mutex_lock(&w->lock);
        w->queued_bytes -= job->bytes;
        pthread_mutex_unlock(&w->lock);
        record_job_free(job);
        count++;
    }
    return count;
}

static void *run(void *arg)
{
    struct record_writer *w = arg;
    int64_t sync_at_ms = 0;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct record_job *jobs = take_all(w, sync_at_ms);
        bool drains = w->drains, ends = w->ends && !jobs;
        w->drains = false;
        pthread_mutex_unlock(&w->lock);
        bool now = drains || ends;
        uint64_t count = work(w, jobs, &now);
        int64_t now_ms = clock_now(clock_real());
        if (now || (sync_at_ms && now_ms >= sync_at_ms))
            sync_files(w);
        if (!record_log_waits(w->log))
            sync_at_ms = 0;
        else if (!sync_at_ms || now_ms >= sync_at_ms)
            sync_at_ms = now_ms + RECORD_SYNC_MS;
        pthread_mutex_lock(&w->lock);
        w->finished += count;
        if (drains)
            w->busy = false;
        pthread_cond_broadcast(&w->done);
        if (ends)
            break;
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* -- Others' threads --------------------------------------------------------------------------- */

int record_writer_open(const struct record_writer_options *options, struct record_writer **out,
                       struct err *e)
{
    *out = NULL;
    struct record_writer *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, ERR_MEMORY, NULL, "no memory for a recorder");
    w->options = *options;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->came, NULL);
    pthread_cond_init(&w->done, NULL);
    int code = record_log_open(options->dir, &w->log, e);
    if (!code)
        code = record_tasks_open(&w->tasks, e);
    if (!code)
        code = redactor_open(false, &w->redactor, e);
    if (!code && pthread_create(&w->thread, NULL, run, w) != 0)
        code = err_set(e, ERR_MEMORY, NULL, "no thread to write recordings");
    w->has_thread = !code;
    if (code)
        record_writer_close(w);
    else
        *out = w;
    return code;
}

int record_writer_learn(struct record_writer *w, struct span secret, struct err *e)
{
    return redactor_learn(w->redactor, secret, e); /* the thread waits for its first exchange */
}

static void refuse(struct record_writer *w, struct record_job *job, enum err_code code,
                   const char *why)
{
    struct err e = {.code = code};
    snprintf(e.what, sizeof e.what, "%s", why);
    if (job)
        record_job_free(job);
    count_lost(w);
    w->options.report(&e, w->options.report_arg);
}

void record_writer_take(struct record_writer *w, const struct record_upstream *upstream,
                        const struct message *request, struct span target, struct fetched *fetched,
                        int64_t started_ms)
{
    struct record_job *job = record_job_make(request, target, fetched);
    if (!job) {
        refuse(w, NULL, ERR_MEMORY, "no memory for an exchange");
        return;
    }
    job->upstream = upstream;
    job->started_ms = started_ms;
    pthread_mutex_lock(&w->lock);
    bool full = w->queued_bytes + job->bytes > RECORD_QUEUE_BYTES_MAX;
    if (!full) {
        w->queued_bytes += job->bytes;
        bool wakes = !w->first || w->queued_bytes >= GATHERED_BYTES_MAX;
        *w->last = job;
        w->last = &job->next;
        w->taken++;
        if (wakes)
            pthread_cond_signal(&w->came);
    }
    pthread_mutex_unlock(&w->lock);
    if (full)
        refuse(w, job, ERR_LIMIT, "exchanges come faster than they can be written");
}

void record_writer_drain(struct record_writer *w)
{
    pthread_mutex_lock(&w->lock);
    uint64_t wanted = w->taken;
    w->drains = w->busy = true;
    pthread_cond_signal(&w->came);
    while (w->finished < wanted || w->busy)
        pthread_cond_wait(&w->done, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

uint64_t record_writer_lost(struct record_writer *w)
{
    pthread_mutex_lock(&w->lock);
    uint64_t lost = w->lost;
    pthread_mutex_unlock(&w->lock);
    return lost;
}

uint64_t record_writer_close(struct record_writer *w)
{
    if (!w)
        return 0;
    if (w->has_thread) {
        pthread_mutex_lock(&w->lock);
        w->ends = true;
        pthread_cond_signal(&w->came);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    uint64_t lost = w->lost + (w->log ? record_log_waiting(w->log) : 0);
    record_log_close(w->log);
    record_tasks_close(w->tasks);
    redactor_close(w->redactor);
    pthread_cond_destroy(&w->done);
    pthread_cond_destroy(&w->came);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return lost;
}
