package io.espalier.streams.http;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The header {@code Link} (RFC 8288) that leads on: the same request with one parameter changed. */
final class NextPage {
    static final String HEADER = "Link";

    private NextPage() {}

    static void at(Context context, String parameter, String value) {
        Map<String, List<String>> parameters = new TreeMap<>(context.queryParamMap());
        parameters.put(parameter, List.of(value));
        String query = parameters.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(each -> encoded(entry.getKey()) + "=" + encoded(each)))
                .collect(Collectors.joining("&"));
        context.header(HEADER, "<" + context.req().getRequestURI() + "?" + query + ">; rel=\"next\"");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
