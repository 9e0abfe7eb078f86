/* The bytes of a film. */
#include "movie.h"

/* The smallest MP4 file: an ftyp box, and a moov box with only a movie header, no tracks
 * (ISO/IEC 14496-12). */
static const unsigned char
    bytes
        [] =
            {
                0,    0,    0,   20,  'f', 't', 'y', 'p', 'i', 's', 'o', 'm', 0,   0,   2,
                0,    'm',  'p', '4', '1', /* brands */
                0,    0,    0,   116, 'm', 'o', 'o', 'v', 0,   0,   0,   108, 'm', 'v', 'h',
                'd', /* version 0 */
                0,    0,    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   3,
                0xe8, 0,    0,   0,   0, /* 1000 units a second, length 0 */
                0,    1,    0,   0,   1,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                0, /* rate 1, volume 1 */
                0,    1,    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                0, /* the unit matrix */
                0,    1,    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                0,    0x40, 0,   0,   0, /* to its end */
                0,    0,    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                0,    0,    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   1, /* next track */
};

struct span movie(void)
{
    return (struct span){(const char *)bytes, sizeof bytes};
}
