package io.espalier.streams.torture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/**
 * Transactions that are open on a partition. A broker that is killed and has no other beside it may take the partitions of a
 * transaction for deleted when it aborts it, and leave it open on them for ever (Kafka 4.3.1; the slower the machine, the more
 * often): nothing behind it is read any more, until an administrator ends it.
 */
record OpenTransactions(List<Open> open) {
    private static final int LIMIT_SECONDS = 10;

    record Open(TopicPartition partition, ProducerState producer) {}

    static OpenTransactions of(Admin admin) throws Exception {
        Collection<TopicPartition> partitions = new ArrayList<>();
        for (String topic : admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .get(topic)
                    .partitions()
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        List<Open> open = new ArrayList<>();
        admin.describeProducers(partitions)
                .all()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                .forEach((partition, state) -> state.activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .forEach(producer -> open.add(new Open(partition, producer))));
        return new OpenTransactions(open);
    }

    /** Those of producers that were last heard of before {@code timeMs}. */
    OpenTransactions silentSince(long timeMs) {
        return new OpenTransactions(open.stream()
                .filter(transaction -> transaction.producer.lastTimestamp() < timeMs)
                .toList());
    }

    /** As {@code kafka-transactions.sh abort} does. */
    void abort(Admin admin) throws Exception {
        for (Open transaction : open) {
            ProducerState producer = transaction.producer;
            admin.abortTransaction(new AbortTransactionSpec(
                            transaction.partition,
                            producer.producerId(),
                            (short) producer.producerEpoch(),
                            producer.coordinatorEpoch().orElse(0)))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
