/* What an open pack holds; for pack_*.c alone. */
#ifndef UNDERSTUDY_CLIENT_DECODE_PACK_INNER_H
#define UNDERSTUDY_CLIENT_DECODE_PACK_INNER_H

#include "pack.h"

#include "base/json/json_doc.h"

/* A JSON Pointer taken apart once, so that a reply is only walked. */
struct pack_pointer {
    const char *text;
    const char *keys[PACK_SEGMENTS_MAX];
    uint32_t count;
    uint32_t star; /* index of the segment "*"; count when there is none */
};

struct pack_pointers {
    struct pack_pointer list[PACK_POINTERS_MAX];
    uint32_t count;
};

struct pack_status {
    struct pack_pointer at;
    struct pack_pointer when;       /* text NULL: always */
    const struct json *when_values; /* one of which stands at `when` */
    const struct json *states;      /* {"queued": [value ...] ...} */
};

/* A refusal in place of a task. */
struct pack_error {
    struct pack_pointer code, reason; /* text NULL: it has none */
    const struct json *unless; /* values of code that are no error; NULL: every value is one */
};

struct task_pack {
    struct dialect dialect; /* its name and goals are below */
    struct pack_request request;
    char name[PACK_NAME_MAX];
    const char *goal_names[PACK_POINTERS_MAX + 1];
    const struct json *goals;
    struct pack_status status[PACK_POINTERS_MAX];
    uint32_t status_count;
    struct pack_error errors[PACK_POINTERS_MAX];
    uint32_t error_count;
    const struct json *permanent, *transient; /* as they stand in the contract */
    struct pack_pointers url, reason, code, progress, id, created, started, finished;
    bool url_is_content;   /* x-task.url names the content operation */
    struct json *document; /* owns the texts and trees above, but for keys and base_path */
    char *memory;          /* owns those: a pointer's segments take no more room than its text */
    size_t used, room;
};

/* Takes the texts of a pointer apart. ERR_CONTRACT, ERR_LIMIT. */
int pack_read_pointer(struct task_pack *p, const struct json_doc *at, struct pack_pointer *out,
                      struct err *e);
/* x-task, all of it that a client needs. */
int pack_read_task(struct task_pack *p, const struct json_doc *root, struct err *e);
/* servers, paths and security: p->request. After pack_read_task. */
int pack_read_request(struct task_pack *p, const struct json_doc *root, struct err *e);

/* Copies a text into the pack's memory, which has room for all texts of its file. */
const char *pack_keep(struct task_pack *p, struct span text);

#endif
