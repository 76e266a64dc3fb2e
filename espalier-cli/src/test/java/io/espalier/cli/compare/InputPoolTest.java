package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.InputSpec;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputPoolTest {
    private static final int ROWS = 40;

    @TempDir
    Path folder;

    private InputPool pool;

    @BeforeEach
    void write() throws IOException {
        Npz.write(
                folder.resolve("x.npz"),
                Map.of(
                        "x",
                        Tensor.ofLongs(
                                new long[] {ROWS, 1}, LongStream.range(0, ROWS).toArray())));
        pool = InputPool.read(folder.resolve("x.npz"), List.of(input(1, 1)));
    }

    private static InputSpec input(long... shape) {
        return new InputSpec("ids", Datatype.INT64, shape, OptionalLong.empty());
    }

    private static List<Long> values(List<List<Tensor>> rows) {
        return rows.stream().map(row -> row.get(0).whole(0)).toList();
    }

    @Test
    void whatIsDrawnAndTheOthersAreAll() {
        List<Long> all = new ArrayList<>(values(pool.drawn(3, 25)));
        assertThat(all).hasSize(25);
        all.addAll(values(pool.others(3, 25, 100)));
        assertThat(all).hasSize(ROWS).doesNotHaveDuplicates();
    }

    @Test
    void aSeedAlwaysDrawsTheSameAndAnotherDrawsOthers() {
        assertThat(values(pool.drawn(1, 10))).isEqualTo(values(pool.drawn(1, 10)));
        assertThat(values(pool.drawn(1, 10))).isNotEqualTo(values(pool.drawn(2, 10)));
        assertThat(values(pool.others(1, 10, 5))).hasSize(5).doesNotContainAnyElementsOf(values(pool.drawn(1, 10)));
    }

    @Test
    void noMoreAreDrawnThanThereAre() {
        assertThat(pool.drawn(1, 1000)).hasSize(ROWS);
        assertThat(pool.others(1, 1000, 10)).isEmpty();
    }

    @Test
    void refusesAModelThatTakesBatchesOnly() {
        assertThatThrownBy(() -> InputPool.read(folder.resolve("x.npz"), List.of(input(4, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the batch, of 1");
    }
}
