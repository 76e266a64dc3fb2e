package io.espalier.streams.torture;

/** What a service says on {@code /metrics}, in the text format of Prometheus. */
record Metrics(String text) {
    /** Sum of all series whose line begins so; of whole numbers. */
    long sum(String start) {
        return (long) text.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
