import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.internal.Version;

/** One GET a URL by OkHttp; for each a line, "got STATUS BYTES" or "error NAME". Without a URL: its version. */
class DriveOkHttp {
    public static void main(String[] urls) {
        if (urls.length == 0) {
            System.out.println(Version.userAgent().replace("okhttp/", ""));
        }
        OkHttpClient client = new OkHttpClient();
        for (String url : urls) {
            try (Response reply = client.newCall(new Request.Builder().url(url).build()).execute()) {
                System.out.println("got " + reply.code() + " " + reply.body().bytes().length);
            } catch (Exception lost) {
                System.out.println("error " + lost.getClass().getSimpleName());
            }
        }
        System.exit(0);
    }
}
