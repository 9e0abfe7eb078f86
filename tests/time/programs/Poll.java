// java.net.http and Thread.sleep, in a machine of many threads.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

class Poll {
    static Duration pause(Optional<String> retryAfter, String interval, String mode) {
        if (mode.equals("date") && retryAfter.isPresent()) {
            var at = ZonedDateTime.parse(retryAfter.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(Instant.now(), at);
        }
        long ms = Math.round(Double.parseDouble(interval) * 1000);
        return Duration.ofMillis(mode.equals("hasty") ? ms - 50 : ms);
    }

    public static void main(String[] words) throws Exception {
        String interval = words[3], mode = words[4];
        var client = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create(words[0] + "/v1/video/generations/" + words[1]))
            .header("Authorization", "Bearer " + words[2])
            .timeout(Duration.ofSeconds(mode.equals("timeout") ? 2 : 60))
            .build();
        for (int polls = 0; polls < 50; polls++) {
            Optional<String> retryAfter = Optional.empty();
            try {
                var reply = client.send(request, BodyHandlers.ofString());
                retryAfter = reply.headers().firstValue("Retry-After");
                if (reply.body().contains("\"status\": \"success\""))
                    System.exit(0);
            } catch (HttpTimeoutException late) {
                // asked again an interval later
            }
            long ns = pause(retryAfter, interval, mode).toNanos();
            Thread.sleep(Math.max(0, (ns + 999_999) / 1_000_000));
        }
        System.exit(1);
    }
}
