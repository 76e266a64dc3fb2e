package io.espalier.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.runtime.FloatTensor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that send images over HTTP, one a request, over and over, as fast as they are answered or at a given pace.
 * Owns its threads until {@link #close}.
 */
final class Traffic implements AutoCloseable {
    private static final int CLIENTS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final URI infer;
    private final Images images;
    private final long most;
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger(CLIENTS);
    private volatile String failure;
    private volatile boolean stopped;

    /**
     * Clients that do not send yet.
     *
     * @param infer the inference endpoint
     * @param most requests in all; {@link Long#MAX_VALUE} for no end
     */
    Traffic(URI infer, Images images, long most) {
        this.infer = infer;
        this.images = images;
        this.most = most;
    }

    /** Starts to send, at most {@code perSecond} requests a second, or without a limit when it is 0. */
    void start(int perSecond) {
        for (int client = 0; client < CLIENTS; client++) {
            clients.execute(() -> run(perSecond));
        }
    }

    /** Requests answered with 200. */
    long answered() {
        return answered.get();
    }

    /** Whether all requests are answered; throws {@link IllegalStateException} when one was not answered with 200. */
    boolean isDone() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return running.get() == 0;
    }

    private void run(int perSecond) {
        try {
            long request;
            while (!stopped && (request = started.getAndIncrement()) < most) {
                send((int) (request % images.count()));
                if (perSecond > 0) {
                    TimeUnit.MILLISECONDS.sleep(1000L * CLIENTS / perSecond);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            failure = stopped ? null : "a request to " + infer + " failed: " + e.getMessage();
        } finally {
            running.decrementAndGet();
        }
    }

    private void send(int image) throws IOException, InterruptedException {
        FloatTensor pixels = images.batch(image, image + 1);
        Map<String, Object> input =
                Map.of("name", "x", "shape", pixels.shape(), "datatype", "FP32", "data", pixels.data());
        HttpRequest request = HttpRequest.newBuilder(infer)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(Map.of("inputs", List.of(input)))))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("answer " + response.statusCode() + ": " + response.body());
        }
        answered.incrementAndGet();
    }

    @Override
    public void close() {
        stopped = true;
        clients.shutdownNow();
        try {
            clients.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
