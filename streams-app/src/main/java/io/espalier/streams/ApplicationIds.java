package io.espalier.streams;

import java.util.List;

/** What the parts of an installation are called by the brokers: consumer groups, and the start of internal topics' names. */
record ApplicationIds(String installation) {
    String overlap() {
        return installation + "-overlap";
    }

    String planning() {
        return installation + "-planning";
    }

    /** A consumer group only. */
    String compressor() {
        return installation + "-compressor";
    }

    /** The Kafka Streams applications. */
    List<String> streams() {
        return List.of(overlap(), planning());
    }
}
