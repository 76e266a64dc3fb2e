package io.espalier.streams.http;

import io.espalier.streams.query.UnavailableException;
import io.javalin.http.Context;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Other instances of the application, over HTTP. No thread waits for their answers: all threads of two instances could
 * else wait for each other.
 */
final class Peers {
    /** Of requests that another instance sends on, and that are not sent on again. */
    static final String FORWARDED = "Espalier-Forwarded";

    private static final List<String> REQUEST_HEADERS = List.of("Accept", "Content-Type");

    private final HttpClient client;
    private final Duration timeout;

    /**
     * Connects to nobody yet.
     *
     * @param timeout how long one may take to answer, from the start of the connection to the last byte
     */
    Peers(Duration timeout) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
        this.timeout = timeout;
    }

    static boolean isForwarded(Context context) {
        return context.header(FORWARDED) != null;
    }

    /** Sends a request as it came, whatever its method; what fails, fails with {@link UnavailableException}. */
    CompletableFuture<HttpResponse<byte[]>> send(Context context, HostInfo to) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(context, to))
                .timeout(timeout)
                .header(FORWARDED, "1")
                .method(context.method().name(), BodyPublishers.ofByteArray(context.bodyAsBytes()));
        for (String name : REQUEST_HEADERS) {
            String value = context.header(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray())
                // The timeout of the request is over once the headers are there; the body may stall as well.
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    throw silent(to, failure instanceof CompletionException ? failure.getCause() : failure);
                });
    }

    private static URI uri(Context context, HostInfo to) {
        String host = to.host().contains(":") ? "[" + to.host() + "]" : to.host();
        String query = context.queryString() == null ? "" : "?" + context.queryString();
        return URI.create("http://" + host + ":" + to.port() + context.req().getRequestURI() + query);
    }

    private UnavailableException silent(HostInfo peer, Throwable failure) {
        String why;
        if (failure instanceof HttpConnectTimeoutException || failure instanceof ConnectException) {
            why =
                    "cannot be reached: it may have ended, or espalier.application.server there is not what others reach it at";
        } else if (failure instanceof TimeoutException || failure instanceof java.net.http.HttpTimeoutException) {
            why = "did not answer within " + timeout.toMillis() + " ms";
        } else {
            why = "broke off (" + failure.getMessage() + ")";
        }
        return new UnavailableException(
                "instance " + peer.host() + ":" + peer.port() + " " + why + "; try again shortly", failure);
    }
}
