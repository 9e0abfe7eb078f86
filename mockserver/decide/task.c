/* Tasks: a hash table finds a task by its key; a list, from the one polled longest ago to the
 * latest polled, tells which one to forget. */
#include "task.h"
#include "position.h"
#include "task_key.h"

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

struct task {
    const struct upstream *upstream;
    uint64_t hash;
    uint64_t number;
    struct position at;
    bool lost;    /* the table had no memory for it */
    bool created; /* its key names no scenario: task_create made it */
    struct task *prev, *next;
    UT_hash_handle hh;
    uint32_t key_len;
    char key[]; /* upstream and scenario pointer (NULL: created), then session and id, terminated */
};

struct tasks {
    pthread_mutex_t lock;
    struct task *table; /* NULL when empty; in the order of creation */
    struct task *idle;  /* the one polled longest ago first */
    uint32_t max;
    uint64_t evicted;
    uint64_t made; /* the newest task's number */
    uint64_t seed;
    uint32_t created, scripts; /* how many of the tasks are so */
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
    t->created -= task->created;
    t->scripts -= task->at.scenario->is_script;
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

static unsigned short_hash(uint64_t hash)
{
    return (unsigned)(hash ^ (hash >> 32));
}

/* Sets a zeroed task to its first step; everything but its place in the table. */
static void begin(struct task *task, const struct task_key *from, const struct task_bytes *key,
                  int64_t now_ms)
{
    task->upstream = from->upstream;
    task->hash = key->hash;
    position_begin(&task->at, from->scenario, now_ms);
}

/* created: key is that of key_of_created, and from names the scenario. */
static struct task *make(struct tasks *t, const struct task_key *from, const struct task_bytes *key,
                         bool created, int64_t now_ms)
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
    task->created = created;
    t->created += created;
    t->scripts += from->scenario->is_script;
    return task;
}

/* -- Taking turns ------------------------------------------------------------------------------ */

static void describe(const struct tasks *t, const struct task *task, int64_t asked_ms,
                     struct task_turn *out)
{
    const struct position *at = &task->at;
    const struct scenario *s = at->scenario;
    uint64_t seed = task->hash ^ text_random(&(uint64_t){t->seed}) ^ (s->seed << 1)
        ^ (at->polls << 32);
    uint64_t fault_seed = text_random(&(uint64_t){t->seed}) ^ (s->seed << 1) ^ (at->polls << 32);
    *out = (struct task_turn){
        .answer = at->cancelled  ? TASK_CANCELLED
            : !at->over          ? TASK_STEP
            : s->end == END_GONE ? TASK_GONE
                                 : TASK_DROP,
        .step = at->over || at->cancelled ? NULL : &s->steps[at->step],
        .step_index = at->step,
        .created_ms = at->created_ms,
        .started_ms = at->started_ms,
        .finished_ms = at->finished_ms,
        .asked_ms = asked_ms,
        .seed = text_random(&seed),
        .fault_seed = text_random(&fault_seed),
    };
}

/* NULL when there is none. The tasks are locked. */
static struct task *find(const struct tasks *t, const struct task_bytes *key)
{
    struct task *task;
    HASH_FIND_BYHASHVALUE(hh, t->table, key->bytes, key->len, short_hash(key->hash), task);
    return task;
}

/* The task that was created with that id. */
static struct task *find_created(const struct tasks *t, const struct task_key *key)
{
    const struct task_key nameless = {key->upstream, NULL, key->session, key->id};
    struct task_bytes sought;
    return t->created > 0 && task_key_bytes(&sought, &nameless) ? find(t, &sought) : NULL;
}

/* The one that was created, when it goes through the scenario that is asked for, else the one of that key. */
static struct task *find_any(const struct tasks *t, const struct task_key *key,
                             const struct task_bytes *sought)
{
    struct task *created = find_created(t, key);
    return created && created->at.scenario == key->scenario ? created : find(t, sought);
}

bool task_take(struct tasks *t, const struct task_key *key, int64_t now_ms, int64_t pace_ms,
               struct task_turn *out)
{
    struct task_bytes sought;
    if (!task_key_bytes(&sought, key))
        return false;
    pthread_mutex_lock(&t->lock);
    struct task *task = find_any(t, key, &sought);
    if (task) {
        now_ms = position_asked_ms(&task->at, now_ms, pace_ms);
        position_move(&task->at, now_ms);
        DL_DELETE(t->idle, task);
        DL_APPEND(t->idle, task);
    } else {
        task = make(t, key, &sought, false, now_ms);
    }
    if (task) {
        position_count(&task->at, now_ms);
        describe(t, task, now_ms, out);
    }
    pthread_mutex_unlock(&t->lock);
    return task != NULL;
}

