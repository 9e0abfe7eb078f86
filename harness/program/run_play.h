/* The jobs of `harness run` played: results go to the reports as they come, and decide the exit code. */
#ifndef UNDERSTUDY_HARNESS_PROGRAM_RUN_PLAY_H
#define UNDERSTUDY_HARNESS_PROGRAM_RUN_PLAY_H

#include "commands.h"
#include "harness/external/clients.h"
#include "harness/report/report.h"
#include "harness/run/known.h"
#include "harness/run/run.h"

/* What is played, and how; all of it lent. */
struct run_play {
    struct run_options *run; /* its callbacks are set here */
    const struct clients *clients;
    const struct jobs *jobs;
    struct report_again again;
    struct shard shard;  /* that the jobs are; all zero: everything */
    struct known *known; /* NULL: nothing is known */
    const char *known_path;
    bool update_known;
    uint32_t repeats; /* 1: once. The reports tell the first time */
};

/* Plays it and returns the exit code. When *e has a code, main prints it. */
int run_play(const struct run_play *play, struct reports *reports, struct command_output *out,
             struct err *e);

#endif
