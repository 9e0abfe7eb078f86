/* The drawing of one run, as SVG: time goes right; lanes for polls, faults, and
 * the waits between. */
#include "report_html.h"

#include "base/text.h"
#include "report_escape.h"

enum {
    WIDTH = 1000,
    LEFT = 84,
    RIGHT = 956,
    LABEL_HEIGHT = 16, /* a finding's, above the lanes */
    LANE_POLLS = 20,   /* middles of the lanes, below the labels */
    LANE_FAULTS = 44,
    LANE_WAITED = 64,
    LANE_ASKED = 78,
    AXIS = 92,
    HEIGHT = 116,
    MARKS_MAX = 300, /* polls; more are drawn as columns */
    TICKS_MAX = 8,
    SPAN_MIN_MS = 1000
};

struct drawing {
    struct buf *out;
    const struct evidence *e;
    const struct verdict *verdict;
    int64_t from_ms, span_ms;
    int top; /* where the lanes begin */
};

static const struct {
    const char *id, *shape, *says;
} marks[] = {
    [REPLY_STATE_NONE] = {"none", "M-5-5L5 5M5-5L-5 5", "no status: an error, or nothing"},
    [REPLY_STATE_UNKNOWN] = {"unknown", "M0-6L6 5H-6Z", "unknown status"},
    [REPLY_STATE_QUEUED] = {"queued", "M0-5A5 5 0 0 1 0 5A5 5 0 0 1 0-5Z", "queued"},
    [REPLY_STATE_RUNNING] = {"running", "M0-5A5 5 0 0 1 0 5A5 5 0 0 1 0-5Z", "running"},
    [REPLY_STATE_SUCCEEDED] = {"succeeded", "M0-7L7 0L0 7L-7 0Z", "succeeded"},
    [REPLY_STATE_FAILED] = {"failed", "M-5-5H5V5H-5Z", "failed"},
    [REPLY_STATE_EITHER] = {"either", "M0-6L6 5H-6Z", "ended or not"},
};
enum { MARK_COUNT = sizeof marks / sizeof marks[0] };

static double x_of(const struct drawing *d, int64_t ms)
{
    double part = (double)(ms - d->from_ms) / (double)d->span_ms;
    return LEFT + (RIGHT - LEFT) * (part < 0 ? 0 : part > 1 ? 1 : part);
}

static int64_t last_moment(const struct evidence *e)
{
    const struct trace *s = &e->trace;
    int64_t last_ms = s->polls[0].began_ms;
    for (uint32_t i = 0; i < e->downloads.count; i++)
        last_ms = e->downloads.list[i].began_ms > last_ms ? e->downloads.list[i].began_ms : last_ms;
    for (uint32_t i = 0; i < s->count; i++) {
        last_ms = s->polls[i].began_ms > last_ms ? s->polls[i].began_ms : last_ms;
        last_ms = s->polls[i].ended_ms > last_ms ? s->polls[i].ended_ms : last_ms;
    }
    return last_ms;
}

int64_t timeline_asked_ms(const struct evidence *e, uint32_t i)
{
    const struct poll *p = &e->trace.polls[i];
    int64_t interval_ms = e->upstream->contract.polite.interval_ms;
    return p->retry_after_ms > interval_ms ? p->retry_after_ms : interval_ms;
}

static bool waited_too_little(const struct evidence *e, uint32_t i)
{
    int64_t gap_ms = e->trace.polls[i + 1].began_ms - e->trace.polls[i].ended_ms;
    return gap_ms < timeline_asked_ms(e, i);
}

static void axis(const struct drawing *d)
{
    static const int64_t steps_ms[] = {200,    500,     1000,    2000,    5000,     10000,
                                       15000,  30000,   60000,   120000,  300000,   600000,
                                       900000, 1800000, 3600000, 7200000, 14400000, 43200000};
    size_t i = 0;
    char text[32];
    while (i + 1 < sizeof steps_ms / sizeof steps_ms[0] && d->span_ms / steps_ms[i] > TICKS_MAX)
        i++;
    buf_addf(d->out, "<path class=\"axis\" d=\"M%d %dH%d\"/>", LEFT, d->top + AXIS, RIGHT);
    for (int64_t ms = 0; ms <= d->span_ms; ms += steps_ms[i]) {
        double x = x_of(d, d->from_ms + ms);
        buf_addf(d->out,
                 "<path class=\"tick\" d=\"M%.1f %dV%d\"/><text class=\"time\" x=\"%.1f\" "
                 "y=\"%d\">%s</text>",
                 x, d->top, d->top + AXIS + 4, x, d->top + HEIGHT - 6,
                 text_of_ms(ms, text, sizeof text));
    }
}

