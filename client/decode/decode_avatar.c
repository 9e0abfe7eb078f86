/* avatar: the finished record of a digital human, flat; or a reseller's envelope around newapi's
 * record. */
#include "decode.h"

int avatar_decode(const struct json *root, struct avatar_reply *out, struct err *e)
{
    struct reading r = {.e = e};
    struct fields f = fields_of(root, &r);
    field_word(&f, "id", out->id, sizeof out->id);
    struct fields ext = note_object(&f, "ext");
    out->sing_title = note_text(&ext, "sing_title");
    out->track_info = note_text(&ext, "track_info");
    out->animate_channel = note_text(&ext, "animate_channel");
    out->singer = note_text(&f, "singer");
    out->file_type = note_text(&f, "file_type");
    out->work_name = note_text(&f, "work_name");
    out->animate_id = note_text(&f, "animate_id");
    out->play_types = note_list(&f, "play_types");
    out->vip_enable = note_bool(&f, "vip_enable");
    out->create_ms = field_time_ms(&f, "create_time");
    out->music_title = note_text(&f, "music_title");
    out->template_id = note_text(&f, "template_id");
    out->user_image_url = note_text(&f, "user_image_url");
    out->work_webp_path = note_text(&f, "work_webp_path");
    field_need(&f, "web_work_status");
    out->web_work_status = field_int(&f, "web_work_status");
    out->work_video_path = field_text(&f, "work_video_path");
    out->share_magic_text = note_text(&f, "share_magic_text");
    out->example_image_url = note_list(&f, "example_image_url");
    out->picture_path_list = note_list(&f, "picture_path_list");
    out->primary_play_type = note_text(&f, "primary_play_type");
    out->tmp_online_enable = note_bool(&f, "tmp_online_enable");
    out->webp_aspect_ratio = note_double(&f, "webp_aspect_ratio");
    out->animate_params_str = note_text(&f, "animate_params_str");
    out->video_aspect_ratio = note_double(&f, "video_aspect_ratio");
    out->wm_work_video_path = field_text(&f, "wm_work_video_path");
    out->template_create_ms = note_time_ms(&f, "template_create_time");
    out->no_wm_work_video_path = field_text(&f, "no_wm_work_video_path");
    return r.code;
}

static enum task_state state_of(int64_t web_work_status)
{
    switch (web_work_status) {
    case 200: return TASK_SUCCEEDED;
    case 100: return TASK_RUNNING;
    case 0: return TASK_QUEUED;
    default: return web_work_status < 0 ? TASK_FAILED : TASK_UNKNOWN;
    }
}

/* The first path that is not empty, the one without a watermark before the one with it. */
static void read_url(const struct fields *f, struct task_view *out)
{
    static const char *const keys[] = {"work_video_path", "no_wm_work_video_path",
                                       "wm_work_video_path"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && out->url[0] == '\0'; i++) {
        field_text(f, keys[i]); /* a number is no URL */
        field_word(f, keys[i], out->url, sizeof out->url);
    }
}

static int flat_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct avatar_reply reply;
    struct reading r = {.e = e};
    r.code = avatar_decode(root, &reply, e);
    if (r.code != 0)
        return r.code;
    out->state = state_of(reply.web_work_status);
    out->created_ms = reply.create_ms;
    view_int(reply.web_work_status, out->status, sizeof out->status);
    view_text(&r, "/id", reply.id, out->id, sizeof out->id);
    if (out->state == TASK_SUCCEEDED) {
        struct fields f = fields_of(root, &r);
        read_url(&f, out);
    }
    return r.code;
}

/* A reseller's reply: newapi's envelope and status words, with the flat record at data.data. */
static int reseller_view(const struct json *root, struct task_view *out, struct err *e)
{
    struct reading r = {.e = e};
    r.code = newapi_view(root, out, e);
    if (r.code == 0 && out->state == TASK_SUCCEEDED && out->url[0] == '\0') {
        struct fields f = fields_of(root, &r);
        struct fields data = field_object(&f, "data");
        struct fields record = note_object(&data, "data");
        read_url(&record, out);
    }
    return r.code;
}

int avatar_view(const struct json *root, struct task_view *out, struct err *e)
{
    bool flat = json_kind(json_get(root, "web_work_status")) > JSON_NULL;
    if (gateway_refused(root, "web_work_status", out))
        return 0;
    if (!flat && json_kind(json_get(root, "data")) > JSON_NULL)
        return reseller_view(root, out, e);
    return flat_view(root, out, e);
}
