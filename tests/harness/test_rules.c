/* Every rule, on both sides of its boundary, and the verdict made of them. */
#include "evidence.h"
#include "schemes.h"

#include "harness/rules/judges.h"
#include "harness/rules/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Short in the tables below. */
#define Q REPLY_STATE_QUEUED
#define U REPLY_STATE_UNKNOWN
#define S REPLY_STATE_SUCCEEDED

struct rule_case {
    const char *what;
    const char *rule;
    struct row rows[8];
    uint32_t count;
    enum task_outcome outcome;
    uint32_t poll; /* that the finding shows at; 0: the demand is met */
};

/* clang-format off */
static const struct rule_case cases[] = {
    {"exactly the interval after the end of a slow reply", "interval",
     {{0, 2000, Q, 0, false, 0}, {7000, 7000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"a millisecond too early", "interval",
     {{0, 2000, Q, 0, false, 0}, {6999, 6999, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"measured from the end, not from the beginning, of a reply", "interval",
     {{0, 4000, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"what follows a reply that never came is not the interval's", "interval",
     {{0, 0, Q, 0, true, 0}, {100, 100, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"a status that nobody knows is waited out too", "interval",
     {{0, 0, U, 0, false, 0}, {4999, 4999, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},

    {"two waits in a row that are none", "hot-loop",
     {{0, 0, Q, 0, false, 0}, {99, 99, Q, 0, false, 0}, {198, 198, S, 0, false, 1}}, 3,
     TASK_OUTCOME_SUCCEEDED, 0},
    {"three", "hot-loop",
     {{0, 0, Q, 0, false, 0}, {249, 249, Q, 0, false, 0}, {498, 498, Q, 0, false, 0},
      {747, 747, S, 0, false, 1}}, 4, TASK_OUTCOME_SUCCEEDED, 4},
    {"three, a millisecond more apart", "hot-loop",
     {{0, 0, Q, 0, false, 0}, {250, 250, Q, 0, false, 0}, {500, 500, Q, 0, false, 0},
      {750, 750, S, 0, false, 1}}, 4, TASK_OUTCOME_SUCCEEDED, 0},
    {"three, a wait among them", "hot-loop",
     {{0, 0, Q, 0, false, 0}, {1, 1, Q, 0, false, 0}, {2, 2, Q, 0, false, 0},
      {5002, 5002, Q, 0, false, 0}, {5003, 5003, S, 0, false, 1}}, 5, TASK_OUTCOME_SUCCEEDED, 0},
    {"one of three is a library's own", "hot-loop",
     {{0, 0, Q, 0, false, 0}, {1, 1, Q, 0, true, 0}, {2, 2, Q, 0, false, 0}, {3, 3, S, 0, false, 1}}, 4,
     TASK_OUTCOME_SUCCEEDED, 0},
    {"answers that are lost again and again", "hot-loop",
     {{0, 0, Q, 0, true, 0}, {1, 1, Q, 0, true, 0}, {2, 2, Q, 0, true, 0}, {3, 3, Q, 0, true, 0},
      {4, 4, S, 0, false, 1}}, 5, TASK_OUTCOME_SUCCEEDED, 5},

    {"waits that grow by chance", "backoff",
     {{0, 0, Q, 0, true, 0}, {5000, 5000, Q, 0, true, 0}, {13127, 13127, Q, 0, true, 0},
      {31444, 31444, Q, 0, true, 0}, {43001, 43001, S, 0, false, 1}}, 5, TASK_OUTCOME_SUCCEEDED, 0},
    {"the same wait three times", "backoff",
     {{0, 0, Q, 0, true, 0}, {5000, 5000, Q, 0, true, 0}, {10000, 10000, Q, 0, true, 0},
      {15000, 15000, S, 0, false, 1}}, 4, TASK_OUTCOME_SUCCEEDED, 4},
    {"the same wait twice", "backoff",
     {{0, 0, Q, 0, true, 0}, {5000, 5000, Q, 0, true, 0}, {10000, 10000, S, 0, false, 1}}, 3,
     TASK_OUTCOME_SUCCEEDED, 0},
    {"waits that double, and no chance", "backoff",
     {{0, 0, Q, 0, true, 0}, {1000, 1000, Q, 0, true, 0}, {3000, 3000, Q, 0, true, 0},
      {7000, 7000, Q, 0, true, 0}, {15000, 15000, Q, 0, true, 0}, {31000, 31000, S, 0, false, 1}}, 6, TASK_OUTCOME_SUCCEEDED, 6},
    {"waits that grow to a ceiling, and no chance", "backoff",
     {{0, 0, Q, 0, true, 0}, {1000, 1000, Q, 0, true, 0}, {4000, 4000, Q, 0, true, 0},
      {9000, 9000, Q, 0, true, 0}, {14000, 14000, Q, 0, true, 0}, {19000, 19000, S, 0, false, 1}}, 6,
     TASK_OUTCOME_SUCCEEDED, 6},
    {"the last try before the limit may come early", "interval",
     {{0, 0, Q, 0, false, 0}, {3596000, 3596000, Q, 0, false, 0}, {3599999, 3599999, Q, 0, false, 0}},
     3, TASK_OUTCOME_GAVE_UP, 0},
    {"a last poll that is not near the limit may not", "interval",
     {{0, 0, Q, 0, false, 0}, {4999, 4999, Q, 0, false, 0}}, 2, TASK_OUTCOME_GAVE_UP, 2},

    {"the terminal reply comes last", "terminal",
     {{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"one more poll after success", "terminal",
     {{0, 0, S, 0, false, 0}, {5000, 5000, S, 0, false, 0}}, 2, TASK_OUTCOME_SUCCEEDED, 2},
    {"one more poll after a failure", "terminal",
     {{0, 0, REPLY_STATE_FAILED, 0, false, 0}, {5000, 5000, S, 0, false, 0}}, 2,
     TASK_OUTCOME_SUCCEEDED, 2},
    {"a terminal reply that was cut is asked for again", "terminal",
     {{0, 0, S, 0, true, 0}, {5000, 5000, S, 0, false, 0}}, 2, TASK_OUTCOME_SUCCEEDED, 0},

    {"an unknown status, then success", "unknown",
     {{0, 0, U, 0, false, 0}, {5000, 5000, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"an unknown status taken for success", "unknown", {{0, 0, U, 0, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 1},
    {"an unknown status taken for failure", "unknown", {{0, 0, U, 0, false, 0}}, 1,
     TASK_OUTCOME_FAILED, 1},
    {"an unknown status taken for a refusal", "unknown", {{0, 0, U, 0, false, 0}}, 1,
     TASK_OUTCOME_ERROR, 1},
    {"unknown until the bound", "unknown", {{0, 0, U, 0, false, 0}}, 1, TASK_OUTCOME_GAVE_UP, 0},
    {"an unknown status that was cut on the way says nothing", "unknown", {{0, 0, U, 0, true, 0}}, 1,
     TASK_OUTCOME_ERROR, 0},

    {"a request as the contract has it", "request", {{0, 0, S, 0, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 0},
    {"a request to nowhere", "request", {{0, 0, S, JOURNAL_UNEXPECTED, false, 0}}, 1,
     TASK_OUTCOME_SUCCEEDED, 1},
    {"a body that the contract does not know", "request",
     {{0, 0, Q, 0, false, 0}, {5000, 5000, S, JOURNAL_BAD_REQUEST, false, 0}}, 2,
     TASK_OUTCOME_SUCCEEDED, 2},
    {"no credentials", "auth", {{0, 0, S, JOURNAL_BAD_AUTH, false, 0}}, 1, TASK_OUTCOME_SUCCEEDED, 1},
    {"credentials", "auth", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_SUCCEEDED, 0},

    {"a poll after the end of the reply before", "one-flight",
     {{0, 700, Q, 0, false, 0}, {700, 700, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 0},
    {"a poll while another is under way", "one-flight",
     {{0, 700, Q, 0, false, 0}, {699, 699, S, 0, false, 1}}, 2, TASK_OUTCOME_SUCCEEDED, 2},

    {"a last poll a wait after the limit", "bounded",
     {{0, 0, Q, 0, false, 0}, {5000, 5000, Q, 0, false, 0}, {3595000, 3595000, Q, 0, true, 0},
      {3600000, 3600000, Q, 0, false, 0}}, 4, TASK_OUTCOME_GAVE_UP, 0},

    {"stops at a cut answer", "transient", {{0, 0, Q, 0, false, 0}, {5000, 5000, Q, 0, true, 0}}, 2,
     TASK_OUTCOME_FAILED, 2},
    {"goes on after a cut answer", "transient", {{0, 0, Q, 0, true, 0}, {5000, 5000, S, 0, false, 0}},
     2, TASK_OUTCOME_SUCCEEDED, 0},
    {"loses patience after four cut answers", "transient",
     {{0, 0, Q, 0, true, 0}, {1, 1, Q, 0, true, 0}, {2, 2, Q, 0, true, 0}, {3, 3, Q, 0, true, 0}}, 4,
     TASK_OUTCOME_GAVE_UP, 4},
    {"loses patience after five cut answers", "transient",
     {{0, 0, Q, 0, true, 0}, {1, 1, Q, 0, true, 0}, {2, 2, Q, 0, true, 0}, {3, 3, Q, 0, true, 0},
      {4, 4, Q, 0, true, 0}}, 5, TASK_OUTCOME_GAVE_UP, 0},
    {"stops at a cut answer when the limit is near", "transient",
     {{0, 0, Q, 0, false, 0}, {3595000, 3595000, Q, 0, true, 0}}, 2, TASK_OUTCOME_GAVE_UP, 0},
    {"stops at a cut answer when its own slower pace has no room left", "transient",
     {{0, 0, Q, 0, false, 0}, {3584000, 3584000, Q, 0, false, 0}, {3594000, 3594000, Q, 0, true, 0}},
     3, TASK_OUTCOME_GAVE_UP, 0},
    {"stops at a cut answer when its own slower pace has room", "transient",
     {{0, 0, Q, 0, false, 0}, {3579999, 3579999, Q, 0, false, 0}, {3589999, 3589999, Q, 0, true, 0}},
     3, TASK_OUTCOME_GAVE_UP, 3},
    {"what its library sends again tells nothing of its pace", "transient",
     {{0, 0, Q, 0, false, 0}, {3584000, 3584000, Q, 0, false, 0}, {3594000, 3594000, Q, 0, true, 0},
      {3594000, 3594000, Q, 0, true, 0}}, 4, TASK_OUTCOME_GAVE_UP, 0},
    {"JSON without a status wears patience out too", "transient",
     {{0, 0, REPLY_STATE_NONE, 0, false, 0}, {1, 1, REPLY_STATE_NONE, 0, false, 0}, {2, 2, U, 0, false, 0},
      {3, 3, REPLY_STATE_NONE, 0, false, 0}, {4, 4, Q, 0, true, 0}}, 5, TASK_OUTCOME_GAVE_UP, 0},
    {"an answer about the task gives it new patience", "transient",
     {{0, 0, REPLY_STATE_NONE, 0, false, 0}, {1, 1, Q, 0, false, 0}, {2, 2, U, 0, false, 0},
      {3, 3, REPLY_STATE_NONE, 0, false, 0}, {4, 4, Q, 0, true, 0}}, 5, TASK_OUTCOME_GAVE_UP, 5},

    {"the outcome that is expected", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_SUCCEEDED,
     0},
    {"another outcome", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_FAILED, 1},
    {"giving up is not failing", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_GAVE_UP, 1},
};
/* clang-format on */

/* A sentence that begins with a poll's number has that of the finding. */
static void demand_poll_named(const struct finding *f)
{
    char wanted[32];
    size_t n = (size_t)snprintf(wanted, sizeof wanted, "poll %u", f->poll);
    if (strncmp(f->text, "poll ", 5) == 0
        && (strncmp(f->text, wanted, n) != 0 || strspn(f->text + n, "0123456789") > 0))
        fail_msg("wanted %s: %s", wanted, f->text);
}

/* Whether a judge's demands are met; else the first thing that it found. */
static bool met(rule_judge *judge, const struct evidence *evidence, struct finding *out)
{
    struct findings found = {.count = 0};
    judge(evidence, &found);
    if (found.count > 0)
        *out = found.list[0];
    return found.count == 0;
}

static void every_rule_sees_its_side_of_the_boundary(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct rule_case *c = &cases[i];
        struct world w;
        struct finding finding = {0};
        world_of(&w, c->rows, c->count)->evidence.result.outcome = c->outcome;
        for (uint32_t k = 0; k < c->count; k++) { /* a run begins at some time */
            w.polls[k].began_ms += INT64_C(1800000000000);
            w.polls[k].ended_ms += INT64_C(1800000000000);
        }
        bool good = met(rule_find(c->rule)->judge, &w.evidence, &finding);
        if (good != (c->poll == 0) || (!good && finding.poll != c->poll))
            fail_msg("%s: %s: wanted poll %u, got %s at poll %u: %s", c->rule, c->what, c->poll,
                     good ? "nothing" : "a finding", finding.poll, finding.text);
        demand_poll_named(&finding);
    }
}

/* A poll whose reply has this status, asks for this wait and has this body. */
static struct poll *answered(struct world *w, uint32_t i, uint16_t status, int64_t retry_after_ms,
                             const char *body)
{
    w->polls[i].status = status;
    w->polls[i].retry_after_ms = retry_after_ms;
    w->replies[w->polls[i].step].body = span_of(body);
    w->replies[w->polls[i].step].is_json = json_scan(span_of(body), NULL, NULL) == 0;
    w->polls[i].state = REPLY_STATE_NONE;
    return &w->polls[i];
}

static void retry_after_is_waited_out_where_it_may_be_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        uint16_t status;
        int64_t asked_ms, gap_ms;
        bool met;
    } asked[] = {
        {"429, waited out", 429, 20000, 20000, true},
        {"429, a millisecond too early", 429, 20000, 19999, false},
        {"503, too early", 503, 20000, 5000, false},
        {"an open task, too early", 200, 20000, 5000, false},
        {"the last status of success, too early", 299, 20000, 5000, false},
        {"300 may not ask", 300, 20000, 5000, true},
        {"428 may not ask", 428, 20000, 5000, true},
        {"504 may not ask", 504, 20000, 5000, true},
        {"500 may not ask", 500, 20000, 5000, true},
        {"404 may not ask", 404, 20000, 5000, true},
        {"nothing was asked for", 429, -1, 5000, true},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct row two[] = {{0, 100, Q, 0, false, 0}, {0, 0, S, 0, false, 1}};
        struct world w;
        struct finding finding;
        two[1].began_ms = two[1].ended_ms = 100 + asked[i].gap_ms;
        world_of(&w, two, 2);
        answered(&w, 0, asked[i].status, asked[i].asked_ms, "{}");
        finding = (struct finding){0};
        if (met(rule_judge_retry_after, &w.evidence, &finding) != asked[i].met
            || finding.poll != (asked[i].met ? 0 : 2))
            fail_msg("%s", asked[i].what);
        demand_poll_named(&finding);
    }
}

static void what_was_refused_for_good_may_be_repeated_once(void **state)
{
    (void)state;
    static const uint16_t refusals[] = {400, 401, 403, 404};
    static const struct row three[] = {
        {0, 0, Q, 0, false, 0}, {5000, 5000, Q, 0, false, 0}, {10000, 10000, Q, 0, false, 0}};
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct world w;
        struct finding finding;
        world_of(&w, three, 3);
        for (uint32_t k = 0; k < 3; k++)
            answered(&w, k, refusals[i], -1, "{}");
        assert_false(met(rule_judge_permanent, &w.evidence, &finding));
        assert_int_equal(finding.poll, 3);
        demand_poll_named(&finding);
        for (uint32_t k = 0; k < 3; k++) /* 402 and 405 say nothing for good */
            w.polls[k].status = refusals[i] > 402 ? 405 : 402;
        assert_true(met(rule_judge_permanent, &w.evidence, &finding));
        for (uint32_t k = 0; k < 3; k++)
            w.polls[k].status = refusals[i];
        w.evidence.trace.count = 2;
        assert_true(met(rule_judge_permanent, &w.evidence, &finding));
        w.evidence.trace.count = 3;
        w.polls[1].status = 500; /* not in a row */
        assert_true(met(rule_judge_permanent, &w.evidence, &finding));
    }
}

static void answers_that_may_pass_are_told_from_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        uint16_t status;
        const char *body;
        bool passes; /* stopping there is wrong */
    } last[] = {
        {"407", 407, "{}", false},
        {"408", 408, "{}", true},
        {"409", 409, "{}", false},
        {"428", 428, "{}", false},
        {"430", 430, "{}", false},
        {"499", 499, "{}", false},
        {"HTML with 299", 299, "<html>", true},
        {"HTML with 300", 300, "<html>", false},
        {"429", 429, "", true},
        {"500", 500, "{}", true},
        {"502 in HTML", 502, "<html>", true},
        {"HTML with 200", 200, "<html>", true},
        {"an empty 200", 200, "", true},
        {"404", 404, "{}", false},
        {"401 in HTML", 401, "<html>", false},
        {"a refusal with 200", 200, "{\"code\": \"no\"}", false},
    };
    static const struct row one[] = {{0, 0, Q, 0, false, 0}};
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        struct world w;
        struct finding finding;
        world_of(&w, one, 1)->evidence.result.outcome = TASK_OUTCOME_ERROR;
        answered(&w, 0, last[i].status, -1, last[i].body);
        if (met(rule_judge_transient, &w.evidence, &finding) == last[i].passes)
            fail_msg("%s", last[i].what);
    }
}

static void the_id_is_constant_and_the_token_stays_in_its_header(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, S, 0, false, 0}};
    struct world w;
    struct finding finding;
    world_of(&w, one, 1)->polls[0].other_task = true;
    assert_false(met(rule_judge_one_flight, &w.evidence, &finding));
    assert_int_equal(finding.poll, 1);
    demand_poll_named(&finding);
    world_of(&w, one, 1)->polls[0].flags |= JOURNAL_TOKEN_IN_URL;
    assert_false(met(rule_judge_auth, &w.evidence, &finding));
    assert_int_equal(finding.poll, 1);
    demand_poll_named(&finding);
}

/* Makes the contract one whose polls are signed. */
static void sign_polls(struct contract *c)
{
    c->route_count = 1;
    c->routes[0].role = ROLE_POLL;
    c->routes[0].auth = only_scheme("zego-2");
}

static void a_signed_upstream_is_judged_by_its_signature_and_others_by_their_token(void **state)
{
    (void)state;
    static const struct row bad[] = {{0, 0, S, JOURNAL_BAD_AUTH, false, 0}};
    static const struct row reused[] = {{0, 0, S, JOURNAL_NONCE_REUSED, false, 0}};
    struct world w;
    struct finding finding;
    world_of(&w, bad, 1);
    assert_true(met(rule_judge_signature, &w.evidence, &finding));
    assert_false(met(rule_judge_auth, &w.evidence, &finding));
    sign_polls(&w.upstream.contract);
    assert_false(met(rule_judge_signature, &w.evidence, &finding));
    assert_int_equal(finding.poll, 1);
    demand_poll_named(&finding);
    assert_true(met(rule_judge_auth, &w.evidence, &finding));
    world_of(&w, reused, 1);
    sign_polls(&w.upstream.contract);
    assert_false(met(rule_judge_signature, &w.evidence, &finding));
}

static void no_credentials_are_no_fault_where_none_were_asked_for(void **state)
{
    (void)state;
    static const struct row bad[] = {{0, 0, S, JOURNAL_BAD_AUTH, false, 0}};
    struct world w;
    struct finding finding;
    world_of(&w, bad, 1)->evidence.no_auth = true;
    assert_true(met(rule_judge_auth, &w.evidence, &finding));
    sign_polls(&w.upstream.contract);
    assert_true(met(rule_judge_signature, &w.evidence, &finding));
}

/* The world fetched one URL at a moment. */
static void fetches(struct world *w, struct download *download, int64_t began_ms, const char *url,
                    const char *leak)
{
    *download = (struct download){
        .began_ms = began_ms, .url = (char *)(uintptr_t)url, .leak = (char *)(uintptr_t)leak};
    w->evidence.downloads = (struct downloads){.list = download, .count = 1};
}

static void a_token_may_be_shown_to_the_upstreams_own_host_and_to_no_other(void **state)
{
    (void)state;
    static const struct {
        const char *url, *leak;
        bool good;
    } downloads[] = {
        {"https://storage.example.com/v.mp4", NULL, true},
        {"https://storage.example.com/v.mp4", "its header Authorization", false},
        {"https://api.example.com/v1/videos/1/content", "its header Authorization", true},
        {"https://API.example.com:8443?a=/b", "its header Authorization", true},
        {"https://me@api.example.com", "its header Authorization", true},
        {"https://api.example.com@evil.example/v", "its header Authorization", false},
        {"https://api.example.com.evil.example/v", "its URL", false},
    };
    static const struct row one[] = {{0, 0, S, 0, false, 0}};
    for (size_t i = 0; i < sizeof downloads / sizeof downloads[0]; i++) {
        struct world w;
        struct download download;
        struct finding finding;
        struct contract *c = &world_of(&w, one, 1)->upstream.contract;
        snprintf(c->hosts[0], sizeof c->hosts[0], "api.example.com");
        c->host_count = 1;
        fetches(&w, &download, 10, downloads[i].url, downloads[i].leak);
        if (met(rule_judge_auth, &w.evidence, &finding) != downloads[i].good)
            fail_msg("%s", downloads[i].url);
        sign_polls(c);
        assert_true(met(rule_judge_auth, &w.evidence, &finding) == downloads[i].good);
    }
}

static void a_url_is_fetched_after_success_or_not_at_all(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, Q, 0, false, 0}, {5000, 5200, S, 0, false, 1}};
    struct world w;
    struct download download;
    struct finding finding;
    world_of(&w, rows, 2);
    fetches(&w, &download, 5000, "https://example.com/v.mp4", NULL);
    assert_true(met(rule_judge_outcome, &w.evidence, &finding));
    fetches(&w, &download, 4999, "https://example.com/v.mp4", NULL);
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
    fetches(&w, &download, 5000, "https://example.com/v.mp4", NULL);
    w.scenario.expect.outcome = EXPECT_FAILED;
    w.evidence.result.outcome = TASK_OUTCOME_FAILED;
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
}

static void how_a_stopped_client_went_on_is_told(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, Q, 0, false, 0}};
    static const struct {
        bool waits_forever, never_waits;
        const char *text;
    } rows[] = {
        {false, false, "it did not give up: told 3600 s, it still went on after 3600 s"},
        {true, false, "it never ends: all its threads wait, and none of them for a time"},
        {false, true, "it never ends: after 1 poll it had not waited once for a second"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world w;
        struct verdict v;
        world_of(&w, one, 1)->evidence.timed_out = true;
        w.evidence.allowed_ms = 3600000;
        w.evidence.waits_forever = rows[i].waits_forever;
        w.evidence.never_waits = rows[i].never_waits;
        verdict_of(&w.evidence, &v);
        assert_string_equal(v.findings[0].rule->name, "bounded");
        assert_string_equal(v.findings[0].text, rows[i].text);
    }
}

static void what_time_could_not_move_is_unclear_and_says_why(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, Q, 0, false, 0}};
    struct world w;
    struct verdict v;
    snprintf(world_of(&w, one, 1)->evidence.unclear, sizeof w.evidence.unclear, "the reason");
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);
    assert_string_equal(v.inconclusive, "the reason");
}

static void a_client_that_had_to_be_stopped_is_unbounded_and_reported_nothing(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, Q, 0, false, 0}};
    struct world w;
    struct verdict v;
    world_of(&w, one, 1)->evidence.timed_out = true;
    w.evidence.result.outcome = TASK_OUTCOME_FAILED;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_int_equal(v.finding_count, 1);
    assert_string_equal(v.findings[0].rule->name, "bounded");
}

static void a_client_that_says_only_that_it_did_not_succeed_fits_every_other_outcome(void **state)
{
    (void)state;
    static const struct row one[] = {{0, 0, Q, 0, false, 0}};
    static const enum scenario_outcome others[] = {EXPECT_FAILED, EXPECT_ERROR, EXPECT_GAVE_UP};
    struct world w;
    struct finding finding;
    world_of(&w, one, 1)->evidence.unspecific = true;
    w.evidence.result.outcome = TASK_OUTCOME_FAILED;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        w.scenario.expect.outcome = others[i];
        assert_true(met(rule_judge_outcome, &w.evidence, &finding));
    }
    w.scenario.expect.outcome = EXPECT_SUCCEEDED;
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
}

static void more_polls_a_second_than_the_contract_allows_are_found(void **state)
{
    (void)state;
    static const struct row in_a_second[] = {
        {0, 0, Q, 0, false, 0}, {500, 500, Q, 0, false, 0}, {999, 999, S, 0, false, 1}};
    static const struct row over_a_second[] = {
        {0, 0, Q, 0, false, 0}, {500, 500, Q, 0, false, 0}, {1000, 1000, S, 0, false, 1}};
    struct world w;
    struct finding finding;
    world_of(&w, in_a_second, 3)->upstream.contract.polite.interval_ms = 0;
    assert_false(met(rule_judge_interval, &w.evidence, &finding));
    assert_int_equal(finding.poll, 3);
    assert_string_equal(finding.text, "polls 1 to 3 came within 999 ms, 2 a second are allowed");
    world_of(&w, over_a_second, 3)->upstream.contract.polite.interval_ms = 0;
    assert_true(met(rule_judge_interval, &w.evidence, &finding));
}

static void only_the_first_of_two_polls_that_got_no_byte_may_be_sent_again_at_once(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {0, 0, Q, 0, true, 0}, {1, 1, Q, 0, true, 0}, {5001, 5001, S, 0, false, 1}};
    struct world w;
    struct finding finding;
    world_of(&w, rows, 3)->polls[0].status = 0;
    assert_true(met(rule_judge_interval, &w.evidence, &finding));
    w.polls[1].status = 0;
    assert_true(met(rule_judge_interval, &w.evidence, &finding));
    w.polls[2].began_ms = 2;
    assert_false(met(rule_judge_interval, &w.evidence, &finding));
    assert_int_equal(finding.poll, 3);
}

static void url_reason_and_number_of_polls_are_compared_when_expected(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}};
    struct world w;
    struct finding finding;
    world_of(&w, rows, 2);
    span_copy(span_of("https://example.com/a.mp4"), w.evidence.result.view.url,
              sizeof w.evidence.result.view.url);

    w.scenario.expect.url = "https://example.com/a.mp4";
    assert_true(met(rule_judge_outcome, &w.evidence, &finding));
    w.scenario.expect.url = "https://example.com/decoy.mp4";
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
    assert_non_null(strstr(finding.text, "decoy.mp4"));

    w.scenario.expect.url = NULL;
    w.scenario.expect.outcome = EXPECT_FAILED;
    w.evidence.result.outcome = TASK_OUTCOME_FAILED;
    w.scenario.expect.reason = "task failed";
    span_copy(span_of("E7: task failed"), w.evidence.result.view.reason,
              sizeof w.evidence.result.view.reason);
    assert_true(met(rule_judge_outcome, &w.evidence, &finding));
    w.scenario.expect.reason_is_whole = true;
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
    assert_int_equal(finding.level, RULE_RECOMMENDED);
    w.scenario.expect.reason = ""; /* none was given: any is fine */
    assert_true(met(rule_judge_outcome, &w.evidence, &finding));

    w.scenario.expect.reason = NULL;
    w.scenario.expect.outcome = EXPECT_SUCCEEDED;
    w.evidence.result.outcome = TASK_OUTCOME_SUCCEEDED;
    w.scenario.expect.polls_min = 2;
    w.scenario.expect.polls_max = 2;
    assert_true(met(rule_judge_outcome, &w.evidence, &finding));
    w.scenario.expect.polls_max = 1;
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
    assert_int_equal(finding.poll, 2);
    w.scenario.expect.polls_max = 9;
    w.scenario.expect.polls_min = 3;
    assert_false(met(rule_judge_outcome, &w.evidence, &finding));
}

