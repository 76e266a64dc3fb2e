package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The products of a pane; its counters and sums are tested with the builder that feeds them. */
final class PaneStatisticsTest {
    private static final ShardKey KEY = new ShardKey("m", "1", "relu", 0);
    private static final int UNITS = 4;
    private static final int POSITIONS = 3;

    private static ActivationBatch batch(boolean products, Random random) {
        BatchBuilder builder = products
                ? BatchBuilder.withProducts(KEY, UNITS, POSITIONS, "p")
                : new BatchBuilder(KEY, UNITS, POSITIONS, "p");
        for (int sample = random.nextInt(3); sample >= 0; sample--) {
            float[] values = new float[UNITS * POSITIONS];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            builder.add(values, 0);
        }
        return builder.build();
    }

    private static PaneStatistics pane(List<ActivationBatch> batches) {
        PaneStatistics pane = PaneStatistics.create(UNITS, POSITIONS);
        batches.forEach(pane::add);
        return pane;
    }

    @Property(tries = 50)
    void productsAddUpInAnyOrderAndAcrossItsBytes(@ForAll long seed) {
        Random random = new Random(seed);
        List<ActivationBatch> batches = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            batches.add(batch(true, random));
        }
        double[] expected = pane(batches).products().orElseThrow().triangle();
        Collections.shuffle(batches, random);
        PaneStatistics first =
                PaneStatistics.fromBytes(pane(batches.subList(0, 2)).toBytes());
        batches.subList(2, 5).forEach(first::add);
        assertThat(first.products().orElseThrow().triangle()).containsExactly(expected, within(1e-9));
    }

    @Property(tries = 50)
    void oneBatchWithoutProductsLeavesThePaneWithoutInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        List<ActivationBatch> batches =
                new ArrayList<>(List.of(batch(true, random), batch(false, random), batch(true, random)));
        Collections.shuffle(batches, random);
        PaneStatistics pane = pane(batches);
        assertThat(pane.products()).isEmpty();
        assertThat(PaneStatistics.fromBytes(pane.toBytes()).toBytes()).isEqualTo(pane.toBytes());
    }

    @Test
    void productsTakeTheirTriangleAndNothingElse() {
        ActivationBatch with = batch(true, new Random(1));
        ActivationBatch without = with.toBuilder().clearProducts().build();
        byte[] bytes = pane(List.of(without)).toBytes();
        assertThat(pane(List.of(with)).toBytes()).hasSize(bytes.length + UNITS * (UNITS + 1) / 2 * Double.BYTES);
    }

    @Test
    void refusesStatesOfAnyOtherLengthOrVersion() {
        byte[] state = pane(List.of(batch(true, new Random(1)))).toBytes();
        for (int length = 0; length < state.length + 9; length++) {
            byte[] damaged = Arrays.copyOf(state, length);
            if (length == 0 || length == state.length) {
                continue;
            }
            assertThatThrownBy(() -> PaneStatistics.fromBytes(damaged))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".*(is damaged|not the state).*");
        }
        for (byte older = 1; older < 3; older++) {
            byte[] relabelled = state.clone();
            relabelled[0] = older;
            assertThatThrownBy(() -> PaneStatistics.fromBytes(relabelled)).hasMessageContaining("is damaged");
        }
        byte[] newer = state.clone();
        newer[0] = 4;
        assertThatThrownBy(() -> PaneStatistics.fromBytes(newer))
                .hasMessage("not the state of pane statistics of version 1 to 3");
    }
}
