package io.espalier.runtime.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingInputsTest {
    @Test
    void eachInputComesOnceBeforeAnyComesAgain() {
        TrainingInputs inputs = new TrainingInputs(longs(0, 12), LiveInputs.NONE, List.of(), 4, 3);
        assertThat(drawn(inputs, 3)).containsExactlyInAnyOrder(longValues(0, 12));
        assertThat(drawn(inputs, 3)).containsExactlyInAnyOrder(longValues(0, 12));
    }

    @Test
    void skippedBatchesAreThoseThatWouldHaveBeenDrawn() {
        TrainingInputs whole = new TrainingInputs(floats(20), LiveInputs.NONE, List.of(), 8, 3);
        for (int i = 0; i < 7; i++) {
            whole.next();
        }
        TrainingInputs resumed = new TrainingInputs(floats(20), LiveInputs.NONE, List.of(), 8, 3);
        resumed.skip(7);
        for (int i = 0; i < 7; i++) {
            assertThat(resumed.next().get(0).sameBits(whole.next().get(0))).isTrue();
        }
    }

    @Test
    void aMixtureLiesBetweenTwoInputs() {
        TrainingInputs inputs = new TrainingInputs(floats(16), LiveInputs.NONE, List.of(), 16, 3);
        double[] values = inputs.next().get(0).reals();
        assertThat(Arrays.stream(values)).hasSize(16).allMatch(value -> value >= 0 && value <= 15);
        assertThat(Arrays.stream(values)).anyMatch(value -> value != Math.rint(value));
    }

    @Test
    void liveInputsTakeThePlacesOfTheOldestButForThoseHeldOut() {
        List<List<List<Tensor>>> arriving = new ArrayList<>(List.of(longs(100, 3), longs(200, 2), longs(300, 8)));
        TrainingInputs inputs = new TrainingInputs(longs(0, 4), () -> arriving.remove(0), longs(101, 1), 4, 3);
        inputs.takeLive();
        assertThat(drawn(inputs, 1)).containsExactlyInAnyOrder(100L, 102L, 2L, 3L);
        inputs.takeLive();
        assertThat(drawn(inputs, 1)).containsExactlyInAnyOrder(100L, 102L, 200L, 201L);
        inputs.takeLive();
        assertThat(drawn(inputs, 1)).containsExactlyInAnyOrder(304L, 305L, 306L, 307L);
    }

    private static List<Long> drawn(TrainingInputs inputs, int batches) {
        List<Long> drawn = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            for (long value : inputs.next().get(0).wholes()) {
                drawn.add(value);
            }
        }
        return drawn;
    }

    private static List<List<Tensor>> longs(long first, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> List.of(Tensor.ofLongs(new long[] {1, 1}, first + i)))
                .toList();
    }

    private static Long[] longValues(long first, int count) {
        return IntStream.range(0, count).mapToObj(i -> first + i).toArray(Long[]::new);
    }

    private static List<List<Tensor>> floats(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> List.of(Tensor.ofFloats(new long[] {1, 1}, i)))
                .toList();
    }
}