static void evidence_that_is_not_whole_is_never_a_pass(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, S, 0, false, 1}};
    struct world w;
    struct verdict v;

    verdict_of(&world_of(&w, rows, 1)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);

    world_of(&w, rows, 1)->evidence.trace.evicted = true;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);

    verdict_of(&world_of(&w, rows, 0)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);

    world_of(&w, rows, 1)->evidence.result.outcome = TASK_OUTCOME_CANCELLED;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_INCONCLUSIVE);
}

/* The run may have begun before these polls and gone on after them. */
static void of_a_trace_with_a_part_missing_only_what_it_shows_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *rule; /* that finds it; NULL: nobody can tell */
        struct row rows[8];
        uint32_t count;
        enum task_outcome outcome;
    } runs[] = {
        {"two polls too close, and one more",
         "interval",
         {{0, 0, Q, 0, false, 0}, {4999, 4999, Q, 0, false, 0}, {9999, 9999, S, 0, false, 1}},
         3,
         TASK_OUTCOME_SUCCEEDED},
        {"a poll too close that may be the last before the limit",
         NULL,
         {{0, 0, Q, 0, false, 0}, {4999, 4999, Q, 0, false, 0}},
         2,
         TASK_OUTCOME_SUCCEEDED},
        {"a poll after the end",
         "terminal",
         {{0, 0, S, 0, false, 0}, {5000, 5000, S, 0, false, 0}},
         2,
         TASK_OUTCOME_SUCCEEDED},
        {"credentials", "auth", {{0, 0, S, JOURNAL_BAD_AUTH, false, 0}}, 1, TASK_OUTCOME_SUCCEEDED},
        {"a request",
         "request",
         {{0, 0, S, JOURNAL_BAD_REQUEST, false, 0}},
         1,
         TASK_OUTCOME_SUCCEEDED},
        {"the wrong outcome", "outcome", {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_FAILED},
        {"an unknown status that was perhaps not the last",
         NULL,
         {{0, 0, U, 0, false, 0}},
         1,
         TASK_OUTCOME_SUCCEEDED},
        {"a cut answer after which it perhaps went on",
         NULL,
         {{0, 0, Q, 0, true, 0}},
         1,
         TASK_OUTCOME_SUCCEEDED},
        {"nothing", NULL, {{0, 0, S, 0, false, 0}}, 1, TASK_OUTCOME_SUCCEEDED},
        {"no poll at all", NULL, {{0, 0, S, 0, false, 0}}, 0, TASK_OUTCOME_SUCCEEDED},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        struct world w;
        struct verdict v;
        struct evidence *e = &world_of(&w, runs[i].rows, runs[i].count)->evidence;
        e->trace.evicted = true;
        e->result.outcome = runs[i].outcome;
        w.scenario.expect.polls_min = 100;
        verdict_of(e, &v);
        if (v.kind != (runs[i].rule ? VERDICT_FAIL : VERDICT_INCONCLUSIVE))
            fail_msg("%s: %s", runs[i].what, v.finding_count ? v.findings[0].text : "not found");
        if (runs[i].rule)
            assert_string_equal(v.findings[0].rule->name, runs[i].rule);
        else
            assert_string_equal(v.inconclusive, "more polls came than are kept of a run");
    }
}

