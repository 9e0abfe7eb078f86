/* Counts what can touch a mock, and looks at it when something has. */
#include "rest.h"

int rest_open(struct rest *r, struct quiet *quiet, struct clock_events *clock, struct err *e)
{
    *r = (struct rest){.quiet = quiet, .clock = clock};
    int code = loopback_open(&r->loopback, e);
    quiet_settles(quiet, code ? NULL : &r->loopback);
    return code;
}

void rest_close(struct rest *r)
{
    quiet_settles(r->quiet, NULL);
    loopback_close(&r->loopback);
}

static struct rest_touches touches_of(struct rest *r)
{
    struct rest_touches t = {.rings = clock_events_rings(r->clock)};
    t.known = loopback_packets(&r->loopback, &t.packets);
    return t;
}

static bool is_untouched(const struct rest *r, const struct rest_touches *now)
{
    return now->known && r->before.known && now->packets == r->before.packets
        && now->rings == r->before.rings;
}

/* The touches are counted before the look, so that one which comes meanwhile makes the next look a
 * whole one. A byte that its sender holds back is no packet yet. */
bool rest_check(struct rest *r)
{
    struct rest_touches now = touches_of(r);
    if (is_untouched(r, &now) && quiet_lines_rest(r->quiet))
        return true;
    bool quiet = quiet_check(r->quiet);
    now.known = now.known && quiet;
    r->before = now;
    return quiet;
}
