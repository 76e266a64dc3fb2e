package io.espalier.protocol;

/**
 * The topics of one installation, all under one prefix.
 *
 * @param prefix what every name starts with, {@value #DEFAULT_PREFIX} unless configured
 */
public record Topics(String prefix) {
    public static final String DEFAULT_PREFIX = "espalier.";

    /** Sampled activation codes, keyed by {@link ShardKey}; protobuf. */
    public String activations() {
        return prefix + "activations";
    }

    /** Model descriptors, keyed by {@link VersionKey}; JSON, compacted. */
    public String models() {
        return prefix + "models";
    }

    /** Scores per capture point and unit, keyed by {@link ShardKey}; JSON, compacted. */
    public String expressiveness() {
        return prefix + "expressiveness";
    }

    /** Pruning policies, keyed by model; JSON, compacted. */
    public String policies() {
        return prefix + "policies";
    }

    /** Pruning recommendations, keyed by model; JSON. */
    public String recommendations() {
        return prefix + "recommendations";
    }

    /** Model versions with their verdict, keyed by {@link VersionKey}; JSON, compacted. */
    public String versions() {
        return prefix + "versions";
    }

    /** Removed units that came back, keyed by model; JSON. */
    public String regrets() {
        return prefix + "regrets";
    }

    /** Sampling rates per capture point, keyed by {@link VersionKey}; JSON, compacted. */
    public String control() {
        return prefix + "control";
    }

    /** A bounded sample of inputs, keyed by {@link VersionKey}; protobuf, off by default. */
    public String inputs() {
        return prefix + "inputs";
    }

    /** What could not be understood: key and value as received, the reason in headers. */
    public String deadLetters() {
        return prefix + "dead-letters";
    }
}
