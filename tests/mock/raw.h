/* A client of raw bytes for tests of the wire. */
#ifndef UNDERSTUDY_TESTS_MOCK_RAW_H
#define UNDERSTUDY_TESTS_MOCK_RAW_H

#include <stdbool.h>
#include <stddef.h>

/* Connects to "http://127.0.0.1:PORT"; -1 when refused. */
int raw_connect(const char *address);

/* Sends all of it; true when the peer took it. */
bool raw_send(int fd, const void *bytes, size_t n);

/* Reads until the peer closes or resets, 5 s pass (a failure), or out is full. Terminates out. Returns the
 * bytes read; *reset tells whether the end was an RST. */
size_t raw_read_all(int fd, char *out, size_t out_size, bool *reset);

/* Reads one answer: its head and as much body as Content-Length says. Terminates out. */
size_t raw_read_answer(int fd, char *out, size_t out_size);

#endif