static void a_rule_that_the_scenario_switches_off_is_not_judged(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, S, 0, false, 0}, {5000, 5000, S, 0, false, 0}};
    struct world w;
    struct verdict v;
    verdict_of(&world_of(&w, rows, 2)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_int_equal(v.finding_count, 1);
    assert_string_equal(v.findings[0].rule->name, "terminal");

    world_of(&w, rows, 2);
    w.scenario.rules_off.list[w.scenario.rules_off.count++] = (struct rule_off){"terminal", "why"};
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_int_equal(v.finding_count, 0);
}

static void a_finding_names_where_its_demand_is_written(void **state)
{
    (void)state;
    static const struct row hasty[] = {{0, 0, Q, 0, false, 0}, {100, 100, S, 0, false, 1}};
    static const struct row crowded[] = {
        {0, 0, Q, 0, false, 0}, {100, 100, Q, 0, false, 1}, {200, 200, S, 0, false, 2}};
    struct world w;
    struct finding finding = {.count = 0};
    world_of(&w, hasty, 2)->upstream.contract.polite.interval_source = PROVENANCE_INF;
    w.upstream.contract.polite.per_second_source = PROVENANCE_DOC;
    assert_false(met(rule_judge_interval, &w.evidence, &finding));
    assert_int_equal(finding.source, PROVENANCE_INF);
    assert_int_equal(finding.level, RULE_RECOMMENDED);
    world_of(&w, crowded, 3)->upstream.contract.polite.interval_ms = 0;
    w.upstream.contract.polite.per_second_source = PROVENANCE_DOC;
    assert_false(met(rule_judge_interval, &w.evidence, &finding));
    assert_int_equal(finding.source, PROVENANCE_DOC);
}

