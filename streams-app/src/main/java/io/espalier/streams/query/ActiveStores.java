package io.espalier.streams.query;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;

/** The stores of the active tasks of this instance: not those of standbys, which lag behind. */
public final class ActiveStores {
    private final KafkaStreams streams;

    public ActiveStores(KafkaStreams streams) {
        this.streams = streams;
    }

    /** Whether a store has this partition here, ready to be read. */
    boolean has(String store, int partition, Query<?> cheap) {
        return query(StateQueryRequest.inStore(store)
                        .withQuery(cheap)
                        .withPartitions(Set.of(partition))
                        .requireActive())
                .values()
                .stream()
                .allMatch(QueryResult::isSuccess);
    }

    /**
     * The answer of one partition; may be null, where the query has nothing to say.
     *
     * @throws UnavailableException when the partition is not here, or cannot be read yet
     */
    <R> R one(String store, int partition, Query<R> asked) {
        QueryResult<R> result = query(StateQueryRequest.inStore(store)
                        .withQuery(asked)
                        .withPartitions(Set.of(partition))
                        .requireActive())
                .get(partition);
        if (result.isFailure()) {
            throw UnavailableException.notRunning(failure(store, result));
        }
        return result.getResult();
    }

    /** The answers of all partitions that are here and can be read, by partition. */
    <R> Map<Integer, R> all(String store, Query<R> asked) {
        Map<Integer, R> answers = new TreeMap<>();
        query(StateQueryRequest.inStore(store).withQuery(asked).requireActive()).forEach((partition, result) -> {
            if (result.isSuccess()) {
                answers.put(partition, result.getResult());
            } else if (result.getFailureReason() == FailureReason.UNKNOWN_QUERY_TYPE) {
                throw failure(store, result);
            }
        });
        return answers;
    }

    private <R> Map<Integer, QueryResult<R>> query(StateQueryRequest<R> request) {
        try {
            return streams.query(request).getPartitionResults();
        } catch (InvalidStateStoreException | IllegalStateException e) {
            // Streams that have not started, have ended, or are about to.
            throw UnavailableException.notRunning(e);
        }
    }

    private static IllegalStateException failure(String store, QueryResult<?> result) {
        return new IllegalStateException(store + ": " + result.getFailureReason() + ": " + result.getFailureMessage());
    }
}
