/* Chooses the clock, and lets the wires tell its mover who is there. */
#include "timing.h"

static const int64_t START_MS = 1767225600000;

static int open_events(struct timing *t, bool moved_by_caller, struct err *e)
{
    t->clock = &t->events.clock;
    clock_events_init(&t->events, START_MS);
    int code = quiet_open(&t->quiet, e);
    if (code || moved_by_caller)
        return code;
    return mover_start(&t->events, t->quiet, &t->mover, e);
}

int timing_open(struct timing *t, enum testbed_transport transport, uint32_t speed,
                bool moved_by_caller, struct err *e)
{
    *t = (struct timing){0};
    if (transport == TESTBED_WIRE && speed == 0)
        return open_events(t, moved_by_caller, e);
    t->clock = transport == TESTBED_WIRE ? &t->scaled.clock : &t->sim.clock;
    clock_sim_init(&t->sim, START_MS);
    clock_scaled_init(&t->scaled, speed > 0 ? speed : 1);
    return 0;
}

void timing_stop(struct timing *t)
{
    if (t->clock == &t->events.clock)
        clock_events_stop(&t->events);
}

void timing_close(struct timing *t)
{
    mover_stop(t->mover);
    quiet_close(t->quiet);
    if (t->clock == &t->events.clock)
        clock_events_fini(&t->events);
}

void timing_restart(struct timing *t)
{
    if (t->clock == &t->events.clock)
        clock_events_restart(&t->events, START_MS);
    else
        clock_sim_init(&t->sim, START_MS);
}

static void join(void *quiet)
{
    quiet_join(quiet);
}

static void leave(void *quiet)
{
    quiet_leave(quiet);
}

static void connected(void *quiet, uint16_t port, uint16_t peer_port)
{
    quiet_connected(quiet, port, peer_port);
}

static void disconnected(void *quiet, uint16_t port, uint16_t peer_port)
{
    quiet_disconnected(quiet, port, peer_port);
}

struct wire_watch timing_watch(const struct timing *t)
{
    if (!t->quiet)
        return (struct wire_watch){0};
    return (struct wire_watch){.arg = t->quiet,
                               .thread_began = join,
                               .thread_ended = leave,
                               .connected = connected,
                               .disconnected = disconnected};
}
