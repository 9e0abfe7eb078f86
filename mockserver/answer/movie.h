/* What stands for every result: a film of no length. */
#ifndef UNDERSTUDY_MOCKSERVER_ANSWER_MOVIE_H
#define UNDERSTUDY_MOCKSERVER_ANSWER_MOVIE_H

#include "base/span.h"

struct span movie(void); /* its bytes, video/mp4 */

#endif
