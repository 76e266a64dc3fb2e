package io.espalier.streams.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

final class ModelPartitionsTest {
    @Test
    void isWhereAProducerSendsTheModelsRecords() {
        for (int count : new int[] {1, 2, 8, 33}) {
            ModelPartitions partitions = new ModelPartitions(() -> OptionalInt.of(count));
            assertThat(IntStream.range(0, 1000).mapToObj(index -> "model-" + index))
                    .allSatisfy(model -> assertThat(partitions.of(model))
                            .isEqualTo(
                                    BuiltInPartitioner.partitionForKey(model.getBytes(StandardCharsets.UTF_8), count)));
        }
    }

    @Test
    void theirNumberIsAskedForUntilItIsKnownAndThenNoMore() {
        Iterator<OptionalInt> answers =
                List.of(OptionalInt.empty(), OptionalInt.of(8)).iterator();
        ModelPartitions partitions = new ModelPartitions(answers::next);
        assertThatThrownBy(() -> partitions.of("m")).isInstanceOf(UnavailableException.class);
        assertThat(partitions.of("m")).isBetween(0, 7);
        assertThat(partitions.count()).isEqualTo(8);
    }
}
