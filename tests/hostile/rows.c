/* The hostile upstream, a row a lie: the bytes, and the one outcome that the client must make of them.
 *
 * Where RFC 9112 says that a reply is whole, the client reads it; where it says that a user agent
 * discards the reply, or where two readers could disagree on where it ends, the client refuses. */
#include "rows.h"

#define SAYS(text) .reply.bytes = {text, sizeof(text) - 1}
#define THEN(text) .reply.tail = {text, sizeof(text) - 1}
#define TIMES(count, text) .reply.again = {text, sizeof(text) - 1}, .reply.times = (count)
#define FIN .reply.end = RAW_FIN
#define RST .reply.end = RAW_RST
#define EARLY .reply.early = true

#define LOST .code = ERR_NETWORK
#define TOO_LONG .code = ERR_LIMIT
#define STALLS .code = ERR_TIMEOUT, .stalls = true
#define READS(status_, error_) .status = (status_), .error = TASK_ERROR_##error_
#define SUCCEEDS .status = 200, .state = TASK_SUCCEEDED
#define RUNNING .status = 200, .state = TASK_RUNNING

#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define ONE_CHUNK DONE_HEX "\r\n" DONE "\r\n"
#define ALL_CHUNKS ONE_CHUNK "0\r\n\r\n"
#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

/* A gzip stream that never ends: each 13 bytes of it are eight runs of 258 spaces, 2064 bytes. */
#define BOMB_HEAD "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x52\x18"
#define BOMB_UNIT "\x05\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1\x28\x18"

