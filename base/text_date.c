/* Dates as HTTP and HAR write them; the calendar is computed here, so no locale or zone matters. */
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_S INT64_C(86400)

static const char days_short[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const days_long[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                         "Thursday", "Friday", "Saturday"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct date {
    int64_t year;
    int month, day, hour, minute, second; /* month 1..12 */
};

/* Days since 1970-01-01. Years begin in March here: the leap day is then the last of its year. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static struct date date_of(int64_t unix_s)
{
    int64_t days = unix_s / DAY_S - (unix_s % DAY_S < 0 ? 1 : 0);
    int64_t seconds = unix_s - days * DAY_S;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t from_march = (5 * doy + 2) / 153;
    struct date d = {
        .year = yoe + era * 400,
        .month = (int)(from_march < 10 ? from_march + 3 : from_march - 9),
        .day = (int)(doy - (153 * from_march + 2) / 5 + 1),
        .hour = (int)(seconds / 3600),
        .minute = (int)(seconds / 60 % 60),
        .second = (int)(seconds % 60),
    };
    if (d.month <= 2)
        d.year++;
    return d;
}

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool take_digits(struct span *s, size_t count, int64_t *out)
{
    long long value = 0;
    struct span digits = span_cut(*s, 0, count);
    if (s->n < count || digits.p[0] == '-' || !span_int64(digits, &value))
        return false;
    *out = value;
    *s = span_cut(*s, count, s->n);
    return true;
}

static bool take_small(struct span *s, int *out)
{
    int64_t value = 0;
    bool taken = take_digits(s, 2, &value);
    *out = (int)value;
    return taken;
}

static bool take_word(struct span *s, const char *word)
{
    if (!span_starts(*s, word))
        return false;
    *s = span_cut(*s, strlen(word), s->n);
    return true;
}

static bool take_day_name(struct span *s, bool in_full)
{
    for (size_t i = 0; i < 7; i++) {
        if (take_word(s, in_full ? days_long[i] : days_short[i]))
            return true;
    }
    return false;
}

static bool take_month(struct span *s, int *month)
{
    for (int i = 0; i < 12; i++) {
        *month = i + 1;
        if (take_word(s, months[i]))
            return true;
    }
    return false;
}

/* A year of two digits: 70..99 are 19xx. The RFC's rule of fifty years needs the present. */
static bool take_short_year(struct span *s, int64_t *year)
{
    if (!take_digits(s, 2, year))
        return false;
    *year += *year >= 70 ? 1900 : 2000;
    return true;
}

/* One letter of a form reads one field; any other byte stands for itself. */
static bool take_field(struct span *s, char letter, struct date *d)
{
    switch (letter) {
    case 'a': return take_day_name(s, false);
    case 'A': return take_day_name(s, true);
    case 'd': return take_small(s, &d->day);
    case 'b': return take_month(s, &d->month);
    case 'Y': return take_digits(s, 4, &d->year);
    case 'y': return take_short_year(s, &d->year);
    case 'H': return take_small(s, &d->hour);
    case 'M': return take_small(s, &d->minute);
    case 'S': return take_small(s, &d->second);
    case 'e': /* asctime pads the day with a space */
        if (s->n < 2 || s->p[0] != ' ')
            return take_small(s, &d->day);
        *s = span_cut(*s, 1, s->n);
        if (s->p[0] < '1' || s->p[0] > '9')
            return false;
        d->day = s->p[0] - '0';
        *s = span_cut(*s, 1, s->n);
        return true;
    case 'Z': return take_word(s, "GMT");
    default: break;
    }
    const char word[2] = {letter, '\0'};
    return take_word(s, word);
}

static bool take_date(struct span s, const char *form, struct date *d)
{
    *d = (struct date){0};
    for (; *form != '\0'; form++) {
        if (!take_field(&s, *form, d))
            return false;
    }
    return s.n == 0;
}

/* A second 60 is a leap second, which both grammars allow. */
static bool to_unix(const struct date *d, int64_t *unix_s)
{
    if (d->month < 1 || d->month > 12 || d->day < 1 || d->day > month_days(d->year, d->month)
        || d->hour > 23 || d->minute > 59 || d->second > 60)
        return false;
    *unix_s = days_of(d->year, d->month, d->day) * DAY_S + d->hour * 3600 + d->minute * 60
        + d->second;
    return true;
}

bool text_http_date(struct span text, int64_t *unix_s)
{
    static const char *const forms[] = {
        "a, d b Y H:M:S Z", /* Sun, 06 Nov 1994 08:49:37 GMT */
        "A, d-b-y H:M:S Z", /* Sunday, 06-Nov-94 08:49:37 GMT */
        "a b e H:M:S Y",    /* Sun Nov  6 08:49:37 1994 */
    };
    *unix_s = 0;
    struct date d;
    size_t i = 0;
    while (!take_date(text, forms[i], &d)) {
        if (++i == sizeof forms / sizeof forms[0])
            return false;
    }
    return to_unix(&d, unix_s);
}

static bool is_digit(struct span s)
{
    return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* One of the bytes of any. */
static bool take_any(struct span *s, const char *any)
{
    if (s->n == 0 || s->p[0] == '\0' || !strchr(any, s->p[0]))
        return false;
    *s = span_cut(*s, 1, s->n);
    return true;
}

/* ".123" or nothing. */
static bool take_fraction(struct span *s, uint64_t *atto)
{
    uint64_t unit = UINT64_C(1000000000000000000);
    *atto = 0;
    if (!take_any(s, ".,"))
        return true;
    if (!is_digit(*s))
        return false;
    for (; is_digit(*s); *s = span_cut(*s, 1, s->n)) {
        unit /= 10;
        *atto += unit * (uint64_t)(s->p[0] - '0');
    }
    return true;
}

/* "Z", "+01:00", "+0100", "+01" or nothing, in seconds. */
static bool take_zone(struct span *s, int64_t *zone_s)
{
    int hours = 0, minutes = 0;
    *zone_s = 0;
    if (s->n == 0 || take_any(s, "Zz"))
        return true;
    bool west = s->p[0] == '-';
    if (!take_any(s, "+-") || !take_small(s, &hours))
        return false;
    bool colon = take_any(s, ":");
    if ((colon || s->n > 0) && !take_small(s, &minutes))
        return false;
    *zone_s = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

bool text_rfc3339(struct span text, struct text_moment *out)
{
    struct span s = span_trim(text);
    struct date d = {0};
    int64_t zone_s = 0, unix_s = 0;
    uint64_t atto = 0;
    *out = (struct text_moment){0};
    if (!take_digits(&s, 4, &d.year) || !take_word(&s, "-") || !take_small(&s, &d.month)
        || !take_word(&s, "-") || !take_small(&s, &d.day) || !take_any(&s, "Tt ")
        || !take_small(&s, &d.hour) || !take_word(&s, ":") || !take_small(&s, &d.minute))
        return false;
    if (take_word(&s, ":") && !(take_small(&s, &d.second) && take_fraction(&s, &atto)))
        return false;
    if (!take_zone(&s, &zone_s) || s.n > 0 || !to_unix(&d, &unix_s))
        return false;
    *out = (struct text_moment){unix_s - zone_s, atto};
    return true;
}

/* Years 0 to 9999: what four digits can say. */
static bool is_writable(int64_t unix_s)
{
    return unix_s >= days_of(0, 1, 1) * DAY_S && unix_s < days_of(10000, 1, 1) * DAY_S;
}

const char *text_of_http_date(int64_t unix_s, char *out, size_t out_size)
{
    (void)span_copy(span_of(""), out, out_size);
    if (!is_writable(unix_s))
        return out;
    struct date d = date_of(unix_s);
    int64_t day = (days_of(d.year, d.month, d.day) % 7 + 7 + 4) % 7; /* day 0 was a Thursday */
    (void)snprintf(out, out_size, "%s, %02d %s %04d %02d:%02d:%02d GMT", days_short[day], d.day,
                   months[d.month - 1], (int)d.year, d.hour, d.minute, d.second);
    return out;
}

const char *text_of_rfc3339(int64_t unix_ms, char *out, size_t out_size)
{
    (void)span_copy(span_of(""), out, out_size);
    int64_t unix_s = unix_ms / 1000 - (unix_ms % 1000 < 0 ? 1 : 0);
    if (!is_writable(unix_s))
        return out;
    struct date d = date_of(unix_s);
    (void)snprintf(out, out_size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)d.year, d.month,
                   d.day, d.hour, d.minute, d.second, (int)(unix_ms - unix_s * 1000));
    return out;
}
