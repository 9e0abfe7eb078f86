/* Fuzzes the admin pages. An input is a sequence of requests (requests.h): what the admin owns goes to it, the rest
 * are polls that give the pages something to show. */
#include "fuzz.h"
#include "requests.h"

#include "base/json/json.h"
#include "mockserver/admin/admin.h"
#include "mockserver/message/framing.h"

#include <string.h>

enum { TASKS_MAX = 16, JOURNAL_BYTES = 1 << 20, REQUESTS_MAX = 64 };

static const int64_t noon_ms = INT64_C(1800000000000);
static const char listen_host[] = "192.0.2.7";

struct world {
    struct mock *mock;
    struct clock_manual clock;
    struct plan plan, again;
};

static struct world *world(void)
{
    static struct world w;
    struct mock_options options = {.seed = 7,
                                   .paced = true,
                                   .tasks_max = TASKS_MAX,
                                   .journal_bytes = JOURNAL_BYTES,
                                   .hosts = {.listen = "192.0.2.7:8080"},
                                   .auth = {.no_auth = true}};
    if (w.mock)
        return &w;
    fuzz_demand(mock_open(fuzz_fixtures(), &options, &w.mock, NULL) == 0, "a mock opens");
    plan_init(&w.plan);
    plan_init(&w.again);
    return &w;
}

/* -- Who may ask, written apart from the admin's own gate --------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* True for host or host:digits. */
static bool is_host(struct span text, const char *host)
{
    size_t n = strlen(host);
    for (size_t i = 0; i < n; i++)
        if (i >= text.n || lower(text.p[i]) != host[i])
            return false;
    for (size_t i = n; i < text.n; i++)
        if (i == n ? text.p[i] != ':' : text.p[i] < '0' || text.p[i] > '9')
            return false;
    return true;
}

static bool is_ours(struct span text)
{
    return is_host(text, "localhost") || is_host(text, "127.0.0.1") || is_host(text, "[::1]")
        || is_host(text, listen_host);
}

/* "http://host/path" names a host too, as a proxy is asked; which of the two counts is not the admin's to say. */
static bool names_us(const struct message *m)
{
    struct span text = m->target_text;
    size_t skip = span_find(text, '/') + 2;
    return span_find(text, '/') > 0
        && is_ours(span_cut(text, skip, span_find(span_cut(text, skip, text.n), '/')));
}

static bool is_foreign(const struct message *m)
{
    for (size_t i = 0; i < m->header_count; i++) {
        struct span name = m->headers[i].name, value = m->headers[i].value;
        if (value.n == 0)
            continue;
        if (span_is_nocase(name, "Host") && !is_ours(value) && !names_us(m))
            return true;
        if (span_is_nocase(name, "Origin")
            && (!span_starts(value, "http://") || !is_ours(span_cut(value, 7, value.n))))
            return true;
        if (span_is_nocase(name, "Sec-Fetch-Site") && !span_is(value, "same-origin")
            && !span_is(value, "none"))
            return true;
    }
    return false;
}

/* -- Answers ----------------------------------------------------------------------------------- */

static void demand_status(const struct message *m, int status)
{
    static const int documented[] = {200, 400, 403, 404, 405, 409, 415};
    bool is_read = span_is(m->method, "GET") || span_is(m->method, "HEAD");
    struct span type;
    size_t i = 0;
    while (i < sizeof documented / sizeof *documented && documented[i] != status)
        i++;
    fuzz_demand(i < sizeof documented / sizeof *documented, "the status is a documented one");
    if (status != 200)
        return;
    fuzz_demand(!is_foreign(m), "who comes from elsewhere is told nothing");
    fuzz_demand(is_read || span_is(m->method, "POST"), "nothing is changed but by POST");
    fuzz_demand(is_read
                    || (message_content_type(m, &type) && span_is_nocase(type, "application/json")),
                "a change says that it is JSON, which a foreign form cannot");
}

/* The transport leaves a body out of what HEAD gets, so the plan has it. */
static void demand_page(const struct plan *p, const struct message *m)
{
    struct json *page = NULL;
    struct span body = fuzz_demand_plan(p, false);
    fuzz_demand(!plan_ends(p), "a page leaves the connection open");
    demand_status(m, p->status);
    fuzz_demand(json_open(body, &page, NULL) == 0, "a page is JSON");
    fuzz_demand(json_kind(page) == JSON_OBJECT, "a page is an object");
    bool has_error = json_string(json_get(page, "error"));
    fuzz_demand(has_error == (p->status != 200), "an error is what is not 200");
    fuzz_demand(json_count(json_get(page, "tasks")) <= TASKS_MAX, "no task beyond the maximum");
    json_close(page);
    fuzz_demand(!memmem(p->answer.p, p->body_at, "Access-Control", 14),
                "no other origin is let in");
}

static void ask_admin(struct world *w, const struct admin *admin, const struct message *m)
{
    bool is_read = span_is(m->method, "GET") || span_is(m->method, "HEAD");
    uint64_t entries = journal_last(mock_journal(w->mock));
    size_t tasks = mock_task_count(w->mock);
    int64_t now_ms = clock_now(&w->clock.clock);
    admin_answer(admin, m, now_ms, &w->plan);
    demand_page(&w->plan, m);
    if (w->plan.status == 200 && !is_read)
        return;
    fuzz_demand(clock_now(&w->clock.clock) == now_ms, "only a change moves the clock");
    fuzz_demand(mock_task_count(w->mock) == tasks, "only a change forgets tasks");
    fuzz_demand(journal_last(mock_journal(w->mock)) == entries, "the admin is not in the journal");
    admin_answer(admin, m, now_ms, &w->again);
    fuzz_demand(span_same(buf_span(&w->plan.answer), buf_span(&w->again.answer)),
                "what changes nothing is answered the same again");
}

static void ask(struct world *w, const struct admin *admin, struct fuzz_request *request)
{
    struct message *m = &request->message;
    struct framing_verdict framing;
    struct message head = *m;
    head.body = (struct span){NULL, 0};
    framing_check(&head, request->http_1_0, &framing);
    if (framing.status == 400 || framing.status == 431)
        return; /* as the wire, which lets it come to nobody */
    message_open(m);
    if (admin_owns(admin, m)) {
        ask_admin(w, admin, m);
    } else {
        int64_t now_ms = clock_now(&w->clock.clock);
        mock_answer(w->mock, m, now_ms, &w->plan);
        fuzz_demand(w->plan.asked_ms >= now_ms, "no poll counts as made before it came");
        clock_manual_move_to(&w->clock, w->plan.asked_ms);
        (void)fuzz_demand_plan(&w->plan, span_is(m->method, "HEAD"));
        mock_played(w->mock, &w->plan, clock_now(&w->clock.clock), w->plan.answer.n, true);
    }
    message_close(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_request request;
    struct span text = {(const char *)data, size};
    struct world *w = world();
    struct admin admin = {.mock = w->mock,
                          .clock_kind = "manual",
                          .speed = 1,
                          .manual = size % 8 == 0 ? NULL : &w->clock};
    mock_reset(w->mock);
    clock_manual_init(&w->clock, noon_ms);
    for (unsigned i = 0; i < REQUESTS_MAX && fuzz_request_next(&text, &request); i++) {
        clock_manual_advance(&w->clock, request.wait_ms);
        ask(w, &admin, &request);
    }
    clock_manual_fini(&w->clock);
    return 0;
}
