package io.espalier.runtime.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.surgery.Extent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LatencyModelTest {
    private static final Map<String, Integer> ALL = Map.of("a", 64, "b", 20);
    private static final LayerShape SHAPE = LayerShape.linear(1, true);
    private static final Extent A = new Extent(0, Map.of("a", 1), 1);
    private static final Extent B = new Extent(0, Map.of("b", 1), 1);

    /** Two layers: 3 -> a -> b. */
    private static final List<TimedLayer> LAYERS = List.of(
            new TimedLayer("first", SHAPE, A, new Extent(3, Map.of(), 1), 5), new TimedLayer("second", SHAPE, B, A, 5));

    private static final LayerStopwatch PRODUCT = (shape, rows, columns) -> taking(1.0 * rows * columns);

    @Test
    void interpolatesAlongBothDimensions() {
        LatencyModel model = new LatencyModel(LAYERS, LayerTimes.measure(LAYERS, ALL, PRODUCT, () -> {}), 0);
        // A product is linear in each of its factors, so interpolation is exact, between the points and on them.
        assertThat(model.milliseconds(ALL)).isCloseTo(64 * 3 + 20 * 64, within(1e-9));
        assertThat(model.milliseconds(Map.of("a", 27, "b", 13))).isCloseTo(27 * 3 + 13 * 27, within(1e-9));
        // Below the first point of the grid it is that point's time.
        assertThat(model.milliseconds(Map.of("a", 1, "b", 1))).isCloseTo(8 * 3 + 8 * 8, within(1e-9));
    }

    @Test
    void letsTheRestShrinkWithTheOutputs() {
        double layers = 64 * 3 + 20 * 64;
        LatencyModel model = new LatencyModel(LAYERS, LayerTimes.measure(LAYERS, ALL, PRODUCT, () -> {}), layers + 840);
        assertThat(model.milliseconds(ALL)).isCloseTo(layers + 840, within(1e-9));
        assertThat(model.milliseconds(Map.of("a", 32, "b", 20)))
                .isCloseTo(32 * 3 + 20 * 32 + 840 * (32 + 20) / 84.0, within(1e-9));
    }

    @Test
    void hasNoRestWhereTheLayersAloneTakeLonger() {
        LatencyModel model = new LatencyModel(LAYERS, LayerTimes.measure(LAYERS, ALL, PRODUCT, () -> {}), 1);
        assertThat(model.milliseconds(Map.of("a", 32, "b", 10))).isCloseTo(32 * 3 + 10 * 32, within(1e-9));
    }

    @Test
    void levelsOffWhatSomethingDisturbed() {
        LayerStopwatch disturbed =
                (shape, rows, columns) -> taking(rows == 16 && columns == 24 ? 5000 : 1.0 * rows * columns);
        LatencyModel model = new LatencyModel(LAYERS, LayerTimes.measure(LAYERS, ALL, disturbed, () -> {}), 0);
        assertThat(model.milliseconds(Map.of("a", 24, "b", 16))).isLessThanOrEqualTo(24 * 3 + 20 * 24);
    }

    @Test
    void timesEachPointOfEachShapeOnce() {
        List<TimedLayer> twice = List.of(LAYERS.get(1), LAYERS.get(1), LAYERS.get(0));
        Set<String> points = new HashSet<>();
        int[] steps = {0};
        LayerTimes.measure(
                twice,
                ALL,
                (shape, rows, columns) -> {
                    assertThat(points.add(rows + "x" + columns)).isTrue();
                    return taking(1);
                },
                () -> steps[0]++);
        assertThat(steps[0]).isEqualTo(points.size()).isEqualTo(3 * 8 + 8);
        assertThat(LayerTimes.points(twice, ALL)).isEqualTo(steps[0]);
    }

    private static RepeatedTiming.Times taking(double milliseconds) {
        return new RepeatedTiming.Times(milliseconds, milliseconds, true);
    }
}
