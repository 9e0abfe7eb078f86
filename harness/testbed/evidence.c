/* What evidence owns is freed here; the testbed and the simulation fill it. */
#include "evidence.h"

const char *testbed_transport_name(enum testbed_transport transport)
{
    return transport == TESTBED_DIRECT ? "direct" : "wire";
}

const char *evidence_rule_off(const struct evidence *evidence, const char *rule)
{
    const char *why = rules_off_why(&evidence->scenario->rules_off, rule);
    return !why && evidence->client_off ? rules_off_why(evidence->client_off, rule) : why;
}

const char *evidence_url(const struct evidence *evidence)
{
    const char *url = evidence->scenario->expect.url;
    return url && url[0] == '/' ? evidence->content_url : url;
}

void evidence_fini(struct evidence *evidence)
{
    trace_fini(&evidence->trace);
    downloads_fini(&evidence->downloads);
    *evidence = (struct evidence){0};
}
