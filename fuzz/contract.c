/* Fuzzes the loader of contracts, and what a contract then makes of bodies. An input is a whole file,
 * which serves as the body too. */
#include "fuzz.h"

#include "base/json/json.h"
#include "base/json/json_schema.h"
#include "client/decode/pack.h"
#include "client/decode/view.h"
#include "mockserver/fixture/contract_read.h"
#include "mockserver/fixture/contract.h"

#include <string.h>

enum { ID_MAX = 256 };

static void demand_head(const struct contract *c)
{
    fuzz_demand(c->route_count >= 1 && c->route_count <= CONTRACT_ROUTES_MAX, "1 to 32 routes");
    fuzz_demand(c->host_count <= CONTRACT_HOSTS_MAX, "hosts fit");
    for (uint32_t i = 0; i < c->host_count; i++)
        fuzz_demand(fuzz_is_text(c->hosts[i], CONTRACT_HOST_MAX), "a host is a text");
    for (uint32_t i = 0; i < c->route_count; i++) {
        const struct contract_route *r = &c->routes[i];
        fuzz_demand(r->method != NULL && r->path != NULL, "a route has a method and a path");
        fuzz_demand(r->param_count <= CONTRACT_PARAMS_MAX, "parameters fit");
    }
    fuzz_demand(c->polite.interval_ms >= 0, "an interval is not negative");
    fuzz_demand(c->x_task != NULL && c->document != NULL, "the document is kept");
}

static void demand_stamps(const struct contract *c, struct span body)
{
    struct err e = {0};
    struct reply r = {.name = "fuzz", .status = 200, .body = body};
    size_t from = 0;
    int code = contract_stamp(c, &r, &e);
    fuzz_demand(code == 0 || code == ERR_LIMIT, "stamps are found, or are too many");
    for (uint32_t i = 0; i < r.stamp_count; i++) {
        const struct reply_stamp *s = &r.stamps[i];
        fuzz_demand(s->at >= from && s->at <= body.n && s->len <= body.n - s->at,
                    "stamps ascend, do not overlap, and lie within the body");
        from = (size_t)s->at + s->len;
    }
    reply_fini(&r);
}

static void demand_readings(const struct contract *c, const struct json *body, struct span text)
{
    char id[ID_MAX];
    enum reply_state state = contract_state(c, NULL, text);
    fuzz_demand(state >= REPLY_STATE_NONE && state <= REPLY_STATE_EITHER, "a state is a value");
    bool has_id = contract_task_id(c, span_of("a%20b"), body, id, sizeof id);
    fuzz_demand(!has_id || fuzz_is_text(id, sizeof id), "an id is a text");
    for (uint32_t i = 0; i < c->route_count; i++) {
        struct err e = {0};
        const struct json_schema *schema = c->routes[i].body_schema;
        int code = json_schema_check(schema, body, &e);
        fuzz_demand(code == (int)e.code, "a check says what it returns");
        fuzz_demand(code == 0 || code == ERR_CONTRACT || code == ERR_LIMIT,
                    "a value fits, does not, or takes too much to tell");
        if (code != 0)
            fuzz_demand(fuzz_is_pointer(e.where) && e.what[0] != '\0', "a check names the value");
    }
}

/* The client has a reader of its own for the same file: what the mock loads it opens, unless it is too much for it. */
static void demand_pack(struct span text, bool loads)
{
    struct task_pack *pack = NULL;
    struct task_view view;
    struct err e = {0};
    int code = pack_open("fuzz", text, "fuzz.json", &pack, &e);
    fuzz_demand((code == 0) == (pack != NULL), "a pack is there or not");
    fuzz_demand(!loads || code == 0 || code == ERR_LIMIT, "what the mock loads the client opens");
    fuzz_demand(code == 0 || span_starts(span_of(e.where), "fuzz.json"), "an error names the file");
    if (code == 0)
        (void)pack_read(pack, 200, text, &view, &e);
    task_pack_close(pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct contract c, zero;
    struct span text = {(const char *)data, size};
    struct err e = {0};
    memset(&c, 0xA5, sizeof c);
    int code = contract_parse(text, "fuzz.json", NULL, &c, &e);
    if (code == 0) {
        demand_head(&c);
        demand_stamps(&c, text);
        demand_readings(&c, c.document, text);
    } else {
        fuzz_demand(memcmp(&c, &zero, sizeof c) == 0, "the contract is zero on error");
        fuzz_demand((int)e.code == code && e.what[0] != '\0', "an error has a code and a sentence");
        fuzz_demand(span_starts(span_of(e.where), "fuzz.json:"), "an error names file and line");
    }
    demand_pack(text, code == 0);
    contract_fini(&c);
    return 0;
}