const struct raw_row rows[] = {
    /* -- The plain truth, so that the rest is known to fail for its own reason ------------------ */
    {"a whole reply by its length", SAYS(WHOLE(DONE)), SUCCEEDS},
    {"a whole reply in chunks", SAYS(CHUNKED ALL_CHUNKS), SUCCEEDS},
    {"a whole reply until the close", SAYS(OK "\r\n" DONE), FIN, SUCCEEDS},

    /* -- Where does the body end? --------------------------------------------------------------- */
    /* Two readers, two answers: how replies are smuggled. */
    {"length and chunks", SAYS(OK LENGTH_OF(DONE) "Transfer-Encoding: chunked\r\n\r\n" ALL_CHUNKS),
     LOST},
    {"chunks and length",
     SAYS(OK "Transfer-Encoding: chunked\r\n" LENGTH_OF(DONE) "\r\n" ALL_CHUNKS), LOST},
    {"two lengths, short then right", SAYS(OK "Content-Length: 5\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     LOST},
    {"two lengths, right then short", SAYS(OK LENGTH_OF(DONE) "Content-Length: 5\r\n\r\n" DONE),
     LOST},
    {"two lengths in one line", SAYS(OK "Content-Length: " DONE_N ", 5\r\n\r\n" DONE), LOST},
    /* The same twice may be taken or discarded (RFC 9112, 6.3); in one line nobody sends it. */
    {"the same length twice", SAYS(OK LENGTH_OF(DONE) LENGTH_OF(DONE) "\r\n" DONE), SUCCEEDS},
    {"a length below zero", SAYS(OK "Content-Length: -1\r\n\r\n" DONE), FIN, LOST},
    {"a length with a plus", SAYS(OK "Content-Length: +" DONE_N "\r\n\r\n" DONE), FIN, LOST},
    {"a length of nothing", SAYS(OK "Content-Length:\r\n\r\n" DONE), FIN, LOST},
    {"a length in hexadecimal", SAYS(OK "Content-Length: 0x" DONE_HEX "\r\n\r\n" DONE), FIN, LOST},
    {"a length and a letter", SAYS(OK "Content-Length: " DONE_N "a\r\n\r\n" DONE), FIN, LOST},
    {"a length with a fraction", SAYS(OK "Content-Length: " DONE_N ".5\r\n\r\n" DONE), FIN, LOST},
    {"a length in two words", SAYS(OK "Content-Length: 17 5\r\n\r\n" DONE), FIN, LOST},
    {"a length of 2^63 - 1", SAYS(OK "Content-Length: 9223372036854775807\r\n\r\n" DONE), FIN,
     LOST},
    {"a length of 2^63", SAYS(OK "Content-Length: 9223372036854775808\r\n\r\n" DONE), FIN, LOST},
    {"a length of 2^64 and the right one",
     SAYS(OK "Content-Length: 18446744073709551791\r\n\r\n" DONE), FIN, LOST},
    {"a length of thirty digits",
     SAYS(OK "Content-Length: 999999999999999999999999999999\r\n\r\n" DONE), FIN, LOST},
    {"a space before the colon of the length", SAYS(OK "Content-Length : " DONE_N "\r\n\r\n" DONE),
     FIN, LOST},
    {"a length one too long, then the close", SAYS(OK "Content-Length: 176\r\n\r\n" DONE), FIN,
     LOST},
    {"a length one too long, then silence", SAYS(OK "Content-Length: 176\r\n\r\n" DONE), STALLS},
    /* The last brace falls off: HTTP is content, JSON is not. */
    {"a length one too short", SAYS(OK "Content-Length: 174\r\n\r\n" DONE), READS(200, SYNTAX)},
    {"a length of zero before a body", SAYS(OK "Content-Length: 0\r\n\r\n" DONE),
     READS(200, SYNTAX)},
    {"a head as if to HEAD", SAYS(OK LENGTH_OF(DONE) "\r\n"), STALLS},
    {"a head as if to HEAD, then the close", SAYS(OK LENGTH_OF(DONE) "\r\n"), FIN, LOST},

    /* -- Chunks ---------------------------------------------------------------------------------- */
    {"a chunk longer than its size", SAYS(CHUNKED "ae\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk shorter than its size", SAYS(CHUNKED "b4\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk of 2^64 - 1", SAYS(CHUNKED "ffffffffffffffff\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk of 2^64 and the right size",
     SAYS(CHUNKED "100000000000000" DONE_HEX "\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk below zero", SAYS(CHUNKED "-" DONE_HEX "\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk without a size", SAYS(CHUNKED "\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk whose size is a word", SAYS(CHUNKED "many\r\n" DONE "\r\n0\r\n\r\n"), FIN, LOST},
    {"a chunk without its end of line", SAYS(CHUNKED DONE_HEX "\r\n" DONE "0\r\n\r\n"), FIN, LOST},
    {"no last chunk, then the close", SAYS(CHUNKED ONE_CHUNK), FIN, LOST},
    {"no last chunk, then a reset", SAYS(CHUNKED ONE_CHUNK), RST, LOST},
    {"no last chunk, then silence", SAYS(CHUNKED ONE_CHUNK), STALLS},
    {"no end after the last chunk", SAYS(CHUNKED ONE_CHUNK "0\r\n"), FIN, LOST},
    {"a body without chunks", SAYS(CHUNKED DONE), FIN, LOST},
    {"a chunk with an extension", SAYS(CHUNKED DONE_HEX ";a=b\r\n" DONE "\r\n0\r\n\r\n"), SUCCEEDS},
    {"an extension without end", SAYS(CHUNKED DONE_HEX ";a="), TIMES(RAW_FOREVER, X100), STALLS},
    {"a chunk size of zeros without end", SAYS(CHUNKED), TIMES(RAW_FOREVER, "00000000"), LOST},
    {"a trailer", SAYS(CHUNKED ONE_CHUNK "0\r\nX-Sum: 1\r\n\r\n"), SUCCEEDS},
    {"trailers without end", SAYS(CHUNKED ONE_CHUNK "0\r\n"), TIMES(RAW_FOREVER, "X-Sum: 1\r\n"),
     TOO_LONG},
    /* libcurl's own limit, which it does not tell from other trouble with chunks. */
    {"one trailer without end", SAYS(CHUNKED ONE_CHUNK "0\r\nX: "), TIMES(RAW_FOREVER, X100), LOST},
    {"a coding nobody knows", SAYS(OK "Transfer-Encoding: cow\r\n\r\n" DONE), FIN, LOST},
    {"a coding that is nearly chunked", SAYS(OK "Transfer-Encoding: xchunked\r\n\r\n" ALL_CHUNKS),
     FIN, LOST},
    {"chunked twice", SAYS(OK "Transfer-Encoding: chunked, chunked\r\n\r\n" ALL_CHUNKS), FIN, LOST},
    {"chunked in two lines",
     SAYS(OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" ALL_CHUNKS), FIN,
     LOST},
    {"chunked before another coding",
     SAYS(OK "Transfer-Encoding: chunked, identity\r\n\r\n" ALL_CHUNKS), FIN, LOST},
    /* HTTP/1.0 knows no chunks: framing that cannot be trusted (RFC 9112, 6.1). */
    {"chunks in HTTP/1.0", SAYS("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" ALL_CHUNKS),
     FIN, LOST},

    /* -- The status line -------------------------------------------------------------------------- */
    {"not a byte, then the close", SAYS(""), FIN, LOST},
    {"not a byte, then a reset", SAYS(""), RST, LOST},
    {"HTTP/0.9", SAYS(DONE), FIN, LOST},
    {"headers without a status line", SAYS(LENGTH_OF(DONE) "\r\n" DONE), FIN, LOST},
    {"HTTP/9.9", SAYS("HTTP/9.9 200 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"HTTP/2 in plain text", SAYS("HTTP/2 200\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"HTTP/1.", SAYS("HTTP/1. 200 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"http in small letters", SAYS("http/1.1 200 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"another protocol's 200", SAYS("ICY 200 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), FIN, LOST},
    {"a status of two digits", SAYS("HTTP/1.1 20 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"a status of four digits", SAYS("HTTP/1.1 2000 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"a status with a letter", SAYS("HTTP/1.1 2x0 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"a status below zero", SAYS("HTTP/1.1 -200 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"no status", SAYS("HTTP/1.1\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"status 000", SAYS("HTTP/1.1 000 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    /* Beyond 599 it is to be treated as a 5xx (RFC 9110, 15). */
    {"status 999", SAYS("HTTP/1.1 999 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), READS(999, TRANSIENT)},
    {"no reason", SAYS("HTTP/1.1 200 \r\n" LENGTH_OF(DONE) "\r\n" DONE), SUCCEEDS},
    {"no reason and no space", SAYS("HTTP/1.1 200\r\n" LENGTH_OF(DONE) "\r\n" DONE), SUCCEEDS},
    {"no space after the status", SAYS("HTTP/1.1 200OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"HTTP/1.x", SAYS("HTTP/1.x 200 OK\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"a reason of 64 KiB", SAYS("HTTP/1.1 200 "), TIMES(656, X100),
     THEN("\r\n" LENGTH_OF(DONE) "\r\n" DONE), TOO_LONG},
    {"a reason without end", SAYS("HTTP/1.1 200 "), TIMES(RAW_FOREVER, X100), TOO_LONG},
    {"an empty line first", SAYS("\r\n" WHOLE(DONE)), FIN, LOST},
    {"noise first", SAYS("\x01\xff\x00\x7f noise\n" WHOLE(DONE)), FIN, LOST},
    {"noise without end", SAYS(""), TIMES(RAW_FOREVER, "\x01\xff\x00\x7f noise"), LOST},
    {"TLS on the plain port", SAYS("\x15\x03\x01\x00\x02\x02\x28"), FIN, LOST},
    {"a TLS handshake, then silence", SAYS("\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"), LOST},
    {"frames of HTTP/2", SAYS("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"),
     LOST},
    {"a greeting of SSH", SAYS("SSH-2.0-OpenSSH_9.2\r\n"), LOST},

    /* -- The head --------------------------------------------------------------------------------- */
    {"a header line without end", SAYS(OK "X: "), TIMES(RAW_FOREVER, X100), TOO_LONG},
    {"headers without end", SAYS(OK), TIMES(RAW_FOREVER, "X-Flood: 1\r\n"), TOO_LONG},
    {"100,000 headers", SAYS(OK), TIMES(100000, "X: y\r\n"), THEN(LENGTH_OF(DONE) "\r\n" DONE),
     TOO_LONG},
    {"a head of just below 64 KiB", SAYS(OK "X: "), TIMES(650, X100),
     THEN("\r\n" LENGTH_OF(DONE) "\r\n" DONE), SUCCEEDS},
    {"a header without a colon", SAYS(OK "nonsense\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"a header without a name", SAYS(OK ": x\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    {"a NUL in a header", SAYS(OK "X: a\0b\r\n" LENGTH_OF(DONE) "\r\n" DONE), LOST},
    /* What a reader that ends lines at a bare CR would take for another header. */
    {"a bare CR in a header", SAYS(OK "X: a\rContent-Length: 5\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     LOST},
    {"a folded header", SAYS(OK "X: a\r\n b\r\n" LENGTH_OF(DONE) "\r\n" DONE), SUCCEEDS},
    {"a folded length", SAYS(OK "Content-Length:\r\n " DONE_N "\r\n\r\n" DONE), FIN, LOST},
    {"a length folded behind its number", SAYS(OK "Content-Length: " DONE_N "\r\n 5\r\n\r\n" DONE),
     LOST},
    {"a fold before any header", SAYS(OK " " LENGTH_OF(DONE) "\r\n" DONE), FIN, LOST},
    {"lines that end in LF alone", SAYS("HTTP/1.1 200 OK\nContent-Length: " DONE_N "\n\n" DONE),
     SUCCEEDS},
    {"lines that end in CR alone", SAYS("HTTP/1.1 200 OK\rContent-Length: " DONE_N "\r\r" DONE),
     FIN, LOST},
    {"letters beyond ASCII in a header", SAYS(OK "X: \xc3\xa9\xff\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     SUCCEEDS},
    {"a head that ends with the connection", SAYS(OK LENGTH_OF(DONE)), FIN, LOST},
    /* libcurl alone would make a refusal for good of it. */
    {"a refusal cut inside its head", SAYS("HTTP/1.1 401 No\r\nX: y\r\n"), FIN, LOST},
    {"silence before the head", SAYS(""), STALLS},
    {"silence in the status line", SAYS("HTTP/1.1 2"), STALLS},
    {"silence in the head", SAYS(OK "Content-Le"), STALLS},
    {"silence before the body", SAYS(OK "\r\n"), STALLS},
    {"silence inside the body", SAYS(OK LENGTH_OF(DONE) "\r\n{\"code\":"), STALLS},
    {"silence after a body without a length", SAYS(OK "\r\n" DONE), STALLS},

    /* -- More than one head ------------------------------------------------------------------------ */
    {"a few interim replies",
     SAYS("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" WHOLE(DONE)),
     SUCCEEDS},
    {"10,000 interim replies", TIMES(10000, "HTTP/1.1 100 Continue\r\n\r\n"), THEN(WHOLE(DONE)),
     TOO_LONG},
    {"interim replies without end", TIMES(RAW_FOREVER, "HTTP/1.1 103 Early Hints\r\n\r\n"),
     TOO_LONG},
    {"an interim reply alone", SAYS("HTTP/1.1 100 Continue\r\n\r\n"), FIN, LOST},
    {"an interim reply, then silence", SAYS("HTTP/1.1 100 Continue\r\n\r\n"), STALLS},
    {"an interim reply with a body", SAYS("HTTP/1.1 100 Continue\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     FIN, LOST},
    {"a switch of protocols",
     SAYS("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" WHOLE(DONE)), FIN, LOST},
    {"a switch of protocols, then silence",
     SAYS("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" WHOLE(DONE)), LOST},

    /* -- Replies that nobody asked for --------------------------------------------------------------- */
    {"a second reply in the same segment", SAYS(WHOLE(RUNS) WHOLE(DONE)), RUNNING},
    {"a second reply behind chunks", SAYS(CHUNKED "9e\r\n" RUNS "\r\n0\r\n\r\n" WHOLE(DONE)),
     RUNNING},
    {"a thousand replies at once", SAYS(""), TIMES(1000, WHOLE(RUNS)), RUNNING},
    {"a reply before the request", SAYS(WHOLE(DONE)), EARLY, SUCCEEDS},
    {"a reply before the request, then the close", SAYS(WHOLE(DONE)), EARLY, FIN, SUCCEEDS},
    {"half a reply before the request, then the close", SAYS(OK LENGTH_OF(DONE) "\r\n{"), EARLY,
     FIN, LOST},

    /* -- Statuses with a will of their own ------------------------------------------------------------ */
    {"204 with a body", SAYS("HTTP/1.1 204 No Content\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     READS(204, SYNTAX)},
    {"204 with chunks",
     SAYS("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n" ALL_CHUNKS),
     READS(204, SYNTAX)},
    {"304 with a body", SAYS("HTTP/1.1 304 Not Modified\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     READS(304, SYNTAX)},
    {"205 with a body", SAYS("HTTP/1.1 205 Reset Content\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     READS(205, NONE), .state = TASK_SUCCEEDED},
    {"a redirect that tells of success",
     SAYS("HTTP/1.1 302 Found\r\nLocation: /other\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     READS(302, CONTRACT)},
    {"a redirect to a file",
     SAYS("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n"),
     READS(302, SYNTAX)},
    {"300 without a place", SAYS("HTTP/1.1 300 Many\r\nContent-Length: 0\r\n\r\n"),
     READS(300, SYNTAX)},
    {"401 that offers every scheme",
     SAYS("HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate, NTLM, Digest realm=\"x\", nonce=\"y\", "
          "Basic\r\nContent-Length: 0\r\n\r\n"),
     READS(401, UNAUTHORIZED)},
    {"407 from what is no proxy",
     SAYS("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"),
     READS(407, PERMANENT)},
    {"417 to what was not expected", SAYS("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"),
     READS(417, PERMANENT)},
    {"500 that tells of success", SAYS("HTTP/1.1 500 Oh\r\n" LENGTH_OF(DONE) "\r\n" DONE),
     READS(500, TRANSIENT)},
    {"502 in HTML", SAYS("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html>"), FIN,
     READS(502, TRANSIENT)},
    {"503 with a hostile Retry-After",
     SAYS("HTTP/1.1 503 Busy\r\nRetry-After: -99999999999999999999\r\nContent-Length: 0\r\n\r\n"),
     READS(503, TRANSIENT)},
    {"a reply on a connection said to be closed",
     SAYS(OK "Connection: close\r\n" LENGTH_OF(DONE) "\r\n" DONE), SUCCEEDS},

    /* -- Bodies ---------------------------------------------------------------------------------------- */
    {"a body without end", SAYS(OK "\r\n"), TIMES(RAW_FOREVER, X100), TOO_LONG},
    {"chunks without end", SAYS(CHUNKED), TIMES(RAW_FOREVER, "64\r\n" X100 "\r\n"), TOO_LONG},
    {"chunks of one byte without end", SAYS(CHUNKED), TIMES(RAW_FOREVER, "1\r\nx\r\n"), TOO_LONG},
    {"a length beyond the limit, in full", SAYS(OK "Content-Length: 104857600\r\n\r\n"),
     TIMES(1048576, X100), TOO_LONG},
    /* 1 MiB, and one byte more: spaces between the task and the end. */
    {"a body of 1 MiB", SAYS(OK "Content-Length: 1048576\r\n\r\n" DONE), TIMES(1048401, " "),
     SUCCEEDS},
    {"a body of 1 MiB and a byte", SAYS(OK "Content-Length: 1048577\r\n\r\n" DONE),
     TIMES(1048402, " "), TOO_LONG},
    /* We asked for no coding: what comes is not JSON, and is not unpacked. */
    {"a gzip bomb", SAYS(OK "Content-Encoding: gzip\r\n\r\n" BOMB_HEAD), TIMES(20000, BOMB_UNIT),
     FIN, READS(200, SYNTAX)},
    /* libcurl would unpack these, asked or not. */
    {"a gzip bomb as a transfer coding", SAYS(OK "Transfer-Encoding: gzip\r\n\r\n" BOMB_HEAD),
     TIMES(20000, BOMB_UNIT), FIN, LOST},
    {"a gzip bomb in chunks",
     SAYS(OK "Transfer-Encoding: gzip, chunked\r\n\r\nc\r\n" BOMB_HEAD "\r\n"),
     TIMES(20000, "d\r\n" BOMB_UNIT "\r\n"), THEN("0\r\n\r\n"), LOST},
    {"bytes that are not UTF-8", SAYS(OK "Content-Length: 13\r\n\r\n{\"code\":\"\xff\xfe\"}"),
     READS(200, SYNTAX)},
    {"a byte order mark", SAYS(OK "Content-Length: 178\r\n\r\n\xef\xbb\xbf" DONE),
     READS(200, SYNTAX)},
    {"a NUL after the task", SAYS(OK "Content-Length: 176\r\n\r\n" DONE "\0"), READS(200, SYNTAX)},
    {"two tasks in one body", SAYS(OK "\r\n" DONE DONE), FIN, READS(200, SYNTAX)},
    {"a million open brackets", SAYS(OK "Content-Length: 1000000\r\n\r\n"), TIMES(1000000, "["),
     READS(200, LIMIT)},
    {"a status said twice",
     SAYS(OK "\r\n{\"code\":\"success\",\"data\":{\"task_id\":\"t\",\"status\":\"failure\","
             "\"status\":\"success\"}}"),
     FIN, READS(200, CONTRACT)},
    {"HTML with a good status", SAYS(OK "\r\n<html><body>login</body></html>"), FIN,
     READS(200, SYNTAX)},
    {"no body", SAYS(OK "Content-Length: 0\r\n\r\n"), READS(200, SYNTAX)},
};

const size_t row_count = sizeof rows / sizeof rows[0];
