// Polls a task every five seconds until it has succeeded, as plainly as it goes: Hour URL TOKEN
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Hour {
    public static void main(String[] args) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[0]))
                .header("Authorization", "Bearer " + args[1]).build();
        Pattern url = Pattern.compile("\"status\": \"success\".*?\"(http[^\"]*)\"", Pattern.DOTALL);
        for (;;) {
            Matcher found = url.matcher(client.send(request, BodyHandlers.ofString()).body());
            if (found.find()) {
                System.out.println(found.group(1));
                return;
            }
            Thread.sleep(5000);
        }
    }
}
