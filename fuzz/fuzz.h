/* What all fuzz targets share. A target is one .c file with LLVMFuzzerTestOneInput: bytes in,
 * properties stated. libFuzzer drives it under clang; replay.c under any compiler. */
#ifndef UNDERSTUDY_FUZZ_FUZZ_H
#define UNDERSTUDY_FUZZ_FUZZ_H

#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Always returns 0. data is a block of exactly size bytes, so that AddressSanitizer sees every read
 * beyond it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program with "property violated: <property>" unless it held. */
void fuzz_demand(bool held, const char *property);

/* Terminated within size bytes, and UTF-8. */
bool fuzz_is_text(const char *place, size_t size);

/* A JSON Pointer by the grammar of RFC 6901. */
bool fuzz_is_pointer(const char *text);

/* "byte N": its number; SIZE_MAX for any other text. */
size_t fuzz_byte_of(const char *where);

/* The same bytes at another place, between bytes that would prolong a number, a word or a string:
 * whoever reads beyond the end comes to another result. Valid until the next call. */
struct span fuzz_elsewhere(struct span bytes);

/* The same code, place and sentence. */
bool fuzz_same_err(const struct err *a, const struct err *b);

#endif
