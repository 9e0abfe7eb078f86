/* ZEGO's signature 2.0: its test credentials and limits, for tests and clients that sign
 * requests. */
#ifndef UNDERSTUDY_MOCKSERVER_AUTH_ZEGO_H
#define UNDERSTUDY_MOCKSERVER_AUTH_ZEGO_H

/* The AppId and the ServerSecret of the published signing example [doc]. */
enum { ZEGO_TEST_APP_ID = 12345 };
#define ZEGO_TEST_SECRET "9193cc662a4c0ec135ec71fb57194b38"

/* How far a Timestamp may lie from now, in seconds and both directions; and how many of the
 * latest nonces are remembered, at least. */
enum { ZEGO_SKEW_MAX_S = 600, ZEGO_NONCES_MAX = 65536 };

#endif
