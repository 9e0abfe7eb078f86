/* Decompresses a body that came with Content-Encoding: br. */
#include "har_brotli.h"

#include <brotli/decode.h>

int har_brotli(struct buf *out, struct span bytes, struct err *e)
{
    enum { PIECE = 16384 };
    uint8_t piece[PIECE];
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!state)
        return err_set(e, ERR_MEMORY, NULL, "no memory to decompress");
    const uint8_t *in = (const uint8_t *)bytes.p;
    size_t left = bytes.n;
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && out->broken == ERR_OK) {
        uint8_t *to = piece;
        size_t room = sizeof piece;
        result = BrotliDecoderDecompressStream(state, &left, &in, &room, &to, NULL);
        buf_add(out, piece, sizeof piece - room);
    }
    BrotliDecoderDestroyInstance(state);
    if (out->broken != ERR_OK)
        return buf_err(out, "the decompressed bytes", e);
    return result == BROTLI_DECODER_RESULT_SUCCESS
        ? 0
        : err_set(e, ERR_SYNTAX, NULL, "not whole compressed bytes");
}
