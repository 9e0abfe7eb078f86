/* A task's position in its scenario, moved by polls and by time: plain values, no lock. task.c keeps
 * one for each task. Times are Unix milliseconds on the mock's clock. */
#ifndef UNDERSTUDY_MOCKSERVER_DECIDE_POSITION_H
#define UNDERSTUDY_MOCKSERVER_DECIDE_POSITION_H

#include "mockserver/fixture/scenario.h"

#include <stdbool.h>
#include <stdint.h>

struct position {
    const struct scenario *scenario;
    uint64_t polls;
    uint32_t step;
    uint32_t step_polls; /* of polls, those in this step */
    bool over;           /* past the last step of a scenario that ends in gone or drop */
    bool cancelled;      /* it stays where it is, and polls are told so */
    int64_t created_ms, entered_ms, last_ms;
    int64_t started_ms, finished_ms; /* -1: not yet */
    int64_t answered_ms; /* when the answer to the last poll is out, which faults may hold up */
};

/* The first step, before any poll. Of a task that was created, the step begins with its first poll: it is to last as
 * long for those who create their tasks as for those who are given one. */
void position_begin(struct position *p, const struct scenario *scenario, int64_t now_ms);

/* When a poll that comes at now_ms counts as made. That is now_ms when pace_ms is 0. Else a poll that
 * would stay in its step counts as made pace_ms after the answer to the one before, unless it comes
 * later: what a client that does not sleep is spared. */
int64_t position_asked_ms(const struct position *p, int64_t now_ms, int64_t pace_ms);

/* Advances by at most one step. Call before the poll is counted: a step that has lasted long enough
 * ends when the next poll comes, and one without a poll is not passed over. */
void position_move(struct position *p, int64_t now_ms);

void position_count(struct position *p, int64_t now_ms); /* a poll */

/* When time ends the step. False when it does not: the step counts polls, nothing comes after it, or
 * it is due since, which the next poll will show. */
bool position_next_ms(const struct position *p, int64_t now_ms, int64_t *at_ms);

#endif
