package io.espalier.streams.torture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the brokers say of a cluster that does not get on, for whoever looks into a failure. */
final class Diagnosis {
    private static final int LIMIT_SECONDS = 10;

    private Diagnosis() {}

    /** Many lines; whatever cannot be had is said instead. */
    static String of(TortureCluster cluster) {
        List<String> lines = new ArrayList<>();
        String group = cluster.installation.applicationId + "-overlap";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.broker.bootstrapServers()))) {
            lines.add("offsets: " + told(() -> offsets(admin, group)));
            lines.add(
                    "transactions: " + told(() -> admin.listTransactions().all().get(LIMIT_SECONDS, TimeUnit.SECONDS)));
            lines.add("hanging: " + told(() -> OpenTransactions.of(admin)));
            lines.add("group: "
                    + told(() ->
                            admin.describeClassicGroups(List.of(group)).all().get(LIMIT_SECONDS, TimeUnit.SECONDS)));
        }
        cluster.instances.forEach(instance -> lines.add("log of " + instance + ":\n" + instance.logTail()));
        lines.add("log of the broker:\n" + cluster.broker.logTail());
        return String.join("\n", lines);
    }

    private static Map<TopicPartition, String> offsets(Admin admin, String group) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        Map<TopicPartition, String> offsets = new TreeMap<>(Comparator.comparing(TopicPartition::toString));
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
            long end = admin.listOffsets(Map.of(entry.getKey(), OffsetSpec.latest()))
                    .partitionResult(entry.getKey())
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .offset();
            offsets.put(entry.getKey(), entry.getValue().offset() + " of " + end);
        }
        return offsets;
    }

    private static String told(Callable<?> question) {
        try {
            return String.valueOf(question.call());
        } catch (Exception e) {
            return e.toString();
        }
    }
}
