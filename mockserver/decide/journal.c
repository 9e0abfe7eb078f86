/* The journal: records of varying length in one ring of bytes. A second ring, of offsets, finds
 * a record by its number. Both are allocated once at full size; Linux provides their pages only
 * as they are first written, so a short run costs little. */
#include "journal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 9, ALIGN = 16, BYTES_MIN = 64 << 10 };

/* A record in the ring. Its texts follow it directly, in the order of text_of. */
struct record {
    struct journal_entry entry; /* its spans are set by lend, not stored */
    uint16_t len[TEXTS];
};

/* The smallest record: a ring of n times this many bytes holds at most n records, so n offsets
 * suffice. */
enum { RECORD_MIN = (sizeof(struct record) + ALIGN - 1) / ALIGN * ALIGN };

struct journal {
    pthread_mutex_t lock;
    char *ring;
    size_t room;
    size_t head;     /* where the next record goes */
    size_t *offsets; /* of record seq at seq % offset_room */
    size_t offset_room;
    uint64_t first; /* the oldest record held; last + 1 when there is none */
    uint64_t last;
    uint64_t evicted; /* the newest entry that was evicted; 0 after a reset */
};

int journal_open(size_t bytes_max, struct journal **out, struct err *e)
{
    *out = NULL;
    if (bytes_max < BYTES_MIN)
        return err_set(e, ERR_LIMIT, NULL, "a journal needs at least %d bytes, not %zu", BYTES_MIN,
                       bytes_max);
    struct journal *j = calloc(1, sizeof *j);
    if (!j)
        return err_set(e, ERR_MEMORY, NULL, "no memory for the journal");
    j->offset_room = bytes_max / (RECORD_MIN + sizeof *j->offsets);
    j->room = j->offset_room * RECORD_MIN;
    j->ring = malloc(j->room);
    j->offsets = malloc(j->offset_room * sizeof *j->offsets);
    if (!j->ring || !j->offsets) {
        free(j->ring);
        free(j->offsets);
        free(j);
        return err_set(e, ERR_MEMORY, NULL, "no memory for a journal of %zu bytes", bytes_max);
    }
    j->first = 1;
    pthread_mutex_init(&j->lock, NULL);
    *out = j;
    return ERR_OK;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    pthread_mutex_destroy(&j->lock);
    free(j->ring);
    free(j->offsets);
    free(j);
}

static size_t offset_of(const struct journal *j, uint64_t seq)
{
    return j->offsets[seq % j->offset_room];
}

static struct record *record_at(const struct journal *j, uint64_t seq)
{
    return (struct record *)(void *)(j->ring + offset_of(j, seq));
}

static bool is_empty(const struct journal *j)
{
    return j->first > j->last;
}

static void evict(struct journal *j)
{
    j->evicted = j->first++;
}

/* Makes `size` bytes in one piece free at head, evicting the oldest records. A record is never
 * split: when it does not fit before the end of the ring, head goes back to the start. Call with
 * the lock held. */
static void make_room(struct journal *j, size_t size)
{
    if (size > j->room - j->head) {
        while (!is_empty(j) && offset_of(j, j->first) >= j->head)
            evict(j);
        j->head = 0;
    }
    while (!is_empty(j) && offset_of(j, j->first) >= j->head
           && offset_of(j, j->first) < j->head + size)
        evict(j);
}

static struct span *text_of(struct journal_entry *entry, size_t i)
{
    struct span *const texts[TEXTS] = {&entry->upstream, &entry->scenario, &entry->session,
                                       &entry->task,     &entry->reply,    &entry->method,
                                       &entry->target,   &entry->faults,   &entry->why};
    return texts[i];
}

static void lend(struct record *r, struct journal_entry *out)
{
    const char *p = (const char *)(r + 1);
    *out = r->entry;
    for (size_t i = 0; i < TEXTS; i++) {
        *text_of(out, i) = (struct span){p, r->len[i]};
        p += r->len[i];
    }
}

uint64_t journal_add(struct journal *j, const struct journal_entry *entry)
{
    struct record r = {.entry = *entry};
    size_t size = sizeof r;
    for (size_t i = 0; i < TEXTS; i++) {
        size_t n = text_of(&r.entry, i)->n;
        r.len[i] = (uint16_t)(n < JOURNAL_TEXT_MAX ? n : JOURNAL_TEXT_MAX);
        size += r.len[i];
    }
    size = (size + ALIGN - 1) / ALIGN * ALIGN;

    pthread_mutex_lock(&j->lock);
    make_room(j, size);
    uint64_t seq = ++j->last;
    j->offsets[seq % j->offset_room] = j->head;
    char *p = j->ring + j->head;
    j->head += size;
    struct journal_entry *kept = &r.entry;
    kept->seq = seq;
    memcpy(p, &r, sizeof r);
    p += sizeof r;
    for (size_t i = 0; i < TEXTS; i++) {
        if (r.len[i] != 0)
            memcpy(p, text_of(kept, i)->p, r.len[i]);
        p += r.len[i];
    }
    pthread_mutex_unlock(&j->lock);
    return seq;
}

void journal_end(struct journal *j, uint64_t seq, int64_t ended_ms, uint64_t sent_bytes,
                 bool complete)
{
    pthread_mutex_lock(&j->lock);
    if (seq >= j->first && seq <= j->last) {
        struct journal_entry *entry = &record_at(j, seq)->entry;
        entry->ended_ms = ended_ms;
        entry->sent_bytes = sent_bytes;
        if (complete)
            entry->flags |= JOURNAL_COMPLETE;
        if (sent_bytes == 0)
            entry->status = 0;
    }
    pthread_mutex_unlock(&j->lock);
}

static bool allows(struct span wanted, struct span have)
{
    return wanted.n == 0 || span_same(wanted, have);
}

static bool matches(const struct journal_filter *f, const struct journal_entry *entry)
{
    return allows(f->task, entry->task) && allows(f->scenario, entry->scenario)
        && allows(f->upstream, entry->upstream) && allows(f->session, entry->session);
}

bool journal_each(struct journal *j, const struct journal_filter *filter, journal_visit *visit,
                  void *arg)
{
    pthread_mutex_lock(&j->lock);
    bool conclusive = filter->since >= j->evicted;
    uint64_t seq = filter->since >= j->first ? filter->since + 1 : j->first;
    for (; seq <= j->last; seq++) {
        struct journal_entry entry;
        lend(record_at(j, seq), &entry);
        if (matches(filter, &entry) && !visit(&entry, arg))
            break;
    }
    pthread_mutex_unlock(&j->lock);
    return conclusive;
}

uint64_t journal_last(struct journal *j)
{
    pthread_mutex_lock(&j->lock);
    uint64_t last = j->last;
    pthread_mutex_unlock(&j->lock);
    return last;
}

uint64_t journal_evicted(struct journal *j)
{
    pthread_mutex_lock(&j->lock);
    uint64_t evicted = j->evicted;
    pthread_mutex_unlock(&j->lock);
    return evicted;
}

void journal_reset(struct journal *j)
{
    pthread_mutex_lock(&j->lock);
    j->first = j->last + 1;
    j->head = 0;
    j->evicted = 0;
    pthread_mutex_unlock(&j->lock);
}