/* The names of the lanes. Faults and downloads share one: few scenarios have both. */
static void lanes(const struct drawing *d, bool faults, bool asked)
{
    const struct {
        int y;
        const char *name;
        bool there;
    } rows[] = {{LANE_POLLS, "polls", true},
                {LANE_FAULTS, faults ? "faults" : "fetched", faults || d->e->downloads.count > 0},
                {LANE_WAITED, "waited", true},
                {LANE_ASKED, "asked for", asked}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].there)
            buf_addf(d->out, "<text class=\"lane\" x=\"%d\" y=\"%d\">%s</text>", LEFT - 12,
                     d->top + rows[i].y + 4, rows[i].name);
}

static void bar(const struct drawing *d, const char *kind, int64_t from_ms, int64_t to_ms, int lane)
{
    double x = x_of(d, from_ms);
    double width = x_of(d, to_ms) - x;
    buf_addf(d->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"8\"/>", kind,
             x, d->top + lane - 4, width < 1 ? 1 : width);
}

/* Draws the wait after poll i. True when an interval or Retry-After was asked for. */
static bool draw_wait(const struct drawing *d, uint32_t i)
{
    const struct poll *p = &d->e->trace.polls[i];
    int64_t asked_ms = timeline_asked_ms(d->e, i);
    if (i + 1 == d->e->trace.count || (p->flags & JOURNAL_TERMINAL) != 0)
        return false;
    bar(d, waited_too_little(d->e, i) ? "short" : "waited", p->ended_ms, p[1].began_ms,
        LANE_WAITED);
    if (asked_ms > 0)
        bar(d, "asked", p->ended_ms, p->ended_ms + asked_ms, LANE_ASKED);
    return asked_ms > 0;
}

static void draw_poll(const struct drawing *d, uint32_t i)
{
    const struct poll *p = &d->e->trace.polls[i];
    double x = x_of(d, p->began_ms);
    char text[64];
    if (p->ended_ms > p->began_ms)
        bar(d, "took", p->began_ms, p->ended_ms, LANE_POLLS);
    buf_addf(
        d->out,
        "<use href=\"#mark-%s\" class=\"mark %s%s\" x=\"%.1f\" y=\"%d\"><title>poll %u at %s: ",
        marks[p->state].id, marks[p->state].id, poll_was_complete(p) ? "" : " cut", x,
        d->top + LANE_POLLS, i + 1, text_of_ms(p->began_ms - d->from_ms, text, sizeof text));
    escape_markup(d->out, span_of(p->reply ? p->reply->name : "no reply"));
    if (p->status != 0)
        buf_addf(d->out, " %u", p->status);
    if (!poll_was_complete(p))
        buf_add_text(d->out, ", not delivered whole");
    buf_add_text(d->out, "</title></use>");
}

static bool draw_fault(const struct drawing *d, uint32_t i)
{
    const struct poll *p = &d->e->trace.polls[i];
    char faults[128];
    if (trace_faults(d->e->scenario, p, faults, sizeof faults)[0] == '\0')
        return false;
    buf_addf(d->out, "<use href=\"#mark-fault\" class=\"mark fault\" x=\"%.1f\" y=\"%d\"><title>",
             x_of(d, p->began_ms), d->top + LANE_FAULTS);
    escape_markup(d->out, span_of(faults));
    buf_add_text(d->out, "</title></use>");
    return true;
}

