/* zlib, a member after the other. */
#include "inflate.h"

#include <limits.h>
#include <zlib.h>

enum { WINDOW = 15, AUTOMATIC = 32, RAW = -15, PIECE = 16384 };

bool inflate_is_gzip(struct span bytes)
{
    return bytes.n >= 3 && bytes.p[0] == '\x1f' && bytes.p[1] == '\x8b' && bytes.p[2] == 8;
}

/* One member; *rest begins behind it then. */
static int inflate_member(struct buf *out, struct span *rest, int window, struct err *e)
{
    unsigned char piece[PIECE];
    z_stream z = {0};
    z.next_in = (unsigned char *)(uintptr_t)rest->p; /* not written to */
    z.avail_in = rest->n < UINT_MAX ? (unsigned)rest->n : UINT_MAX;
    if (inflateInit2(&z, window) != Z_OK)
        return err_set(e, ERR_MEMORY, NULL, "no memory to decompress");
    int code = Z_OK;
    while (code == Z_OK && out->broken == ERR_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        code = inflate(&z, Z_NO_FLUSH);
        buf_add(out, piece, sizeof piece - z.avail_out);
        if (code == Z_BUF_ERROR || (code == Z_OK && z.avail_in == 0 && z.avail_out > 0))
            code = Z_DATA_ERROR; /* it ends too early */
    }
    *rest = span_cut(*rest, rest->n - z.avail_in, rest->n);
    inflateEnd(&z);
    if (out->broken != ERR_OK)
        return buf_err(out, "the decompressed bytes", e);
    if (code == Z_MEM_ERROR)
        return err_set(e, ERR_MEMORY, NULL, "no memory to decompress");
    return code == Z_STREAM_END ? 0 : err_set(e, ERR_SYNTAX, NULL, "not whole compressed bytes");
}

int inflate_bytes(struct buf *out, struct span bytes, struct err *e)
{
    struct span rest = bytes;
    size_t before = out->n;
    bool is_gzip = inflate_is_gzip(bytes);
    int code = inflate_member(out, &rest, WINDOW + AUTOMATIC, e);
    if (code == ERR_SYNTAX && !is_gzip && out->n == before) {
        rest = bytes;
        code = inflate_member(out, &rest, RAW, e);
    }
    while (!code && is_gzip && inflate_is_gzip(rest))
        code = inflate_member(out, &rest, WINDOW + AUTOMATIC, e);
    return code;
}
