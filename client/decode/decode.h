/* Decoders: the tree of one 2xx reply in, a typed struct or the common view out. One file each.
 *
 * Two functions per upstream. U_decode reads every documented field into struct U_reply, whose
 * pointers are lent by the tree and live as long as it. U_view reads what all upstreams share.
 * Both are pure: no I/O, no clock, no state between calls.
 *
 *   0             everything is set. U_view: out->error may be a refusal that came with a 2xx
 *   ERR_CONTRACT  a field that decides is missing or of the wrong kind; e->where is its pointer
 *   ERR_LIMIT     an id, code, status or URL is longer than its place; e->where is its pointer
 *
 * Lenient, in every decoder:
 *   - fields that are not listed are skipped; null is absent; absent is 0, "" or -1 (progress)
 *   - an integer may come as a string that spells it; an id, code or status word as a number
 *   - status words match in any case, and are kept as they came; a new word is TASK_UNKNOWN
 *   - times are seconds or (1e11 and more) milliseconds; 0, "" and null are "not yet"
 *   - fields that decide nothing (sizes, names, lists, progress) may be of any kind, or unreadable
 *     (json.h)
 *   - a reason longer than the view holds is cut and marked: it is for people
 * Refused:
 *   - a root, data or error that is not an object (video's error may be a text, or a list of them);
 *     a list that is not one
 *   - a missing or null status, code (where there is an envelope) or data
 *   - an id, code, status, reason, URL or time of the wrong kind, or unreadable
 *   - an id, code, status or URL longer than the view holds */
#ifndef UNDERSTUDY_CLIENT_DECODE_DECODE_H
#define UNDERSTUDY_CLIENT_DECODE_DECODE_H

#include "client/client.h"
#include "fields.h"
#include "refusal.h"
#include "view_fill.h"
#include "base/err.h"
#include "base/json/json.h"

/* *out has been cleared by view_clear; on error it may be half filled. */
typedef int decode_fn(const struct json *root, struct task_view *out, struct err *e);

/* -- zego-stream, zego-drive ------------------------------------------------------------------ */

struct zego_envelope {
    int64_t code; /* 0: data follows */
    const char *message;
    const char *request_id;
};

struct zego_stream_reply {
    struct zego_envelope envelope; /* code: the rest is not read */
    int64_t status;                /* 1 initialising 2 failed 3 streaming 4 stopping 5 stopped */
    const char *room_id;
    const char *stream_id;
    const char *fail_reason; /* has meaning with status 2 only */
    int64_t create_ms;
};

struct zego_drive {
    char id[TASK_ID_MAX];
    int64_t status; /* 1 queued 2 playing 3 failed 4 ended */
};

/* Called for each drive in the reply's order. */
typedef void zego_drive_visit(const struct zego_drive *drive, void *arg);

struct zego_drive_reply {
    struct zego_envelope envelope;
    size_t drives;
};

int zego_stream_decode(const struct json *root, struct zego_stream_reply *out, struct err *e);
int zego_drive_decode(const struct json *root, struct zego_drive_reply *out,
                      zego_drive_visit *visit, void *arg, struct err *e);
decode_fn zego_stream_view, zego_drive_view;

extern const struct refusal_code zego_codes[];

/* Inside the ZEGO decoders: the envelope, and the Data that must come with code 0. */
struct fields zego_envelope_read(const struct fields *root, struct zego_envelope *out);

/* -- newapi, and the records it shares with avatar's resellers --------------------------------- */

/* The inside of data in both dialects: the record in upper case, the provider's reply in lower. */
struct newapi_record {
    char task_id[TASK_ID_MAX];
    char status[TASK_STATUS_MAX];
    /* the record */
    const char *action;
    const char *notify_hook;
    const char *fail_reason; /* the URL on SUCCESS until early 2026 */
    const char *result_url;  /* the URL on SUCCESS; repeats the reason on FAILURE */
    int progress;
    int64_t submit_ms;
    int64_t start_ms;
    int64_t finish_ms;
    int64_t record_id;
    int64_t created_ms;
    int64_t updated_ms;
    int64_t user_id;
    int64_t channel_id;
    int64_t quota;
    const char *platform;
    const char *group;
    /* the provider's reply */
    const char *url;
    const char *format;
    char error_code[TASK_CODE_MAX];
    const char *error_message;
};

