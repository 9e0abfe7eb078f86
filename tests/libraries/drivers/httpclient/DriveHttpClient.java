import org.apache.http.client.ServiceUnavailableRetryStrategy;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.DefaultServiceUnavailableRetryStrategy;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;
import org.apache.http.util.VersionInfo;

/** One GET a URL by Apache HttpClient 4: DriveHttpClient plain|retry URL...; a line each, "got STATUS BYTES" or "error NAME". */
class DriveHttpClient {
    public static void main(String[] words) throws Exception {
        if (words.length == 1) {
            System.out.println(VersionInfo.loadVersionInfo("org.apache.http.client", null).getRelease());
        }
        var builder = HttpClients.custom();
        if (words[0].equals("retry")) {
            ServiceUnavailableRetryStrategy strategy = new DefaultServiceUnavailableRetryStrategy(5, 1000);
            builder.setServiceUnavailableRetryStrategy(strategy);
        }
        try (var client = builder.build()) {
            for (int i = 1; i < words.length; i++) {
                try (CloseableHttpResponse reply = client.execute(new HttpGet(words[i]))) {
                    int bytes = EntityUtils.toByteArray(reply.getEntity()).length;
                    System.out.println("got " + reply.getStatusLine().getStatusCode() + " " + bytes);
                } catch (Exception lost) {
                    System.out.println("error " + lost.getClass().getSimpleName());
                }
            }
        }
    }
}
