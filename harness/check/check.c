/* Goes over the replies of an upstream and holds each against its want and its contract. */
#include "check.h"

#include "age.h"
#include "base/file.h"
#include "checking.h"
#include "client/decode/view.h"
#include "want.h"

#include <stdio.h>

enum { REPLY_FILE_MAX = REPLY_BODY_MAX + REPLY_HEAD_MAX };

static void tell_want(const struct err *e, void *arg)
{
    checking_tell(arg, CHECK_WRONG, e);
}

/* Upstreams without a decoder have wants that nobody compares. */
static int check_want(struct checking *k, struct err *e)
{
    struct task_view view;
    struct err cause = {0};
    int code = view_read(k->u->name, k->reply->status, k->reply->body, &view, &cause);
    if (code == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, k->where, "%s", cause.what);
    if (code != ERR_NOT_FOUND)
        want_compare(k->want, &view, view.error >= TASK_ERROR_SYNTAX ? cause.where : "", tell_want,
                     k);
    return 0;
}

/* want_path is empty when there is no want. */
static int check_reply(struct checking *k, const char *want_path, const struct check_age *age,
                       struct err *e)
{
    struct want want;
    struct err own = {0};
    if (want_path[0]) {
        int bad = want_open(want_path, &want, &own);
        if (bad == ERR_MEMORY)
            return err_set(e, ERR_MEMORY, own.where, "%s", own.what);
        if (bad)
            checking_tell(k, CHECK_WRONG, &own);
        k->want = bad ? NULL : &want;
    }
    int code = k->want ? check_want(k, e) : 0;
    if (!code)
        code = checking_body(k, e);
    if (!code) {
        check_age_of(k, age, checking_header(k->file, "Date"), "");
        checking_end(k);
    }
    if (k->want)
        want_fini(k->want);
    k->want = NULL;
    return code;
}

int check_replies(const char *dir, const struct upstream *u, const struct check_age *age,
                  check_report *report, void *arg, struct err *e)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < u->reply_count; i++) {
        struct checking k = {.u = u, .reply = &u->replies[i], .report = report, .arg = arg};
        char want_path[FILE_PATH_MAX];
        struct buf file;
        int a = snprintf(k.where, sizeof k.where, "%s/replies/%s.http", dir, k.reply->name);
        int b = snprintf(want_path, sizeof want_path, "%s/replies/%s.want.json", dir,
                         k.reply->name);
        if (a < 0 || (size_t)a >= sizeof k.where || b < 0 || (size_t)b >= sizeof want_path)
            return err_set(e, ERR_LIMIT, dir, "the path is too long");
        if (!file_exists(want_path))
            want_path[0] = '\0';
        buf_init(&file, REPLY_FILE_MAX);
        code = file_read(k.where, &file, e);
        k.file = buf_span(&file);
        if (!code)
            code = check_reply(&k, want_path, age, e);
        buf_fini(&file);
    }
    return code;
}
