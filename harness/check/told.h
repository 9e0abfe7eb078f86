/* What a check tells: its findings as text, as JSON and for GitHub Actions. Each report is held in a buffer of its own; one
 * of them at most is printed, the others become files at the end. Only main prints. */
#ifndef UNDERSTUDY_HARNESS_CHECK_TOLD_H
#define UNDERSTUDY_HARNESS_CHECK_TOLD_H

#include "base/args.h"
#include "base/buf.h"
#include "base/err.h"
#include "finding.h"

#include <stdbool.h>
#include <stdint.h>

enum check_form { CHECK_TEXT, CHECK_JSON, CHECK_GITHUB };
enum { CHECK_FORMS = CHECK_GITHUB + 1 };

struct check_told {
    uint32_t counts[CHECK_NOTE + 1];
    bool notes;       /* told as text and for GitHub too */
    bool prints_text; /* the caller prints what is wrong, and warns of the rest */
    struct {
        bool wanted;
        const char *path; /* NULL: printed */
        struct buf out;
    } forms[CHECK_FORMS];
};

/* Reads words like "github" and "json=FILE". When none is printed, text is. ERR_USAGE names the nearest. check_told_fini
 * even after an error. */
int check_told_open(const struct args_list *words, struct check_told *t, struct err *e);
void check_told_fini(struct check_told *t);

/* Counts a finding, and tells it in every form but text. */
void check_told_add(struct check_told *t, const struct check_finding *f);

/* A finding as one line of text, without its level: "FILE:LINE:COLUMN" is e->where already. */
void check_told_what(struct buf *out, const struct check_finding *f);

/* Ends every form and writes those that are files. What is to be printed is then in *printed (lent; NULL: nothing). */
int check_told_end(struct check_told *t, struct buf **printed, struct err *e);

const char *check_level_name(enum check_level level); /* "wrong", "warning", "note" */
/* False when it is none. */
bool check_level_read(const char *name, enum check_level *out, struct err *e);

#endif