static void the_contents_own_address_is_a_right_url_too(void **state)
{
    (void)state;
    static const char content[] = "http://127.0.0.1:1/u:s:run-0/v1/videos/t/content";
    static const struct row rows[] = {{0, 0, Q, 0, false, 0}, {5000, 5000, S, 0, false, 1}};
    static const struct {
        const char *expected, *content, *reported;
        bool right;
    } urls[] = {
        {"https://a/v.mp4", content, "https://a/v.mp4", true},
        {"https://a/v.mp4", content, content, true},
        {"https://a/v.mp4", "", content, false},
        {"https://a/v.mp4", content, "https://a/w.mp4", false},
        {"https://a/v.mp4", "", "", false},
        {"/v1/videos/{id}/content", content, content, true},
        {"/v1/videos/{id}/content", content, "/v1/videos/{id}/content", false},
        {"/v1/videos/{id}/content", content, "", false},
        {NULL, content, "https://a/w.mp4", true},
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct world w;
        struct finding finding;
        world_of(&w, rows, 2);
        w.scenario.expect.url = urls[i].expected;
        span_copy(span_of(urls[i].content), w.evidence.content_url, sizeof w.evidence.content_url);
        span_copy(span_of(urls[i].reported), w.evidence.result.view.url,
                  sizeof w.evidence.result.view.url);
        if (met(rule_judge_outcome, &w.evidence, &finding) != urls[i].right)
            fail_msg("case %zu", i);
    }
}

