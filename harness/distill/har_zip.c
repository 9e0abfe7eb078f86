/* Reads one file out of a zip that is in memory. */
#include "har_zip.h"

#include <string.h>
#include <zip.h>

enum { PIECE = 64 << 10 };

bool har_zip_is(struct span bytes)
{
    return span_starts(bytes, "PK\x03\x04") || span_starts(bytes, "PK\x05\x06");
}

static bool is_har(const char *name)
{
    size_t n = strlen(name);
    return n >= 4 && strcasecmp(name + n - 4, ".har") == 0 && !strstr(name, "__MACOSX/");
}

/* "traces/a.har" has "traces/b.json" beside it as "b.json". */
static bool is_file(const char *name, const char *wanted)
{
    const char *slash = strrchr(name, '/');
    return strcmp(name, wanted) == 0 || (slash && strcmp(slash + 1, wanted) == 0);
}

static int find(zip_t *zip, const char *name, zip_uint64_t *index, struct err *e)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);
    const char *found = NULL;
    if (count > HAR_ZIP_FILES_MAX)
        return err_set(e, ERR_LIMIT, name, "the zip holds more than %d files", HAR_ZIP_FILES_MAX);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *here = zip_get_name(zip, (zip_uint64_t)i, 0);
        if (!here || !(name ? is_file(here, name) : is_har(here)))
            continue;
        if (found)
            return err_set(e, ERR_FILE, name, "the zip holds several, %s and %s among them", found,
                           here);
        found = here;
        *index = (zip_uint64_t)i;
    }
    if (found)
        return 0;
    return err_set(e, ERR_FILE, name, "the zip holds no %s", name ? "such file" : "file NAME.har");
}

static int read_all(zip_t *zip, zip_uint64_t index, const char *name, struct buf *out,
                    struct err *e)
{
    char piece[PIECE];
    zip_int64_t n = 0;
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    if (!file)
        return err_set(e, ERR_FILE, name, "cannot be read in the zip: %s", zip_strerror(zip));
    while (out->broken == ERR_OK && (n = zip_fread(file, piece, sizeof piece)) > 0)
        buf_add(out, piece, (size_t)n);
    int code = n < 0
        ? err_set(e, ERR_FILE, name, "is damaged in the zip: %s", zip_file_strerror(file))
        : buf_err(out, "a file of the zip", e);
    zip_fclose(file);
    return code;
}

int har_zip_read(struct span bytes, const char *name, struct buf *out, struct err *e)
{
    zip_error_t cause;
    zip_uint64_t index = 0;
    zip_error_init(&cause);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &cause);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &cause) : NULL;
    int code = zip
        ? 0
        : err_set(e, ERR_FILE, name, "is no zip that can be read: %s", zip_error_strerror(&cause));
    if (!zip && source)
        zip_source_free(source);
    zip_error_fini(&cause);
    if (!code)
        code = find(zip, name, &index, e);
    if (!code)
        code = read_all(zip, index, name, out, e);
    if (zip)
        zip_discard(zip); /* frees the source */
    return code;
}
