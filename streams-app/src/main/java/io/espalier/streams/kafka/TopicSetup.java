package io.espalier.streams.kafka;

import io.espalier.settings.SettingsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that are missing, and looks at those that are there before anything relies on them. A topic of the plan
 * belongs to who made it: what is wrong with it is named. An internal topic belongs to the application: it is mended.
 */
final class TopicSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);

    private final Admin admin;
    private final AdminCalls calls;
    private final TopicReader reader;
    private final String bootstrapServers;
    private final TopicPlan plan;
    private final TopicRules rules;
    private final InternalTopicRules internalRules;
    private final LostState lostState;

    /** {@code changelog}: settings that a changelog topic is made with. */
    TopicSetup(Admin admin, String bootstrapServers, TopicPlan plan, Map<String, String> changelog) {
        this.admin = admin;
        this.calls = new AdminCalls(bootstrapServers);
        this.reader = new TopicReader(admin, calls);
        this.bootstrapServers = bootstrapServers;
        this.plan = plan;
        this.rules = new TopicRules(plan.maxMessageBytes(), plan.replication());
        this.lostState = new LostState(admin, calls);
        this.internalRules = new InternalTopicRules(changelog, rules);
    }

    /** Throws {@link SettingsException} when a topic is so that records would be lost or the stream would stop. */
    void prepare(List<InternalTopics> applications) {
        Set<String> there = reader.names();
        List<PlannedTopic> found = new ArrayList<>();
        for (PlannedTopic topic : plan.topics()) {
            if (there.contains(topic.name()) || !isMade(topic)) {
                found.add(topic);
            }
        }
        Map<String, ExistingTopic> existing =
                reader.read(found.stream().map(PlannedTopic::name).toList());
        List<TopicProblem> problems = new ArrayList<>();
        for (PlannedTopic topic : found) {
            ExistingTopic known = existing.get(topic.name());
            LOG.info(
                    "topic {} is there: {} partitions, {} replicas, cleanup {}, retention {} ms, {} bytes a message",
                    topic.name(),
                    known.partitions(),
                    known.replication(),
                    known.value(TopicConfig.CLEANUP_POLICY_CONFIG),
                    known.value(TopicConfig.RETENTION_MS_CONFIG),
                    known.value(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
            problems.addAll(rules.problems(topic, known));
        }
        Map<String, Integer> expected = expected(applications, existing.values());
        problems.addAll(internalProblems(expected, there));
        applications.forEach(application -> problems.addAll(lostState.problems(application, expected, there)));
        report(problems);
    }

    /** False when somebody else just did, or had, and we may not see it. */
    private boolean isMade(PlannedTopic topic) {
        CreateTopicsOptions options = new CreateTopicsOptions().timeoutMs(AdminCalls.TIMEOUT_MS);
        KafkaFuture<Void> answer =
                admin.createTopics(List.of(plan.newTopic(topic)), options).all();
        try {
            answer.get();
            LOG.info(
                    "topic {} is made: {} partitions, {} replicas, cleanup {}, retention {}, {} bytes a message",
                    topic.name(),
                    plan.newTopic(topic).numPartitions(),
                    plan.replication().map(String::valueOf).orElse("the broker's"),
                    topic.cleanup().policy(),
                    topic.retention().map(String::valueOf).orElse("none"),
                    plan.maxMessageBytes());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw calls.refused(e.getCause(), "topic " + topic.name() + " cannot be made");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topic " + topic.name() + " was made", e);
        }
    }

    private Map<String, Integer> expected(List<InternalTopics> applications, Collection<ExistingTopic> existing) {
        Map<String, Integer> sources = new HashMap<>();
        plan.topics()
                .forEach(topic -> sources.put(topic.name(), plan.newTopic(topic).numPartitions()));
        existing.forEach(topic -> sources.put(topic.name(), topic.partitions()));
        Map<String, Integer> expected = new TreeMap<>();
        applications.forEach(application -> expected.putAll(application.partitions(sources)));
        return expected;
    }

    private List<TopicProblem> internalProblems(Map<String, Integer> expected, Set<String> there) {
        List<String> names = expected.keySet().stream().filter(there::contains).toList();
        List<TopicProblem> problems = new ArrayList<>();
        for (ExistingTopic topic : reader.read(names).values()) {
            problems.addAll(internalRules.problems(topic, expected.get(topic.name())));
            internalRules.mends(topic).forEach((setting, needed) -> mend(topic, setting, needed, problems));
        }
        return problems;
    }

    private void mend(ExistingTopic topic, String setting, String needed, List<TopicProblem> problems) {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(setting, needed), OpType.SET);
        try {
            admin.incrementalAlterConfigs(Map.of(TopicReader.resource(topic.name()), List.of(set)))
                    .all()
                    .get();
            LOG.warn("topic {} had {}={}: set to {}", topic.name(), setting, topic.value(setting), needed);
        } catch (ExecutionException e) {
            LOG.debug("{} of {} cannot be set", setting, topic.name(), e);
            problems.add(InternalTopicRules.unmended(topic, setting, needed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topic " + topic.name() + " was mended", e);
        }
    }

    private void report(List<TopicProblem> problems) {
        List<TopicProblem> fatal =
                problems.stream().filter(TopicProblem::isFatal).toList();
        for (TopicProblem problem : problems) {
            if (problem.isFatal()) {
                LOG.error("{}", problem.describe(bootstrapServers));
            } else {
                LOG.warn("{}", problem.describe(bootstrapServers));
            }
        }
        if (!fatal.isEmpty()) {
            String more = fatal.size() == 1 ? "" : " (and " + (fatal.size() - 1) + " more, in the log)";
            throw new SettingsException(fatal.get(0).describe(bootstrapServers) + more);
        }
    }
}
