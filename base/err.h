/* Errors: a code for programs, a place and a sentence for people.
 *
 * A fallible function returns 0 (ERR_OK) or one of these codes and fills a struct err. The last
 * parameter is always `struct err *e`; it may be NULL when the caller wants the code alone.
 * Outputs are zero on error. Only main prints and exits. */
#ifndef UNDERSTUDY_BASE_ERR_H
#define UNDERSTUDY_BASE_ERR_H

enum err_code {
    ERR_OK = 0,
    ERR_SYNTAX,    /* the bytes are not what the format's grammar allows */
    ERR_CONTRACT,  /* well-formed, but a field is missing, unknown or of the wrong kind */
    ERR_LIMIT,     /* a stated maximum is exceeded; `what` names the number */
    ERR_MEMORY,    /* an allocation failed */
    ERR_FILE,      /* a file or folder cannot be read or written; `where` is its path */
    ERR_NOT_FOUND, /* no such upstream, scenario, reply, task */
    ERR_USAGE,     /* a wrong option or argument */
    ERR_NETWORK,   /* no connection, a connection lost, or an answer that is not whole HTTP */
    ERR_TIMEOUT,   /* the time given ran out */
    ERR_CANCELLED  /* stopped on request */
};

enum { ERR_WHERE_MAX = 256, ERR_WHAT_MAX = 512 };

struct err {
    enum err_code code;
    char where[ERR_WHERE_MAX]; /* "x.json:12:5", "/data/status", "byte 117" */
    char what[ERR_WHAT_MAX];   /* one sentence without a full stop */
};

/* Fills *e (when not NULL) and returns code. where may be NULL; longer texts are cut. Texts may quote
 * bytes from anywhere: what has no place in a line of plain text becomes a question mark. */
int err_set(struct err *e, enum err_code code, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "prefix: " before e->where (or sets it when empty). A caller that knows more of the
 * place, such as the file's name, does so once on the way up. Returns e->code, or fallback when
 * e is NULL. */
int err_wrap(struct err *e, enum err_code fallback, const char *prefix_format, ...)
    __attribute__((format(printf, 3, 4)));

/* "syntax", "contract", "limit" ...; never NULL. */
const char *err_name(enum err_code code);

#endif
