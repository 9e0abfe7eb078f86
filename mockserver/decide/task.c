/* Tasks: a hash table finds a task by its key; a list, from the one polled longest ago to the
 * latest polled, tells which one to forget. */
#include "task.h"

#include "base/hash.h"
#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* uthash ends the process when memory runs out unless told otherwise. With these, a table that
 * cannot grow goes on with longer chains, and a task that cannot be added is marked as lost. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((element)->lost = true)
#include <uthash.h>
#include <utlist.h>

enum { KEY_MAX = 2 * sizeof(void *) + REPLY_NAME_MAX + MOCK_TASK_ID_MAX };

struct task {
    const struct upstream *upstream;
    const struct scenario *scenario;
    uint64_t hash;
    uint64_t number;
    uint64_t polls;
    uint32_t step;
    uint32_t step_polls;
    int64_t created_ms, entered_ms, last_ms;
    int64_t started_ms, finished_ms; /* -1: not yet */
    bool over; /* past the last step of a scenario that ends in gone or drop */
    bool lost; /* the table had no memory for it */
    struct task *prev, *next;
    UT_hash_handle hh;
    uint32_t key_len;
    char key[]; /* upstream and scenario pointer, then session and id, terminated */
};

struct tasks {
    pthread_mutex_t lock;
    struct task *table; /* NULL when empty; in the order of creation */
    struct task *idle;  /* the one polled longest ago first */
    uint32_t max;
    uint64_t evicted;
    uint64_t made; /* the newest task's number */
    uint64_t seed;
};

int tasks_open(uint32_t tasks_max, uint64_t seed, struct tasks **out, struct err *e)
{
    *out = NULL;
    if (tasks_max == 0)
        return err_set(e, ERR_LIMIT, "tasks", "at least 1 task must fit");
    struct tasks *t = calloc(1, sizeof *t);
    if (!t)
        return err_set(e, ERR_MEMORY, NULL, "no memory for tasks");
    pthread_mutex_init(&t->lock, NULL);
    t->max = tasks_max;
    t->seed = seed;
    *out = t;
    return ERR_OK;
}

static void forget(struct tasks *t, struct task *task)
{
    HASH_DEL(t->table, task);
    DL_DELETE(t->idle, task);
    free(task);
}

void tasks_reset(struct tasks *t)
{
    pthread_mutex_lock(&t->lock);
    while (t->idle)
        forget(t, t->idle);
    t->evicted = 0;
    pthread_mutex_unlock(&t->lock);
}

void tasks_close(struct tasks *t)
{
    if (!t)
        return;
    tasks_reset(t);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* -- Finding ----------------------------------------------------------------------------------- */

struct key {
    char bytes[KEY_MAX];
    uint32_t len;
    uint64_t hash; /* of names, not of pointers: the same in every run, so seeds may use it */
};

/* Hashes the terminator too, so that "a","b" and "ab","" differ. */
static uint64_t mix(uint64_t hash, const char *text)
{
    return hash64_add(hash, text, strlen(text) + 1);
}

/* False when session or id is too long, which callers rule out. */
static bool key_init(struct key *out, const struct task_key *key)
{
    size_t session = strlen(key->session), id = strlen(key->id);
    if (session >= REPLY_NAME_MAX || id >= MOCK_TASK_ID_MAX)
        return false;
    char *p = out->bytes;
    memcpy(p, &key->upstream, sizeof key->upstream);
    p += sizeof key->upstream;
    memcpy(p, &key->scenario, sizeof key->scenario);
    p += sizeof key->scenario;
    memcpy(p, key->session, session + 1);
    p += session + 1;
    memcpy(p, key->id, id + 1);
    out->len = (uint32_t)(p + id + 1 - out->bytes);
    uint64_t hash = mix(HASH64_START, key->upstream->name);
    hash = mix(hash, key->scenario->name);
    hash = mix(hash, key->session);
    out->hash = mix(hash, key->id);
    return true;
}

static unsigned short_hash(uint64_t hash)
{
    return (unsigned)(hash ^ (hash >> 32));
}

static void enter(struct task *task, uint32_t step, int64_t now_ms)
{
    task->step = step;
    task->step_polls = 0;
    task->entered_ms = now_ms;
    enum reply_state state = task->scenario->steps[step].state;
    bool ended = reply_state_is_end(state);
    if (task->started_ms < 0 && (ended || state == REPLY_STATE_RUNNING))
        task->started_ms = now_ms;
    if (task->finished_ms < 0 && ended)
        task->finished_ms = now_ms;
}

/* Sets a zeroed task to its first step; everything but its place in the table. */
static void begin(struct task *task, const struct task_key *from, const struct key *key,
                  int64_t now_ms)
{
    task->upstream = from->upstream;
    task->scenario = from->scenario;
    task->hash = key->hash;
    task->created_ms = now_ms;
    task->started_ms = task->finished_ms = -1;
    enter(task, 0, now_ms);
}

static struct task *make(struct tasks *t, const struct task_key *from, const struct key *key,
                         int64_t now_ms)
{
    if (HASH_COUNT(t->table) >= t->max) {
        forget(t, t->idle);
        t->evicted++;
    }
    struct task *task = calloc(1, sizeof *task + key->len);
    if (!task)
        return NULL;
    begin(task, from, key, now_ms);
    task->number = ++t->made;
    task->key_len = key->len;
    memcpy(task->key, key->bytes, key->len);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, t->table, task->key, key->len, short_hash(key->hash), task);
    if (task->lost) {
        free(task);
        return NULL;
    }
    DL_APPEND(t->idle, task);
    return task;
}

/* -- Moving ------------------------------------------------------------------------------------ */

