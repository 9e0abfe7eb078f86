/* Goes over the replies of an upstream and holds each against its want and its contract. */
#include "check.h"

#include "age.h"
#include "base/file.h"
#include "checking.h"
#include "client/decode/pack.h"
#include "client/decode/upstreams.h"
#include "harness/testbed/packs.h"
#include "want.h"

#include <stdio.h>

enum { REPLY_FILE_MAX = REPLY_BODY_MAX + REPLY_HEAD_MAX };

static void tell_want(const struct err *e, void *arg)
{
    checking_tell(arg, CHECK_WRONG, e);
}

/* The rules read by the contract, with a reader of their own. */
static void check_rules_reading(struct checking *k)
{
    struct err e;
    enum task_state wanted = want_state(k->want);
    enum reply_state state = k->reply->status < 300
        ? contract_state(&k->u->contract, NULL, k->reply->body)
        : REPLY_STATE_NONE;
    if (packs_agree(state, wanted))
        return;
    want_error_at(
        k->want, "state", &e,
        "\"state\" is \"%s\", but the rules read \"%s\" by the contract: the reply decides "
        "nothing",
        task_state_name(wanted), reply_state_name(state));
    checking_tell(k, checking_is_excused(k) ? CHECK_NOTE : CHECK_WARNING, &e);
}

/* The want against both readers: the client's, and the rules'. */
static int check_want(struct checking *k, struct err *e)
{
    struct task_view view;
    struct err cause = {0};
    int code = dialect_read(k->dialect, k->reply->status, k->reply->body, &view, &cause);
    if (code == ERR_MEMORY)
        return err_set(e, ERR_MEMORY, k->where, "%s", cause.what);
    unsigned before = k->told;
    want_compare(k->want, &view, view.error >= TASK_ERROR_SYNTAX ? cause.where : "", tell_want, k);
    if (k->told == before) /* else they differ in what the want gets wrong */
        check_rules_reading(k);
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

static int check_file(struct checking *k, const char *dir, const struct check_age *age,
                      struct err *e)
{
    char want_path[FILE_PATH_MAX];
    struct buf file;
    int a = snprintf(k->where, sizeof k->where, "%s/replies/%s.http", dir, k->reply->name);
    int b = snprintf(want_path, sizeof want_path, "%s/replies/%s.want.json", dir, k->reply->name);
    if (a < 0 || (size_t)a >= sizeof k->where || b < 0 || (size_t)b >= sizeof want_path)
        return err_set(e, ERR_LIMIT, dir, "the path is too long");
    if (!file_exists(want_path))
        want_path[0] = '\0';
    buf_init(&file, REPLY_FILE_MAX);
    int code = file_read(k->where, &file, e);
    k->file = buf_span(&file);
    if (!code)
        code = check_reply(k, want_path, age, e);
    buf_fini(&file);
    return code;
}

int check_replies(const char *dir, const struct upstream *u, const struct check_age *age,
                  check_report *report, void *arg, struct err *e)
{
    struct task_pack *pack = NULL;
    const struct dialect *dialect = dialect_find(u->name);
    int code = dialect ? 0 : pack_open_folder(dir, &pack, e);
    for (uint32_t i = 0; !code && i < u->reply_count; i++) {
        struct checking k = {.u = u,
                             .dialect = dialect ? dialect : pack_dialect(pack),
                             .reply = &u->replies[i],
                             .report = report,
                             .arg = arg};
        if (!k.reply->by_default) /* that one has no file */
            code = check_file(&k, dir, age, e);
    }
    task_pack_close(pack);
    return code;
}