struct newapi_reply {
    char code[TASK_CODE_MAX]; /* "success" */
    const char *message;
    struct newapi_record record;
};

int newapi_decode(const struct json *root, struct newapi_reply *out, struct err *e);
decode_fn newapi_view;

/* -- doubao ----------------------------------------------------------------------------------- */

struct doubao_reply {
    char code[TASK_CODE_MAX]; /* "success" */
    char task_id[TASK_ID_MAX];
    const char *action;
    char status[TASK_STATUS_MAX];
    int progress;
    const char *fail_reason; /* on success the URL, on failure the reason */
    int64_t submit_ms;
    int64_t start_ms;
    int64_t finish_ms;
};

int doubao_decode(const struct json *root, struct doubao_reply *out, struct err *e);
decode_fn doubao_view;

/* -- video ------------------------------------------------------------------------------------ */

struct video_reply {
    char task_id[TASK_ID_MAX];
    char status[TASK_STATUS_MAX];
    const char *url;
    const char *format;
    double duration_s;
    int64_t fps;
    int64_t width;
    int64_t height;
    int64_t seed;
    char error_code[TASK_CODE_MAX];
    const char *error_message;
};

int video_decode(const struct json *root, struct video_reply *out, struct err *e);
decode_fn video_view;

/* -- avatar ----------------------------------------------------------------------------------- */

struct avatar_reply {
    char id[TASK_ID_MAX];
    const char *sing_title; /* ext. */
    const char *track_info;
    const char *animate_channel;
    const char *singer;
    const char *file_type;
    const char *work_name;
    const char *animate_id;
    const struct json *play_types; /* lists: walk them with json_first and json_next */
    bool vip_enable;
    int64_t create_ms;
    const char *music_title;
    const char *template_id;
    const char *user_image_url;
    const char *work_webp_path;
    int64_t web_work_status; /* 200 done 100 generating 0 waiting, negative failed */
    const char *work_video_path;
    const char *share_magic_text;
    const struct json *example_image_url; /* relative paths */
    const struct json *picture_path_list;
    const char *primary_play_type;
    bool tmp_online_enable;
    double webp_aspect_ratio;
    const char *animate_params_str; /* JSON inside a string */
    double video_aspect_ratio;
    const char *wm_work_video_path;
    int64_t template_create_ms;
    const char *no_wm_work_video_path;
};

int avatar_decode(const struct json *root, struct avatar_reply *out, struct err *e);
decode_fn avatar_view; /* also reads the resellers' envelope */

/* -- auto: video, doubao and newapi on their shared path ---------------------------------------
 *
 * Each body is judged alone, so a task may change its dialect from one poll to the next:
 *   - a status at the root: flat, read as video
 *   - else a code or data at the root: enveloped, read as newapi, which knows doubao's words too
 *   - else flat: {"error": {...}} is a refusal in every dialect, anything else lacks its status
 * Not as the body's own decoder reads it:
 *   - doubao's envelope with a field that only newapi has: its URL, reason and kinds count */
decode_fn auto_view;

/* -- What decoders share ---------------------------------------------------------------------- */

struct state_word {
    const char *word;
    enum task_state state;
};

/* The state of a word in any case; ends with a NULL word. */
enum task_state state_of_word(const struct state_word *words, const char *word);

/* True, and *out filled, when the body refuses: {"error": {...}}, or a code that is not "success".
 * own_status is the key of a status at the root: a body that has one is an answer, whatever else it
 * holds. NULL: this upstream has no status at the root. */
bool gateway_refused(const struct json *root, const char *own_status, struct task_view *out);

/* Reads {"code": "success", "data": {"status": ...}}: copies the code, returns the
 * members of data. */
struct fields gateway_data(const struct fields *root, char *code, size_t code_size);

bool is_web_url(const char *text); /* http:// or https:// */

/* The inside of data, and what it says in the view. */
void newapi_record_read(const struct fields *data, struct newapi_record *out);
void newapi_record_view(const struct newapi_record *record, struct reading *r,
                        struct task_view *out);

extern const struct refusal_code gateway_codes[]; /* of newapi, doubao, video and avatar */

#endif