static bool step_is_done(const struct task *task, int64_t now_ms)
{
    const struct scenario_step *step = &task->scenario->steps[task->step];
    return step->polls != 0 ? task->step_polls >= step->polls
                            : now_ms - task->entered_ms >= step->for_ms;
}

/* Advances by at most one step, before the poll is counted: a step that has lasted long enough
 * ends when the next poll comes, and one without a poll is not passed over. Call with the lock
 * held. */
static void move(struct task *task, int64_t now_ms)
{
    const struct scenario *s = task->scenario;
    if (task->over || !step_is_done(task, now_ms))
        return;
    if (task->step + 1 < s->step_count)
        enter(task, task->step + 1, now_ms);
    else if (s->end == END_LOOP)
        enter(task, 0, now_ms);
    else if (s->end == END_GONE || s->end == END_DROP)
        task->over = true;
}

static void describe(const struct tasks *t, const struct task *task, struct task_turn *out)
{
    const struct scenario *s = task->scenario;
    uint64_t seed = task->hash ^ text_random(&(uint64_t){t->seed}) ^ (s->seed << 1)
        ^ (task->polls << 32);
    *out = (struct task_turn){
        .answer = !task->over    ? TASK_STEP
            : s->end == END_GONE ? TASK_GONE
                                 : TASK_DROP,
        .step = task->over ? NULL : &s->steps[task->step],
        .step_index = task->step,
        .created_ms = task->created_ms,
        .started_ms = task->started_ms,
        .finished_ms = task->finished_ms,
        .seed = text_random(&seed),
    };
}

/* NULL when there is none. The tasks are locked. */
static struct task *find(const struct tasks *t, const struct key *key)
{
    struct task *task;
    HASH_FIND_BYHASHVALUE(hh, t->table, key->bytes, key->len, short_hash(key->hash), task);
    return task;
}

bool task_take(struct tasks *t, const struct task_key *key, int64_t now_ms, struct task_turn *out)
{
    struct key sought;
    if (!key_init(&sought, key))
        return false;
    pthread_mutex_lock(&t->lock);
    struct task *task = find(t, &sought);
    if (task) {
        move(task, now_ms);
        DL_DELETE(t->idle, task);
        DL_APPEND(t->idle, task);
    } else {
        task = make(t, key, &sought, now_ms);
    }
    if (task) {
        task->polls++;
        task->step_polls++;
        task->last_ms = now_ms;
        describe(t, task, out);
    }
    pthread_mutex_unlock(&t->lock);
    return task != NULL;
}

bool task_look(struct tasks *t, const struct task_key *key, int64_t now_ms, struct task_turn *out)
{
    struct key sought;
    struct task copy = {0}; /* without the key behind it */
    if (!key_init(&sought, key))
        return false;
    pthread_mutex_lock(&t->lock);
    const struct task *task = find(t, &sought);
    if (task) {
        copy = *task;
        move(&copy, now_ms);
    } else {
        begin(&copy, key, &sought, now_ms);
    }
    copy.polls++; /* the seed of the poll that would come next */
    describe(t, &copy, out);
    pthread_mutex_unlock(&t->lock);
    return true;
}

/* -- Looking ----------------------------------------------------------------------------------- */

static const char *session_of(const struct task *task)
{
    return task->key + sizeof task->upstream + sizeof task->scenario;
}

static const char *id_of(const struct task *task)
{
    const char *session = session_of(task);
    return session + strlen(session) + 1;
}

static void show(const struct task *task, struct mock_task *out)
{
    *out = (struct mock_task){
        .number = task->number,
        .upstream = task->upstream,
        .scenario = task->scenario,
        .step = task->step,
        .over = task->over,
        .step_polls = task->step_polls,
        .polls = task->polls,
        .created_ms = task->created_ms,
        .entered_ms = task->entered_ms,
        .last_ms = task->last_ms,
        .state = task->over ? REPLY_STATE_NONE : task->scenario->steps[task->step].state,
    };
    span_copy(span_of(session_of(task)), out->session, sizeof out->session);
    span_copy(span_of(id_of(task)), out->id, sizeof out->id);
}

static bool allows(const char *wanted, const char *have)
{
    return !wanted || strcmp(wanted, have) == 0;
}

static bool is_meant(const struct task_filter *f, const struct task *task)
{
    return task->number > f->since && allows(f->id, id_of(task))
        && allows(f->upstream, task->upstream->name) && allows(f->session, session_of(task));
}

void tasks_each(struct tasks *t, const struct task_filter *filter, mock_task_visit *visit,
                void *arg)
{
    pthread_mutex_lock(&t->lock);
    for (const struct task *task = t->table; task; task = task->hh.next) {
        struct mock_task shown;
        if (!is_meant(filter, task))
            continue;
        show(task, &shown);
        if (!visit(&shown, arg))
            break;
    }
    pthread_mutex_unlock(&t->lock);
}

size_t tasks_forget(struct tasks *t, const struct task_filter *filter)
{
    size_t count = 0;
    pthread_mutex_lock(&t->lock);
    for (struct task *task = t->table, *next; task; task = next) {
        next = task->hh.next;
        if (!is_meant(filter, task))
            continue;
        forget(t, task);
        count++;
    }
    pthread_mutex_unlock(&t->lock);
    return count;
}

size_t tasks_count(struct tasks *t)
{
    pthread_mutex_lock(&t->lock);
    size_t count = HASH_COUNT(t->table);
    pthread_mutex_unlock(&t->lock);
    return count;
}

uint64_t tasks_evicted(struct tasks *t)
{
    pthread_mutex_lock(&t->lock);
    uint64_t evicted = t->evicted;
    pthread_mutex_unlock(&t->lock);
    return evicted;
}
