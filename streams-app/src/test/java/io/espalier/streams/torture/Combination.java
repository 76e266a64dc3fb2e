package io.espalier.streams.torture;

/** What is promised of each record, and how members share the work. */
enum Combination {
    EXACTLY_ONCE_CLASSIC("exactly_once_v2", "classic"),
    EXACTLY_ONCE_STREAMS("exactly_once_v2", "streams"),
    AT_LEAST_ONCE_CLASSIC("at_least_once", "classic"),
    AT_LEAST_ONCE_STREAMS("at_least_once", "streams");

    final String guarantee;
    final String protocol;

    Combination(String guarantee, String protocol) {
        this.guarantee = guarantee;
        this.protocol = protocol;
    }

    boolean isExactlyOnce() {
        return guarantee.equals("exactly_once_v2");
    }
}
