import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** One GET a URL by what the JDK brings: Drive client|connection URL...; for each a line, "got STATUS BYTES" or "error NAME". */
class Drive {
    public static void main(String[] words) {
        if (words.length == 1) {
            System.out.println("JDK " + System.getProperty("java.version"));
        }
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 1; i < words.length; i++) {
            try {
                if (words[0].equals("client")) {
                    var reply = client.send(HttpRequest.newBuilder(URI.create(words[i])).build(), BodyHandlers.ofByteArray());
                    System.out.println("got " + reply.statusCode() + " " + reply.body().length);
                } else {
                    var connection = (HttpURLConnection) new URL(words[i]).openConnection();
                    int status = connection.getResponseCode();
                    try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                        System.out.println("got " + status + " " + body.readAllBytes().length);
                    }
                }
            } catch (Exception lost) {
                System.out.println("error " + lost.getClass().getSimpleName());
            }
        }
        System.exit(0);
    }
}
