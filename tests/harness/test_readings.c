/* Every recorded reply is read twice, by the contract and by its .want.json: both say the same, or
 * the reply stands here with the reason. */
#include "with_fixtures.h"

#include "base/buf.h"
#include "base/json/json.h"
#include "client/decode/pack.h"
#include "client/decode/upstreams.h"
#include "harness/sim/sim_readings.h"
#include "harness/testbed/packs.h"

/* The service told a state, and a view has no room for what came with it. */
#define ROOM "longer than a view holds"
/* The service told a state; the decoder takes no reply with a field of the wrong kind that it decides by. */
#define KIND "another field is of the wrong kind"
/* To the contract a value that it does not list is new; the decoder holds this status as an integer. */
#define INTEGER "a new status that is no integer"
/* The open task of a list decides for the contract; the decoder knows one of the statuses as none. */
#define OPEN "one open task, and one that may have ended"

static const struct {
    const char *upstream, *reply, *why;
} known[] = {
    {"ark", "odd.url_number", KIND},
    {"avatar", "odd.status_is_a_fraction", INTEGER},
    {"avatar", "odd.status_is_a_word", INTEGER},
    {"avatar", "odd.url_too_long", ROOM},
    {"doubao", "odd.id_list", KIND},
    {"doubao", "odd.reason_number", KIND},
    {"doubao", "odd.time_word", KIND},
    {"doubao", "odd.url_too_long", ROOM},
    {"newapi", "odd.channel_url_too_long", ROOM},
    {"newapi", "odd.old_url_too_long", ROOM},
    {"newapi", "odd.url_too_long", ROOM},
    {"video", "odd.error_code_list", KIND},
    {"video", "odd.url_number", KIND},
    {"video", "odd.url_too_long", ROOM},
    {"videos", "odd.url_number", KIND},
    {"zego-drive", "odd.id_too_long", ROOM},
    {"zego-drive", "odd.list_interrupted_first", OPEN},
    {"zego-drive", "odd.status_is_a_fraction", INTEGER},
    {"zego-drive", "odd.status_is_a_word", INTEGER},
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

/* Says every difference that is not explained, and every explanation without a difference. */
static unsigned compare(const struct sim_upstream *u)
{
    unsigned wrong = 0;
    for (uint32_t i = 0; i < u->upstream->reply_count; i++) {
        const struct sim_reading *r = &u->readings[i];
        const char *why = reason_of(u->upstream->name, r->reply->name);
        bool differs = false;
        if (contract_reply_role(r->reply->name) != ROLE_POLL)
            continue;
        for (uint32_t goal = 0; goal < u->goal_count; goal++) {
            differs |= r->differs[goal];
            if (!r->differs[goal] || why != NULL || r->mock_states[goal] == REPLY_STATE_EITHER)
                continue;
            wrong++;
            print_error("%s/%s under goal %s: the contract reads \"%s\", its .want.json \"%s\"\n",
                        u->upstream->name, r->reply->name, u->goals[goal] ? u->goals[goal] : "none",
                        reply_state_name(r->mock_states[goal]),
                        reply_state_name(sim_state_wanted(r, goal)));
        }
        if (!differs && why != NULL) {
            wrong++;
            print_error("%s/%s is read the same by both: \"%s\" is no longer true\n",
                        u->upstream->name, r->reply->name, why);
        }
    }
    return wrong;
}

static void contract_and_want_read_the_same_state_in_every_reply(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (uint32_t i = 0; i < fixtures->upstream_count; i++) {
        struct sim_upstream u;
        struct err e = {0};
        if (sim_upstream_load(&fixtures->upstreams[i], &u, &e) != 0)
            fail_msg("%s: %s", e.where, e.what);
        wrong += compare(&u);
        sim_upstream_free(&u);
    }
    assert_int_equal(wrong, 0);
}

/* One reply whose every key is written twice in turn, and read by both. */
struct doubling {
    const struct upstream *upstream;
    const struct dialect *dialect;
    const struct reply *reply;
    struct buf pointer; /* of the key at hand */
    unsigned both_refuse, wrong;
};

static void read_doubled(struct doubling *d)
{
    struct json_range range;
    struct task_view view;
    struct err e = {0};
    struct buf body;
    struct span text = d->reply->body;
    assert_true(json_find(text, d->pointer.p, &range));
    buf_init(&body, 2 << 20);
    buf_add_span(&body, span_cut(text, 0, range.at + range.len));
    buf_add_char(&body, ',');
    buf_add_span(&body, span_cut(text, range.key_at, text.n));
    enum reply_state state = contract_state(&d->upstream->contract, NULL, buf_span(&body));
    int code = dialect_read(d->dialect, d->reply->status, buf_span(&body), &view, &e);
    bool told = state > REPLY_STATE_UNKNOWN;
    bool refused = code == ERR_CONTRACT && strcmp(e.where, d->pointer.p) == 0;
    bool agree = strcmp(reply_state_name(state), task_state_name(view.state)) == 0;
    d->both_refuse += refused && state == REPLY_STATE_NONE ? 1 : 0;
    if ((told && !agree && !refused) || (view.state != TASK_UNKNOWN && !agree)) {
        d->wrong++;
        print_error("%s/%s with %s twice: the contract reads \"%s\", the client \"%s\", %s %s\n",
                    d->upstream->name, d->reply->name, d->pointer.p, reply_state_name(state),
                    task_state_name(view.state), e.where, e.what);
    }
    buf_fini(&body);
}

static void double_keys(struct doubling *d, const struct json *v)
{
    size_t index = 0, n = d->pointer.n;
    for (const struct json *c = json_first(v); c; c = json_next(c), index++) {
        if (json_key(c))
            buf_addf(&d->pointer, "/%s", json_key(c));
        else
            buf_addf(&d->pointer, "/%zu", index);
        if (json_key(c))
            read_doubled(d);
        double_keys(d, c);
        d->pointer.n = n;
        d->pointer.p[n] = '\0';
    }
}

/* Which one counts nobody can tell: neither may choose. */
static void of_a_key_that_stands_twice_neither_the_contract_nor_the_client_takes_one(void **state)
{
    (void)state;
    struct packs *packs = NULL;
    assert_int_equal(packs_open(fixtures, &packs, NULL), 0);
    for (uint32_t i = 0; i < fixtures->upstream_count; i++) {
        struct upstream *u = &fixtures->upstreams[i];
        const struct task_pack *pack = packs_of(packs, u);
        struct doubling d = {.upstream = u,
                             .dialect = pack ? pack_dialect(pack) : dialect_find(u->name)};
        for (uint32_t k = 0; k < u->reply_count; k++) {
            struct json *root = NULL;
            d.reply = &u->replies[k];
            bool odd = strncmp(d.reply->name, "odd.", 4) == 0
                || contract_reply_role(d.reply->name) != ROLE_POLL;
            if (odd || d.reply->status != 200 || json_open(d.reply->body, &root, NULL) != 0)
                continue;
            buf_init(&d.pointer, 4096);
            double_keys(&d, root);
            buf_fini(&d.pointer);
            json_close(root);
        }
        assert_int_equal(d.wrong, 0);
        assert_int_not_equal(d.both_refuse, 0);
    }
    packs_close(packs);
}

static void every_explanation_names_a_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct upstream *u = fixtures_upstream(fixtures, known[i].upstream);
        if (u == NULL || upstream_reply(u, known[i].reply) == NULL)
            fail_msg("no reply %s/%s", known[i].upstream, known[i].reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contract_and_want_read_the_same_state_in_every_reply),
        cmocka_unit_test(of_a_key_that_stands_twice_neither_the_contract_nor_the_client_takes_one),
        cmocka_unit_test(every_explanation_names_a_reply),
    };
    return cmocka_run_group_tests(tests, load_fixtures, free_fixtures);
}
