/* A part of harness check: one folder of fixtures. */
#ifndef UNDERSTUDY_HARNESS_PROGRAM_CHECK_FIXTURES_H
#define UNDERSTUDY_HARNESS_PROGRAM_CHECK_FIXTURES_H

#include "commands.h"
#include "harness/check/age.h"
#include "harness/check/told.h"

struct check_run {
    struct command_output *out;
    struct check_told told;
    struct check_age age;
    check_report *tell; /* takes the run as its arg */
};

/* Loads the folder, and tells everything that is wrong with it. ERR_FILE, ERR_LIMIT, ERR_MEMORY. */
int check_fixtures(const char *dir, struct check_run *run, struct err *e);

#endif
