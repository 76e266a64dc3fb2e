package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ProductSumsTest {
    private static List<float[]> samples(int units, int positions, Random random) {
        List<float[]> samples = new ArrayList<>();
        for (int sample = 0; sample < 5; sample++) {
            float[] values = new float[units * positions];
            for (int i = 0; i < values.length; i++) {
                // Half of it zero, as behind a ReLU.
                values[i] = Math.max(0, (float) random.nextGaussian());
            }
            samples.add(values);
        }
        return samples;
    }

    private static double[] added(List<float[]> samples, int units, int positions) {
        ProductSums sums = new ProductSums(units);
        samples.forEach(sample -> sums.add(sample, 0, positions));
        return sums.triangle();
    }

    @Property(tries = 100)
    void addsUpTheProductsOfTwoUnitsAtTheSamePosition(
            @ForAll @IntRange(min = 1, max = 9) int units,
            @ForAll @IntRange(min = 1, max = 11) int positions,
            @ForAll long seed) {
        List<float[]> samples = samples(units, positions, new Random(seed));
        double[] found = added(samples, units, positions);
        int at = 0;
        for (int u = 0; u < units; u++) {
            for (int v = u; v < units; v++) {
                double expected = 0;
                for (float[] sample : samples) {
                    for (int position = 0; position < positions; position++) {
                        expected += (double) sample[u * positions + position] * sample[v * positions + position];
                    }
                }
                assertThat(found[at++]).isCloseTo(expected, within(1e-9));
            }
        }
        assertThat(at).isEqualTo(ProductSums.size(units)).isEqualTo(found.length);
    }

    @Property(tries = 50)
    void neitherOrderNorSplittingMatters(@ForAll @IntRange(min = 1, max = 9) int units, @ForAll long seed) {
        Random random = new Random(seed);
        List<float[]> samples = samples(units, 6, random);
        double[] expected = added(samples, units, 6);
        Collections.shuffle(samples, random);
        ProductSums one = new ProductSums(units);
        ProductSums other = new ProductSums(units);
        samples.forEach(sample -> (random.nextBoolean() ? one : other).add(sample, 0, 6));
        one.merge(other);
        assertThat(one.triangle()).containsExactly(expected, within(1e-9));
    }

    @Test
    void readsASampleFromWhereItStarts() {
        ProductSums sums = new ProductSums(2);
        sums.add(new float[] {99, 99, 99, 1, 2, 3, 4}, 3, 2);
        assertThat(sums.triangle()).containsExactly(5, 11, 25);
        sums.clear();
        assertThat(sums.triangle()).containsExactly(0, 0, 0);
    }

    @Test
    void refusesProductsOfOtherUnits() {
        assertThatThrownBy(() -> new ProductSums(2).merge(new ProductSums(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("products of 3 units cannot be added to those of 2");
    }
}
