/* Reads a JSON file into a tree. */
#include "json.h"

#include "base/file.h"
#include "json_doc.h"

int json_open_file(const char *path, size_t bytes_max, bool by_people, struct json **out,
                   struct err *e)
{
    struct buf text;
    *out = NULL;
    buf_init(&text, bytes_max);
    int code = file_read(path, &text, e);
    if (!code) {
        struct json_doc_file file = {.path = path, .text = buf_span(&text)};
        if (by_people)
            json_blank_comments(text.p, text.n);
        code = by_people ? json_doc_open(&file, out, e) : json_doc_open_grammar(&file, out, e);
    }
    buf_fini(&text);
    return code;
}
