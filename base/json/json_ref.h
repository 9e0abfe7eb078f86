/* References: {"$ref": "#/pointer"} stands for the value that the pointer names in the same document.
 *
 * The fragment is percent-decoded, then read as a JSON Pointer (RFC 6901). Pure functions that change
 * no tree: any thread. */
#ifndef UNDERSTUDY_BASE_JSON_JSON_REF_H
#define UNDERSTUDY_BASE_JSON_JSON_REF_H

#include "base/err.h"
#include "json.h"
#include "json_doc.h"

#include <stdbool.h>

enum { JSON_REF_MAX = 1024 }; /* bytes of its text */

/* The text of v's "$ref"; NULL when v has none. */
const char *json_ref_text(const struct json *v);

/* The JSON Pointer of "#/a%20b": "/a b". False, and out is "", when ref leads out of the document, has
 * a wrong escape, or is longer than JSON_REF_MAX. */
bool json_ref_pointer(const char *ref, char out[JSON_REF_MAX]);

/* The value that v's "$ref" names in document, one step. NULL when v has none or it leads nowhere. */
const struct json *json_ref_target(const struct json *document, const struct json *v);

/* The value at the end of all steps: v itself when it is no $ref. NULL when a step leads nowhere, or
 * in a circle; *circle (unless NULL) says which. v may be NULL, and is then the answer. */
const struct json *json_ref_resolve(const struct json *document, const struct json *v,
                                    bool *circle);

/* Says at ref, the place of a "$ref" that does not resolve, what is wrong with it; circle is what
 * json_ref_resolve said. Returns the error's code. */
int json_ref_error(const struct json_doc *ref, bool circle, struct err *e);

#endif
