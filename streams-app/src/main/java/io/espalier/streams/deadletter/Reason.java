package io.espalier.streams.deadletter;

import java.util.Locale;

/** Why a record was refused, by us or, with one of ours, by the broker: a header of the dead letter, and a label of its counter. */
public enum Reason {
    /** The value is no activation batch, or says what cannot be counted. */
    UNDECODABLE,
    /** The record's key is not that of the shard or model its value speaks of. */
    KEY_MISMATCH,
    /** Units or positions differ from those the shard is counted with. */
    SHAPE_MISMATCH,
    /** The event time lies before the window. */
    LATE,
    /** The event time lies ahead of the clock by more than a publisher's clock may be off. */
    EARLY,
    /** The state that it would need is more than the instance may take. */
    OVER_BUDGET,
    /** The value of a JSON topic is not the record it should be. */
    BAD_JSON,
    /** A record of ours is larger than what its topic takes. */
    TOO_LARGE,
    /** A record of ours cannot be put in bytes, or the broker refused it for what it is. */
    UNWRITABLE,
    /** Anything else; the detail header says what. */
    OTHER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
