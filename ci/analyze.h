/* What an analyzer of one file cannot see of another, said to it: ci/analyze puts this in front of every file. */
#ifndef UNDERSTUDY_CI_ANALYZE_H
#define UNDERSTUDY_CI_ANALYZE_H

#include "base/err.h"
#include "base/span.h"

/* err_set and err_wrap give their code back, and it is never 0. */
static inline int analyzed_code(int code)
{
    if (!code)
        __builtin_unreachable();
    return code;
}

/* A span of some bytes has a place. */
static inline struct span analyzed_span(struct span s)
{
    if (!s.p && s.n > 0)
        __builtin_unreachable();
    return s;
}

#define err_set(...) analyzed_code(err_set(__VA_ARGS__))
#define err_wrap(...) analyzed_code(err_wrap(__VA_ARGS__))
#define span_cut(...) analyzed_span(span_cut(__VA_ARGS__))

#endif