static void draw_download(const struct drawing *d, const struct download *download)
{
    char text[64];
    bool leaks = download->leak;
    buf_addf(
        d->out,
        "<use href=\"#mark-download\" class=\"mark download%s\" x=\"%.1f\" y=\"%d\"><title>at %s: "
        "fetched ",
        leaks ? " leak" : "", x_of(d, download->began_ms), d->top + LANE_FAULTS,
        text_of_ms(download->began_ms - d->from_ms, text, sizeof text));
    escape_markup(d->out, span_of(download->url));
    if (leaks) {
        buf_add_text(d->out, ", with credentials in ");
        escape_markup(d->out, span_of(download->leak));
    }
    buf_add_text(d->out, "</title></use>");
}

/* For runs of too many polls to mark each: columns, the higher the more polls began
 * in their time. */
static void draw_columns(const struct drawing *d)
{
    struct {
        uint32_t count;
        uint32_t short_waits;
        enum reply_state state; /* of its last poll */
    } columns[MARKS_MAX] = {0};
    const struct trace *s = &d->e->trace;
    uint32_t most = 1;
    for (uint32_t i = 0; i < s->count; i++) {
        double part = (x_of(d, s->polls[i].began_ms) - LEFT) / (RIGHT - LEFT);
        uint32_t at = (uint32_t)(part * (MARKS_MAX - 1));
        columns[at].count++;
        columns[at].state = s->polls[i].state;
        columns[at].short_waits += i + 1 < s->count && waited_too_little(d->e, i);
        most = columns[at].count > most ? columns[at].count : most;
    }
    for (uint32_t i = 0; i < MARKS_MAX; i++) {
        double x = LEFT + (double)(RIGHT - LEFT) / MARKS_MAX * i;
        double height = 4 + 28.0 * columns[i].count / most;
        if (columns[i].count == 0)
            continue;
        buf_addf(d->out,
                 "<rect class=\"mark %s\" x=\"%.1f\" y=\"%.1f\" width=\"2\" "
                 "height=\"%.1f\"><title>%u %s"
                 "</title></rect>",
                 marks[columns[i].state].id, x, d->top + LANE_POLLS + 16 - height, height,
                 columns[i].count, text_count_word(columns[i].count, "poll", "polls"));
        buf_addf(d->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"3\" height=\"8\"/>",
                 columns[i].short_waits > 0 ? "short" : "waited", x, d->top + LANE_WAITED - 4);
    }
}

static bool shows(const struct drawing *d, const struct finding *f)
{
    return f->poll > 0 && f->poll <= d->e->trace.count;
}

static void draw_findings(const struct drawing *d)
{
    int row = 0;
    for (uint32_t i = 0; i < d->verdict->finding_count; i++) {
        const struct finding *f = &d->verdict->findings[i];
        if (!shows(d, f))
            continue;
        double x = x_of(d, d->e->trace.polls[f->poll - 1].began_ms);
        bool left = x > (LEFT + RIGHT) / 2.0;
        int y = ++row * LABEL_HEIGHT;
        buf_addf(d->out,
                 "<path class=\"broken\" d=\"M%.1f %dV%d\"/>"
                 "<text class=\"broken %s\" x=\"%.1f\" y=\"%d\">%s<title>",
                 x, y - 8, d->top + AXIS, left ? "left" : "right", x + (left ? -5 : 5), y - 2,
                 f->rule->name);
        escape_markup(d->out, span_of(f->text));
        buf_add_text(d->out, "</title></text>");
    }
}

static int labels(const struct drawing *d)
{
    int count = 0;
    for (uint32_t i = 0; i < d->verdict->finding_count; i++)
        count += shows(d, &d->verdict->findings[i]);
    return count;
}

static void describe(const struct drawing *d, const char *id)
{
    char text[32];
    buf_addf(d->out,
             "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"timeline\">"
             "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"timeline\" role=\"img\" "
             "viewBox=\"0 0 %d %d\" aria-labelledby=\"%s-title %s-what\">"
             "<title id=\"%s-title\">%s of ",
             WIDTH, d->top + HEIGHT, id, id, id,
             d->e->transport == TESTBED_DIRECT ? "The direct run" : "The run on the wire");
    escape_markup(d->out, span_of(d->e->scenario->name));
    buf_addf(d->out, "</title><desc id=\"%s-what\">%u %s in %s", id, d->e->trace.count,
             text_count_word(d->e->trace.count, "poll", "polls"),
             text_of_ms(d->span_ms, text, sizeof text));
    for (uint32_t i = 0; i < d->verdict->finding_count; i++) {
        buf_addf(d->out, "; breaks %s: ", d->verdict->findings[i].rule->name);
        escape_markup(d->out, span_of(d->verdict->findings[i].text));
    }
    buf_add_text(d->out, "</desc>");
}

