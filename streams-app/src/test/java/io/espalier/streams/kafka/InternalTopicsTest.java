package io.espalier.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.junit.jupiter.api.Test;

final class InternalTopicsTest {
    @Test
    void aChangelogHasAPartitionPerTaskAndARepartitionTopicOnePerTaskBeforeIt() {
        InternalTopics topics = new InternalTopics("app", twiceRepartitioned());
        assertThat(topics.partitions(Map.of("small", 2, "large", 6, "elsewhere", 50)))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("app-first-repartition", 6, "app-second-repartition", 6, "app-counts-changelog", 6));
    }

    @Test
    void nothingIsSaidOfTopicsBehindSourcesThatAreNotKnown() {
        assertThat(new InternalTopics("app", twiceRepartitioned()).partitions(Map.of("elsewhere", 1)))
                .isEmpty();
    }

    @Test
    void internalTopicsAreThoseOfTheApplicationAndNoOthers() {
        assertThat(InternalTopics.isInternal("app", "app-counts-changelog")).isTrue();
        assertThat(InternalTopics.isInternal("app", "app-first-repartition")).isTrue();
        assertThat(InternalTopics.isInternal("app", "app-recommendations")).isFalse();
        assertThat(InternalTopics.isInternal("app", "app2-counts-changelog")).isFalse();
        assertThat(InternalTopics.isInternal("app", "counts-changelog")).isFalse();
    }

    private static Topology twiceRepartitioned() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("small")
                .merge(builder.stream("large"))
                .repartition(Repartitioned.<String, String>as("first").withKeySerde(Serdes.String()))
                .selectKey((key, value) -> value)
                .repartition(Repartitioned.<String, String>as("second").withKeySerde(Serdes.String()))
                .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
                .count(Materialized.as("counts"));
        return builder.build();
    }
}
