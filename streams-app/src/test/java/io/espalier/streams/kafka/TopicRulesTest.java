package io.espalier.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.streams.settings.StreamsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicRulesTest {
    private static final int MAX_BYTES = 8 << 20;

    private final TopicPlan plan = new TopicPlan(StreamsSettings.of(Map.of(
                    "espalier.kafka.bootstrap.servers", "b:1", "espalier.topics.max-message-bytes", "" + MAX_BYTES))
            .topics());
    private final TopicRules rules = new TopicRules(MAX_BYTES, Optional.of((short) 2));

    @Test
    void aTopicAsItIsPlannedHasNoProblem() {
        for (PlannedTopic planned : plan.topics()) {
            assertThat(rules.problems(planned, existing(planned, Map.of())))
                    .as(planned.name())
                    .isEmpty();
        }
    }

    @Test
    void moreOfAnythingIsNoProblem() {
        Map<String, String> more = Map.of("max.message.bytes", "99999999", "retention.ms", "9999999999999");
        for (PlannedTopic planned : plan.topics()) {
            ExistingTopic topic = existing(planned, more);
            ExistingTopic wide = new ExistingTopic(topic.name(), 50, 5, topic.config());
            assertThat(rules.problems(planned, wide)).as(planned.name()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policies | cleanup.policy | delete | true",
                "models | cleanup.policy | delete | true",
                "versions | cleanup.policy | compact,delete | true",
                "control | cleanup.policy | delete | true",
                "activations | cleanup.policy | compact | true",
                "dead-letters | cleanup.policy | compact,delete | true",
                "expressiveness | cleanup.policy | delete | false",
                "recommendations | cleanup.policy | compact | false",
                "inputs | cleanup.policy | compact | false",
                "expressiveness | max.message.bytes | 1048588 | true",
                "recommendations | max.message.bytes | 1048588 | true",
                "activations | max.message.bytes | 1048588 | false",
                "activations | retention.ms | 60000 | false",
                "recommendations | retention.ms | 60000 | false",
                "models | min.insync.replicas | 3 | true",
            })
    void whatDoesNotDoIsNamedWithItsMend(String name, String setting, String value, boolean isFatal) {
        PlannedTopic planned = planned(name);
        List<TopicProblem> problems = rules.problems(planned, existing(planned, Map.of(setting, value)));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isFatal()).isEqualTo(isFatal);
            assertThat(problem.describe("b:1"))
                    .startsWith("topic espalier." + name + " has " + setting + "=" + value + " and needs ")
                    .contains(
                            "kafka-configs.sh --bootstrap-server b:1 --alter --entity-type topics --entity-name espalier."
                                    + name + " --add-config " + setting + "=")
                    .doesNotContain("\n");
        });
    }

    @Test
    void aCompactedTopicThatDeletesNothingByAgeOrSizeDoes() {
        PlannedTopic planned = planned("versions");
        Map<String, String> unlimited =
                Map.of("cleanup.policy", "compact,delete", "retention.ms", "-1", "retention.bytes", "-1");
        assertThat(rules.problems(planned, existing(planned, unlimited))).isEmpty();
    }

    @Test
    void fewerReplicasThanAskedForAreNamed() {
        PlannedTopic planned = planned("models");
        ExistingTopic topic = existing(planned, Map.of());
        assertThat(rules.problems(planned, new ExistingTopic(topic.name(), 1, 1, topic.config())))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.isFatal()).isFalse();
                    assertThat(problem.describe("b:1")).contains("replication=1 and needs 2");
                });
    }

    @Test
    void whatMayNotBeReadIsNotJudged() {
        for (PlannedTopic planned : plan.topics()) {
            assertThat(rules.problems(planned, new ExistingTopic(planned.name(), 1, 2, Map.of())))
                    .isEmpty();
        }
    }

    @Test
    void changelogsOfOtherSettingsAreMendedWhereTheyAreWorse() {
        Map<String, String> changelog = Map.of(
                "max.message.bytes",
                "" + MAX_BYTES,
                "segment.bytes",
                "67108864",
                "min.cleanable.dirty.ratio",
                "0.1",
                "max.compaction.lag.ms",
                "3600000");
        InternalTopicRules internal = new InternalTopicRules(changelog, rules);
        Map<String, String> config = new HashMap<>(changelog);
        config.put("cleanup.policy", "compact");
        config.put("retention.ms", "604800000");
        config.put("retention.bytes", "-1");
        config.put("segment.bytes", "1048576");
        assertThat(internal.mends(new ExistingTopic("a-panes-changelog", 4, 2, config)))
                .isEmpty();

        config.putAll(Map.of(
                "cleanup.policy",
                "delete",
                "max.message.bytes",
                "1048588",
                "segment.bytes",
                "1073741824",
                "min.cleanable.dirty.ratio",
                "0.5",
                "max.compaction.lag.ms",
                "9223372036854775807"));
        assertThat(internal.mends(new ExistingTopic("a-panes-changelog", 4, 2, config)))
                .containsEntry("cleanup.policy", "compact")
                .containsAllEntriesOf(changelog);
        assertThat(internal.mends(new ExistingTopic("a-inputs-repartition", 4, 2, config)))
                .containsExactly(Map.entry("max.message.bytes", "" + MAX_BYTES));
    }

    @Test
    void stateThatWasKeptByOtherPartitionsStopsTheStart() {
        InternalTopicRules internal = new InternalTopicRules(Map.of(), rules);
        ExistingTopic topic = new ExistingTopic("a-panes-changelog", 4, 2, Map.of("min.insync.replicas", "1"));
        assertThat(internal.problems(topic, 4)).isEmpty();
        assertThat(internal.problems(topic, 8)).singleElement().satisfies(problem -> {
            assertThat(problem.isFatal()).isTrue();
            assertThat(problem.describe("b:1")).contains("partitions=4 and needs 8", "espalier streams reset");
        });
    }

    private PlannedTopic planned(String name) {
        return plan.topics().stream()
                .filter(topic -> topic.name().equals("espalier." + name))
                .findFirst()
                .orElseThrow();
    }

    /** As a broker would describe the topic that the plan makes, with 2 replicas, and {@code changes} to it. */
    private ExistingTopic existing(PlannedTopic planned, Map<String, String> changes) {
        Map<String, String> config =
                new HashMap<>(Map.of("retention.ms", "604800000", "retention.bytes", "-1", "min.insync.replicas", "1"));
        config.putAll(plan.newTopic(planned).configs());
        config.putAll(changes);
        return new ExistingTopic(planned.name(), 4, 2, config);
    }
}
