package io.espalier.streams.kafka;

/**
 * A setting of a topic that does not do.
 *
 * @param isFatal whether records would be lost or the stream would stop
 * @param needed what it should be
 * @param because what happens otherwise
 */
record TopicProblem(
        boolean isFatal, String topic, String setting, String value, String needed, String because, String mend) {
    /** A problem that one setting of the topic mends. */
    static TopicProblem ofConfig(boolean isFatal, ExistingTopic topic, String setting, String needed, String because) {
        String written = needed.contains(",") ? "[" + needed + "]" : needed;
        return new TopicProblem(
                isFatal,
                topic.name(),
                setting,
                topic.value(setting),
                needed,
                because,
                "kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name " + topic.name()
                        + " --add-config " + setting + "=" + written);
    }

    /** On one line; {@code bootstrapServers} for the command that mends it. */
    String describe(String bootstrapServers) {
        return "topic " + topic + " has " + setting + "=" + value + " and needs " + needed + ": " + because
                + "; mend it with: " + mend.replace("BROKER", bootstrapServers);
    }
}