bool task_look(struct tasks *t, const struct task_key *key, int64_t now_ms, int64_t pace_ms,
               struct task_turn *out)
{
    struct task_bytes sought;
    struct task copy = {0}; /* without the key behind it */
    if (!task_key_bytes(&sought, key))
        return false;
    pthread_mutex_lock(&t->lock);
    const struct task *task = find_any(t, key, &sought);
    if (task) {
        copy = *task;
        position_move(&copy.at, position_asked_ms(&copy.at, now_ms, pace_ms));
    } else {
        begin(&copy, key, &sought, now_ms);
    }
    copy.at.polls++; /* the seed of the poll that would come next */
    describe(t, &copy, now_ms, out);
    pthread_mutex_unlock(&t->lock);
    return true;
}

/* -- Created and cancelled ---------------------------------------------------------------------- */

bool task_create(struct tasks *t, const struct task_key *key, int64_t now_ms)
{
    const struct task_key nameless = {key->upstream, NULL, key->session, key->id};
    struct task_bytes made;
    if (!task_key_bytes(&made, &nameless))
        return false;
    pthread_mutex_lock(&t->lock);
    bool good = !find(t, &made) && make(t, key, &made, true, now_ms);
    pthread_mutex_unlock(&t->lock);
    return good;
}

const struct scenario *task_created(struct tasks *t, const struct task_key *key)
{
    pthread_mutex_lock(&t->lock);
    const struct task *task = find_created(t, key);
    const struct scenario *scenario = task ? task->at.scenario : NULL;
    pthread_mutex_unlock(&t->lock);
    return scenario;
}

enum reply_state task_state(struct tasks *t, const struct task_key *key)
{
    enum reply_state state = REPLY_STATE_NONE;
    struct task_bytes sought;
    if (!task_key_bytes(&sought, key))
        return state;
    pthread_mutex_lock(&t->lock);
    const struct task *task = find_any(t, key, &sought);
    const struct position *at = task ? &task->at : NULL;
    if (at && at->polls > 0 && !at->over && !at->cancelled)
        state = at->scenario->steps[at->step].state;
    pthread_mutex_unlock(&t->lock);
    return state;
}

bool task_cancel(struct tasks *t, const struct task_key *key, int64_t now_ms)
{
    struct task_bytes sought;
    if (!task_key_bytes(&sought, key))
        return false;
    pthread_mutex_lock(&t->lock);
    struct task *task = find_any(t, key, &sought);
    if (!task)
        task = make(t, key, &sought, false, now_ms);
    if (task)
        task->at.cancelled = true;
    pthread_mutex_unlock(&t->lock);
    return task;
}

/* -- Looking ----------------------------------------------------------------------------------- */

static const char *session_of(const struct task *task)
{
    return task->key + sizeof task->upstream + sizeof task->at.scenario;
}

static const char *id_of(const struct task *task)
{
    const char *session = session_of(task);
    return session + strlen(session) + 1;
}

static void show(const struct task *task, struct mock_task *out)
{
    const struct position *at = &task->at;
    *out = (struct mock_task){
        .number = task->number,
        .upstream = task->upstream,
        .scenario = at->scenario,
        .step = at->step,
        .over = at->over,
        .step_polls = at->step_polls,
        .polls = at->polls,
        .created_ms = at->created_ms,
        .entered_ms = at->entered_ms,
        .last_ms = at->last_ms,
        .state = at->over ? REPLY_STATE_NONE : at->scenario->steps[at->step].state,
    };
    span_copy(span_of(session_of(task)), out->session, sizeof out->session);
    span_copy(span_of(id_of(task)), out->id, sizeof out->id);
}

static bool allows(const char *wanted, const char *have)
{
    return !wanted || strcmp(wanted, have) == 0;
}

static bool is_named(const struct task_filter *f, const struct task *task)
{
    return task->number > f->since && allows(f->id, id_of(task))
        && allows(f->upstream, task->upstream->name) && allows(f->session, session_of(task));
}

static bool is_meant(const struct task_filter *f, const struct task *task)
{
    return !task->at.scenario->is_script && is_named(f, task);
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

bool tasks_next_change(struct tasks *t, const struct task_filter *filter, int64_t now_ms,
                       int64_t *at_ms)
{
    bool found = false;
    pthread_mutex_lock(&t->lock);
    for (const struct task *task = t->table; task; task = task->hh.next) {
        int64_t end_ms;
        if (!is_meant(filter, task) || !position_next_ms(&task->at, now_ms, &end_ms))
            continue;
        *at_ms = found && *at_ms < end_ms ? *at_ms : end_ms;
        found = true;
    }
    pthread_mutex_unlock(&t->lock);
    return found;
}

size_t tasks_forget(struct tasks *t, const struct task_filter *filter)
{
    size_t count = 0;
    pthread_mutex_lock(&t->lock);
    for (struct task *task = t->table, *next; task; task = next) {
        next = task->hh.next;
        bool is_script = task->at.scenario->is_script;
        if (!is_named(filter, task))
            continue;
        forget(t, task);
        count += !is_script;
    }
    pthread_mutex_unlock(&t->lock);
    return count;
}

size_t tasks_count(struct tasks *t)
{
    pthread_mutex_lock(&t->lock);
    size_t count = HASH_COUNT(t->table) - t->scripts;
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
