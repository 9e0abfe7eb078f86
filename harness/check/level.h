/* How much a finding weighs. */
#ifndef UNDERSTUDY_HARNESS_CHECK_LEVEL_H
#define UNDERSTUDY_HARNESS_CHECK_LEVEL_H

enum check_level { CHECK_WRONG, CHECK_WARNING, CHECK_NOTE };

#endif
