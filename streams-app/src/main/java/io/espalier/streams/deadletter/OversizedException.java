package io.espalier.streams.deadletter;

/** A record of ours that its topic would not take; made before it is handed to a producer. */
public final class OversizedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient byte[] value;

    OversizedException(String topic, byte[] value, int maxBytes) {
        super("a record of " + value.length + " bytes, where " + topic + " takes " + maxBytes
                + ": raise espalier.topics.max-message-bytes");
        this.value = value;
    }

    byte[] value() {
        return value;
    }
}
