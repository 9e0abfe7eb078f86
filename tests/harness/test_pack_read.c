/* Every recorded reply is read by the client twice, by its upstream's decoder and by the contract: both give
 * the same view, or the reply stands here with the reason. */
#include "with_fixtures.h"

#include "client/decode/pack.h"
#include "client/decode/upstreams.h"
#include "client/decode/view.h"

#include <stdio.h>

/* The decoder holds this value as an integer; to a contract any text or number may be new. */
#define INTEGER "a status or code that is no integer"
/* The decoder asks again after a code of which the documents do not say that it passes. */
#define CODE "the contract lists it as neither transient nor permanent"

static const struct {
    const char *upstream, *reply, *why;
} known[] = {
    {"avatar", "odd.status_is_a_fraction", INTEGER},
    {"avatar", "odd.status_is_a_word", INTEGER},
    {"zego-drive", "error.concurrency", CODE},
    {"zego-drive", "error.internal", CODE},
    {"zego-drive", "odd.code_is_a_word", INTEGER},
    {"zego-drive", "odd.status_is_a_fraction", INTEGER},
    {"zego-drive", "odd.status_is_a_word", INTEGER},
    {"zego-stream", "error.concurrency", CODE},
    {"zego-stream", "error.internal", CODE},
    {"zego-stream", "odd.code_is_a_word", INTEGER},
    {"zego-stream", "odd.status_is_a_fraction", INTEGER},
    {"zego-stream", "odd.status_is_a_word", INTEGER},
};

static const char *reason_of(const char *upstream, const char *reply)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].upstream, upstream) == 0 && strcmp(known[i].reply, reply) == 0)
            return known[i].why;
    return NULL;
}

struct result {
    struct task_view view;
    struct err e;
};

static void describe(const struct result *r, char *out, size_t out_size)
{
    const struct task_view *v = &r->view;
    bool unread = v->error >= TASK_ERROR_SYNTAX;
    snprintf(
        out, out_size,
        "%s %s \"%s\" %d%% id \"%.40s\" code \"%s\" url \"%.60s\" %lld %lld %lld \"%.60s\" at %s",
        task_state_name(v->state), task_error_name(v->error), v->status, v->progress, v->id,
        v->code, v->url, (long long)v->created_ms, (long long)v->started_ms,
        (long long)v->finished_ms, v->reason, unread ? r->e.where : "-");
}

static bool same(const struct result *a, const struct result *b)
{
    const struct task_view *v = &a->view, *w = &b->view;
    return v->state == w->state && v->error == w->error && v->progress == w->progress
        && v->created_ms == w->created_ms && v->started_ms == w->started_ms
        && v->finished_ms == w->finished_ms && strcmp(v->status, w->status) == 0
        && strcmp(v->id, w->id) == 0 && strcmp(v->code, w->code) == 0
        && strcmp(v->reason, w->reason) == 0 && strcmp(v->url, w->url) == 0
        && (a->view.error < TASK_ERROR_SYNTAX || strcmp(a->e.where, b->e.where) == 0);
}

static bool same_goals(const struct upstream *u, const struct task_pack *pack,
                       const struct task_view *v)
{
    for (const char *const *goal = task_goals(u->name); *goal; goal++)
        if (task_goal_state(u->name, *goal, v, false)
            != dialect_goal_state(pack_dialect(pack), *goal, v, false))
            return v->error != TASK_ERROR_NONE; /* that a refusal meets a goal, only code knows */
    return true;
}

static unsigned compare(const struct upstream *u, const struct task_pack *pack)
{
    static struct result decoder, contract;
    unsigned wrong = 0;
    for (uint32_t i = 0; i < u->reply_count; i++) {
        const struct reply *r = &u->replies[i];
        char left[1024], right[1024];
        const char *why = reason_of(u->name, r->name);
        if (contract_reply_role(r->name) != ROLE_POLL)
            continue; /* no client decodes the others */
        decoder.e = contract.e = (struct err){0};
        (void)view_read(u->name, r->status, r->body, &decoder.view, &decoder.e);
        (void)pack_read(pack, r->status, r->body, &contract.view, &contract.e);
        bool agree = same(&decoder, &contract) && same_goals(u, pack, &decoder.view);
        if (agree == !why)
            continue;
        wrong++;
        describe(&decoder, left, sizeof left);
        describe(&contract, right, sizeof right);
        print_error("%s/%s: %s\n  decoder:  %s\n  contract: %s\n", u->name, r->name,
                    why ? "no longer true" : "differs", left, right);
    }
    return wrong;
}

static struct task_pack *open_pack(const char *name)
{
    char folder[FILE_PATH_MAX];
    struct task_pack *pack = NULL;
    struct err e = {0};
    assert_true(file_join(folder, sizeof folder, fixtures_dir(), name));
    if (pack_open_folder(folder, &pack, &e) != 0)
        fail_msg("%s: %s", e.where, e.what);
    return pack;
}

static void decoder_and_contract_read_the_same_in_every_reply(void **state)
{
    unsigned wrong = 0, compared = 0;
    (void)state;
    for (uint32_t i = 0; i < fixtures->upstream_count; i++) {
        const struct upstream *u = &fixtures->upstreams[i];
        if (!dialect_find(u->name))
            continue;
        struct task_pack *pack = open_pack(u->name);
        wrong += compare(u, pack);
        compared++;
        task_pack_close(pack);
    }
    assert_int_equal(compared, 6);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoder_and_contract_read_the_same_in_every_reply),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
