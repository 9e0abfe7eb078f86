/* What evidence owns is freed here; the testbed and the simulation fill it. */
#include "evidence.h"

const char *testbed_transport_name(enum testbed_transport transport)
{
    return transport == TESTBED_DIRECT ? "direct" : "wire";
}

void evidence_fini(struct evidence *evidence)
{
    trace_fini(&evidence->trace);
    downloads_fini(&evidence->downloads);
    *evidence = (struct evidence){0};
}
