/* Reads one whole reply, by its HTTP status and its body, into a view. */
#include "upstreams.h"
#include "view.h"
#include "pack.h"

#include <string.h>

static enum task_error error_of(int code)
{
    switch (code) {
    case ERR_SYNTAX: return TASK_ERROR_SYNTAX;
    case ERR_CONTRACT: return TASK_ERROR_CONTRACT;
    case ERR_LIMIT: return TASK_ERROR_LIMIT;
    default: return TASK_ERROR_NONE;
    }
}

static int read_answer(const struct dialect *d, int http_status, const struct json *root,
                       struct task_view *out, struct err *e)
{
    if (http_status < 200 || http_status > 299)
        return err_set(e, ERR_CONTRACT, "", "HTTP %d is no answer to a poll", http_status);
    return d->pack ? pack_view(d->pack, root, out, e) : d->view(root, out, e);
}

static bool begins_as(struct span body, const char *tag)
{
    struct span text = span_trim(body);
    return span_is_nocase(span_cut(text, 0, strlen(tag)), tag);
}

/* Names the two usual answers that are no JSON, which "byte 0" would hide. */
static void explain_syntax(struct span body, struct err *e)
{
    if (begins_as(body, "<!doctype html") || begins_as(body, "<html"))
        err_set(e, ERR_SYNTAX, "byte 0", "this is HTML (a wrong base URL?)");
    else if (span_starts(body, "\x1f\x8b"))
        err_set(e, ERR_SYNTAX, "byte 0", "this is compressed with gzip, which was not asked for");
}

int dialect_read(const struct dialect *d, int http_status, struct span body, struct task_view *out,
                 struct err *e)
{
    struct json *root;
    view_clear(out);
    int code = json_open(body, &root, e);
    enum task_error refused = refusal_of_status(http_status);
    if (code != ERR_MEMORY && refused != TASK_ERROR_NONE) {
        if (d->pack)
            pack_refusal(d->pack, root, refused, out);
        else
            refusal_read(root, d->codes, refused, out);
        code = 0; /* the status says enough: the body need not be JSON */
    } else if (code == ERR_SYNTAX) {
        explain_syntax(body, e);
    } else if (!code) {
        code = read_answer(d, http_status, root, out, e);
    }
    json_close(root);
    if (code) {
        view_clear(out);
        out->error = error_of(code);
    }
    return code;
}

int view_read(const char *upstream, int http_status, struct span body, struct task_view *out,
              struct err *e)
{
    const struct dialect *d = dialect_find(upstream);
    if (!d) {
        view_clear(out);
        return err_set(e, ERR_NOT_FOUND, upstream, "is not an upstream");
    }
    return dialect_read(d, http_status, body, out, e);
}

int task_read(const char *upstream, int http_status, const char *body, size_t length,
              struct task_view *out, struct task_failure *f)
{
    struct err e;
    int code = view_read(upstream, http_status, (struct span){body, length}, out, &e);
    return !code ? 0 : failure_from_err(f, &e);
}

int pack_read(const struct task_pack *p, int http_status, struct span body, struct task_view *out,
              struct err *e)
{
    return dialect_read(pack_dialect(p), http_status, body, out, e);
}

int task_pack_read(const struct task_pack *pack, int http_status, const char *body, size_t length,
                   struct task_view *out, struct task_failure *f)
{
    struct err e;
    int code = pack_read(pack, http_status, (struct span){body, length}, out, &e);
    return !code ? 0 : failure_from_err(f, &e);
}

int task_pack_open(const char *folder, struct task_pack **out, struct task_failure *f)
{
    struct err e;
    int code = pack_open_folder(folder, out, &e);
    return !code ? 0 : failure_from_err(f, &e);
}

const char *task_state_name(enum task_state state)
{
    switch (state) {
    case TASK_QUEUED: return "queued";
    case TASK_RUNNING: return "running";
    case TASK_SUCCEEDED: return "succeeded";
    case TASK_FAILED: return "failed";
    default: return "unknown";
    }
}

const char *task_error_name(enum task_error error)
{
    switch (error) {
    case TASK_ERROR_TRANSIENT: return "transient";
    case TASK_ERROR_PERMANENT: return "permanent";
    case TASK_ERROR_NOT_FOUND: return "not_found";
    case TASK_ERROR_UNAUTHORIZED: return "unauthorized";
    case TASK_ERROR_SYNTAX: return "syntax";
    case TASK_ERROR_CONTRACT: return "contract";
    case TASK_ERROR_LIMIT: return "limit";
    default: return "none";
    }
}

const char *task_outcome_name(enum task_outcome outcome)
{
    switch (outcome) {
    case TASK_OUTCOME_SUCCEEDED: return "succeeded";
    case TASK_OUTCOME_FAILED: return "failed";
    case TASK_OUTCOME_ERROR: return "error";
    case TASK_OUTCOME_GAVE_UP: return "gave_up";
    default: return "cancelled";
    }
}
