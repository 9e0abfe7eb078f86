/* Base64: three bytes are four digits. */
#include "base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
enum { DIGITS = sizeof digits - 1 };

void base64_encode(struct buf *out, struct span bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        uint32_t three = (uint32_t)p[i] << 16;
        three |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
        three |= left > 2 ? (uint32_t)p[i + 2] : 0;
        const char four[] = {
            digits[three >> 18 & 63],
            digits[three >> 12 & 63],
            left > 1 ? digits[three >> 6 & 63] : '=',
            left > 2 ? digits[three & 63] : '=',
        };
        buf_add(out, four, sizeof four);
    }
}

bool base64_decode(struct buf *out, struct span text)
{
    uint32_t bits = 0; /* the lowest `have` of them wait for their byte to be whole */
    unsigned have = 0;
    for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
        if (text.p[i] == '\r' || text.p[i] == '\n')
            continue;
        const char *digit = memchr(digits, text.p[i], DIGITS);
        if (!digit)
            return false;
        bits = bits << 6 | (uint32_t)(digit - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_add_char(out, (char)(unsigned char)(bits >> have & 0xFF));
        }
    }
    return true;
}
