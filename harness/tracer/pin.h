/* One processor for a tracer, its client and their mock.
 *
 * They take turns: what one does wakes the next, and all others sleep. On one processor that takes a
 * fifth to a third of the time that two need, since the sleeping one of those has to be woken over
 * and over (bench/README.md). A client with many threads computes no faster than one processor. */
#ifndef UNDERSTUDY_HARNESS_TRACER_PIN_H
#define UNDERSTUDY_HARNESS_TRACER_PIN_H

/* Binds the calling thread, and all threads and programs that it starts from now on, to one of the
 * processors that it may use: the next one with each call. Without effect where the kernel does not
 * let it. Thread safe. */
void tracer_pin(void);

#endif
