/* Reads a JSON file into a tree. */
#include "json.h"

#include "base/file.h"

int json_open_file(const char *path, size_t bytes_max, bool comments, struct json **out,
                   struct err *e)
{
    struct buf text;
    *out = NULL;
    buf_init(&text, bytes_max);
    int code = file_read(path, &text, e);
    if (!code) {
        if (comments)
            json_blank_comments(text.p, text.n);
        code = json_open(buf_span(&text), out, e);
        if (code)
            err_wrap(e, (enum err_code)code, "%s", path);
    }
    buf_fini(&text);
    return code;
}
