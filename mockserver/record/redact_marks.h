/* Inside redaction: the secrets that a redactor knows, and the marks that say where in a text one stands. */
#ifndef UNDERSTUDY_MOCKSERVER_RECORD_REDACT_MARKS_H
#define UNDERSTUDY_MOCKSERVER_RECORD_REDACT_MARKS_H

#include "redact_cache.h"
#include "redactor.h"

#include "mockserver/message/secret.h"

/* A secret, percent-decoded as far as that goes, so that one secret has one number however it came. */
struct redact_known {
    char *bytes;
    size_t n;
    uint32_t number;
    uint32_t next;   /* index + 1 of the next one with the same hash */
    uint64_t used;   /* the exchange that it was last seen in */
    bool everywhere; /* looked for wherever it may stand; else it only has its number */
};

struct redactor {
    struct redact_known *list;
    uint32_t count, room;
    uint32_t slots[SECRET_SLOTS]; /* index + 1, by the hash of the whole secret */
    struct secret_set set;        /* those that are looked for everywhere; numbered as in list */
    uint32_t numbers;             /* given so far */
    uint32_t short_count; /* of those looked for, too short for set; never less than there are */
    uint64_t now;         /* counts exchanges */
    uint64_t version;     /* another one whenever something is learned or forgotten */
    struct redact_cache *cache; /* NULL in a plain redactor, which is for a text or two */
    bool plain;
};

struct redact_mark {
    size_t at, n;
    uint32_t number;
    bool quoted; /* the placeholder needs quotes: it stands for a JSON value that was no string */
    const char *kind;
};

/* The marks of one text. code is the first error. */
struct redact_marks {
    struct redactor *r;
    struct buf list; /* of struct redact_mark */
    int code;
    struct err *e;
};

void redact_marks_init(struct redact_marks *m, struct redactor *r, struct err *e);
void redact_marks_fini(struct redact_marks *m);
size_t redact_marks_count(const struct redact_marks *m);

/* Marks n bytes at `at`, which stand for the secret value. everywhere: it is looked for in all texts from now on. */
void redact_mark(struct redact_marks *m, size_t at, size_t n, struct span value, const char *kind,
                 bool everywhere);
void redact_mark_quoted(struct redact_marks *m, size_t at, size_t n, struct span value,
                        const char *kind);
/* Marks every place that shows a known secret; base is added to the places. */
void redact_mark_known(struct redact_marks *m, struct span text, size_t base);
/* True when value as a whole is a secret that is looked for but too short to be found inside texts. */
bool redact_is_short_known(struct redactor *r, struct span value);

/* Appends text with placeholders in place of what is marked. Marks that overlap become one. */
void redact_write(struct redact_marks *m, struct span text, struct buf *out);

#endif