/* It polls on after the end: by a reply that client and contract read alike that is a finding. */
static void a_reply_that_is_read_in_two_ways_decides_nothing(void **state)
{
    (void)state;
    static const struct row rows[] = {{0, 0, S, 0, false, 0}, {5000, 5000, S, 0, false, 0}};
    struct world w;
    struct verdict v;
    verdict_of(&world_of(&w, rows, 2)->evidence, &v);
    assert_int_equal(v.kind, VERDICT_FAIL);
    assert_string_equal(v.findings[0].rule->name, "terminal");
    w.evidence.disputed = true;
    verdict_of(&w.evidence, &v);
    assert_int_equal(v.kind, VERDICT_PASS);
    assert_true(rule_is_off(&w.evidence, rule_find("terminal")));
    assert_false(rule_is_off(&w.evidence, rule_find("auth")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_contents_own_address_is_a_right_url_too),
        cmocka_unit_test(a_reply_that_is_read_in_two_ways_decides_nothing),
        cmocka_unit_test(a_finding_names_where_its_demand_is_written),
        cmocka_unit_test(every_rule_sees_its_side_of_the_boundary),
        cmocka_unit_test(retry_after_is_waited_out_where_it_may_be_asked_for),
        cmocka_unit_test(what_was_refused_for_good_may_be_repeated_once),
        cmocka_unit_test(answers_that_may_pass_are_told_from_refusals),
        cmocka_unit_test(the_id_is_constant_and_the_token_stays_in_its_header),
        cmocka_unit_test(a_signed_upstream_is_judged_by_its_signature_and_others_by_their_token),
        cmocka_unit_test(no_credentials_are_no_fault_where_none_were_asked_for),
        cmocka_unit_test(a_token_may_be_shown_to_the_upstreams_own_host_and_to_no_other),
        cmocka_unit_test(a_url_is_fetched_after_success_or_not_at_all),
        cmocka_unit_test(a_client_that_had_to_be_stopped_is_unbounded_and_reported_nothing),
        cmocka_unit_test(how_a_stopped_client_went_on_is_told),
        cmocka_unit_test(what_time_could_not_move_is_unclear_and_says_why),
        cmocka_unit_test(a_client_that_says_only_that_it_did_not_succeed_fits_every_other_outcome),
        cmocka_unit_test(more_polls_a_second_than_the_contract_allows_are_found),
        cmocka_unit_test(only_the_first_of_two_polls_that_got_no_byte_may_be_sent_again_at_once),
        cmocka_unit_test(url_reason_and_number_of_polls_are_compared_when_expected),
        cmocka_unit_test(evidence_that_is_not_whole_is_never_a_pass),
        cmocka_unit_test(of_a_trace_with_a_part_missing_only_what_it_shows_is_found),
        cmocka_unit_test(a_rule_that_the_scenario_switches_off_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
