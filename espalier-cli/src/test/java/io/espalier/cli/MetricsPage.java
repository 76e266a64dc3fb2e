package io.espalier.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Serves a service's metrics from a resource, {@code metrics/NAME.txt}, as a busy service would: each scrape finds all
 * counters and histograms grown by the numbers in the file. Gauge histograms grow too; no expression minds.
 */
final class MetricsPage implements AutoCloseable {
    private static final String TYPE = "# TYPE ";

    private final List<String> lines;
    private final Set<String> growing = new HashSet<>();
    private final AtomicInteger scrapes = new AtomicInteger();
    private final HttpServer server;

    private MetricsPage(List<String> lines, HttpServer server) {
        this.lines = lines;
        this.server = server;
        lines.stream()
                .filter(line -> line.startsWith(TYPE) && !line.endsWith(" gauge"))
                .forEach(line -> growing.add(family(line)));
    }

    /** @param shown which metric families (names of the TYPE lines) are served */
    static MetricsPage serve(String name, Predicate<String> shown) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        MetricsPage page = new MetricsPage(
                lines(name).stream().filter(line -> shown.test(family(line))).toList(), server);
        server.createContext("/metrics", exchange -> {
            byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return page;
    }

    /** Names of the metric families in the file. */
    static List<String> families(String name) {
        return lines(name).stream()
                .filter(line -> line.startsWith(TYPE))
                .map(MetricsPage::family)
                .toList();
    }

    String target() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private String text() {
        int scrape = scrapes.incrementAndGet();
        return lines.stream().map(line -> at(scrape, line) + "\n").collect(Collectors.joining());
    }

    private String at(int scrape, String line) {
        if (line.startsWith(TYPE) || !growing.contains(family(line))) {
            return line;
        }
        int value = line.lastIndexOf(' ') + 1;
        return line.substring(0, value)
                + String.format(Locale.ROOT, "%f", scrape * Double.parseDouble(line.substring(value)));
    }

    private static String family(String line) {
        if (line.startsWith(TYPE)) {
            return line.substring(TYPE.length(), line.lastIndexOf(' '));
        }
        return line.substring(0, line.indexOf(' ')).replaceFirst("\\{.*", "").replaceFirst("_(bucket|sum|count)$", "");
    }

    static List<String> lines(String name) {
        String resource = "metrics/" + name + ".txt";
        try (InputStream in = MetricsPage.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no resource " + resource, e);
        }
    }
}
