package io.espalier.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Reads a page of one of the services. */
final class Pages {
    private final HttpClient http = HttpClient.newHttpClient();

    /** The body of a page; throws {@link IOException} when it is not answered with 200. */
    String get(URI page) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(page + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /** The sum over all series of a metric in a page of Prometheus text. */
    static double sum(String page, String metric) {
        return page.lines()
                .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
