/* Placeholders: what a client's words may hold in braces, and the variables of its environment that say the same. */
#ifndef UNDERSTUDY_HARNESS_EXTERNAL_PLACEHOLDER_H
#define UNDERSTUDY_HARNESS_EXTERNAL_PLACEHOLDER_H

#include "base/err.h"

#include <stdbool.h>

/* Indexes of the table. */
enum placeholder {
    PLACEHOLDER_BASE_URL,
    PLACEHOLDER_TASK_ID,
    PLACEHOLDER_TOKEN,
    PLACEHOLDER_INTERVAL,
    PLACEHOLDER_TIMEOUT,
    PLACEHOLDER_APP_ID,
    PLACEHOLDER_SECRET,
    PLACEHOLDER_GOAL,
    PLACEHOLDER_UPSTREAM,
    PLACEHOLDER_ASSET_URL,
    PLACEHOLDER_SPEED,
    PLACEHOLDER_PROMPT,
    PLACEHOLDERS
};

const char *placeholder_text(enum placeholder which);     /* "{base_url}" */
const char *placeholder_variable(enum placeholder which); /* "MOCK_BASE_URL" */

/* True when one of the words (ended by NULL) holds it. */
bool placeholder_is_in(enum placeholder which, const char *const *words);

/* ERR_USAGE when a word holds a name in braces that is no placeholder: it names the nearest, or all. Of a word
 * with blanks or quotes in it, which is a script or a text with braces of its own, only a name that is near to a
 * placeholder is an error; ${NAME}, %{NAME} and {{NAME}} are somebody else's everywhere. e->where is not set. */
int placeholder_check(const char *word, struct err *e);

#endif