void timeline(struct buf *out, const struct run_half *half, const char *id)
{
    const struct trace *s = &half->evidence.trace;
    struct drawing d = {.out = out, .e = &half->evidence, .verdict = &half->verdict};
    bool faults = false;
    bool asked = false;
    if (s->count == 0)
        return;
    d.from_ms = s->polls[0].began_ms;
    d.span_ms = last_moment(d.e) - d.from_ms;
    d.span_ms = d.span_ms < SPAN_MIN_MS ? SPAN_MIN_MS : d.span_ms;
    d.top = labels(&d) * LABEL_HEIGHT + 4;
    describe(&d, id);
    axis(&d);
    if (s->count > MARKS_MAX)
        draw_columns(&d);
    for (uint32_t i = 0; i < s->count && s->count <= MARKS_MAX; i++) {
        asked = draw_wait(&d, i) || asked;
        faults = draw_fault(&d, i) || faults;
    }
    draw_findings(&d);
    for (uint32_t i = 0; i < s->count && s->count <= MARKS_MAX; i++)
        draw_poll(&d, i);
    for (uint32_t i = 0; i < d.e->downloads.count && i < MARKS_MAX; i++)
        draw_download(&d, &d.e->downloads.list[i]);
    lanes(&d, faults, asked);
    buf_add_text(out, "</svg></div>\n");
}

#define FAULT_SHAPE "M2-8L-5 2H0L-2 8L5-2H0Z"
#define DOWNLOAD_SHAPE "M-2-7H2V0H6L0 7L-6 0H-2Z"

void timeline_marks(struct buf *out)
{
    buf_add_text(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"marks\" aria-hidden=\"true\"><defs>");
    for (int i = 0; i < MARK_COUNT; i++)
        buf_addf(out, "<path id=\"mark-%s\" d=\"%s\"/>", marks[i].id, marks[i].shape);
    buf_add_text(out,
                 "<path id=\"mark-fault\" d=\"" FAULT_SHAPE
                 "\"/><path id=\"mark-download\" d=\"" DOWNLOAD_SHAPE "\"/></defs></svg>\n");
}

#define LEGEND_SVG                                                                                 \
    "<li><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-10 -10 20 20\" "                     \
    "aria-hidden=\"true\">"

static void legend_mark(struct buf *out, const char *mark, const char *kind, const char *says)
{
    buf_addf(out, LEGEND_SVG "<use href=\"#mark-%s\" class=\"mark %s\"/></svg> %s</li>\n", mark,
             kind, says);
}

static void legend_bar(struct buf *out, const char *kind, const char *says)
{
    buf_addf(out,
             LEGEND_SVG
             "<rect class=\"%s\" x=\"-9\" y=\"-4\" width=\"18\" height=\"8\"/></svg> %s</li>\n",
             kind, says);
}

void timeline_legend(struct buf *out)
{
    buf_add_text(out, "<ul class=\"legend\" aria-label=\"what the marks mean\">\n");
    for (int i = MARK_COUNT - 1; i >= 0; i--)
        legend_mark(out, marks[i].id, marks[i].id, marks[i].says);
    legend_mark(out, "queued", "queued cut", "ring of dashes: not delivered whole");
    legend_mark(out, "fault", "fault", "a fault of the scenario");
    legend_mark(out, "download", "download", "a URL of a reply was fetched");
    legend_mark(out, "download", "download leak", "fetched with credentials");
    legend_bar(out, "took", "the reply took its time");
    legend_bar(out, "waited", "waited before the next poll");
    legend_bar(out, "short", "waited less than asked for");
    legend_bar(out, "asked", "asked for: the interval, or Retry-After");
    legend_bar(out, "rule", "a rule is broken here");
    buf_add_text(out, "</ul>\n");
}
