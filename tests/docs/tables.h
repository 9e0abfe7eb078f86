/* Tables that the documents and the schema of scenarios repeat from the code. ci/tables writes them, a test compares.
 *
 * A table is found by what stands there anyway, not by markers: in a page by the line of its column names, which stands
 * in the page once, in JSON by the pointer of the value. What is around it stays as it is. */
#ifndef UNDERSTUDY_TESTS_DOCS_TABLES_H
#define UNDERSTUDY_TESTS_DOCS_TABLES_H

#include "base/buf.h"
#include "base/err.h"
#include "harness/rules/rules.h"

struct table {
    const char *file; /* from the root of the tree */
    const char *at;   /* "| fault | takes |", or a JSON Pointer ("/$defs/fault") */
    /* Appends what the code says: the rows, a line each, or the JSON text with two spaces a level. */
    void (*write)(struct buf *out);
};

/* Rows, ended by one whose file is NULL. */
const struct table *tables(void);

/* Appends the file's text to out, with this table as the code says it. ERR_NOT_FOUND (and out is of no use) when the
 * text has no such table, or two. */
int table_rewrite(const struct table *table, struct span text, struct buf *out, struct err *e);

/* All tables of the file. */
int tables_rewrite(const char *file, struct span text, struct buf *out, struct err *e);

/* A rule's page: its title and its demand, the first three lines, as the code says them. */
int rule_page_rewrite(const struct rule *rule, struct span text, struct buf *out, struct err *e);

#endif
