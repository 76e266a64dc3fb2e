package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Duplicate;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearDuplicatesTest {
    private static final int FIRST_UNIT = 10;
    private static final int FEW_SAMPLES = 250;
    private static final int FEW_POSITIONS = 16;

    /** Activations of each unit, at each place, of samples that all fit a pane's codes. */
    private static Expressiveness record(boolean[][] active, int positions, int panes) {
        ShardKey shard = new ShardKey("m", "1", "relu", FIRST_UNIT);
        int units = active.length;
        int samples = active[0].length / positions;
        List<PaneStatistics> all = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(shard, units, positions, "p");
        for (int pane = 0; pane < panes; pane++) {
            for (int sample = pane * samples / panes; sample < (pane + 1) * samples / panes; sample++) {
                float[] values = new float[(FIRST_UNIT + units) * positions];
                for (int unit = 0; unit < units; unit++) {
                    for (int position = 0; position < positions; position++) {
                        values[(FIRST_UNIT + unit) * positions + position] =
                                active[unit][sample * positions + position] ? 1 : 0;
                    }
                }
                builder.add(values, 0);
            }
            PaneStatistics statistics = PaneStatistics.create(units, positions);
            statistics.add(builder.build());
            all.add(statistics);
        }
        return new WindowRecord(all).of(shard, new Expressiveness.Window(0, panes, panes));
    }

    private static boolean[] random(Random random, int places, double rate) {
        boolean[] bits = new boolean[places];
        for (int i = 0; i < places; i++) {
            bits[i] = random.nextDouble() < rate;
        }
        return bits;
    }

    private static boolean[] flipped(boolean[] bits, Random random, double rate) {
        boolean[] flipped = bits.clone();
        for (int i = 0; i < flipped.length; i++) {
            flipped[i] ^= random.nextDouble() < rate;
        }
        return flipped;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "7, 2", "49, 1", "64, 4"})
    void plantedDuplicatesAreFoundAndNothingElse(int positions, int panes) {
        Random random = new Random(5);
        int places = (240 / positions + 16) * positions;
        boolean[][] active = new boolean[14][];
        for (int unit = 0; unit < active.length; unit++) {
            active[unit] = random(random, places, 0.2 + 0.04 * unit);
        }
        // Copies of unit 4: one exact, one that misses a place in a hundred.
        active[9] = active[4].clone();
        active[2] = flipped(active[4], random, 0.01);
        // Dead, always active, and dead again: none is a duplicate, their score says it already.
        active[0] = new boolean[places];
        active[1] = new boolean[places];
        java.util.Arrays.fill(active[3], true);
        Redundancy redundancy = record(active, positions, panes).redundancy();
        assertThat(redundancy.samples()).isEqualTo(places / positions);
        assertThat(redundancy.duplicates())
                .extracting(Duplicate::unit)
                .doesNotContain(FIRST_UNIT, FIRST_UNIT + 1, FIRST_UNIT + 3)
                .hasSize(2);
        assertThat(redundancy.duplicates()).allSatisfy(duplicate -> {
            assertThat(List.of(2, 4, 9)).contains(duplicate.unit() - FIRST_UNIT, duplicate.of() - FIRST_UNIT);
            boolean[] one = active[duplicate.unit() - FIRST_UNIT];
            boolean[] other = active[duplicate.of() - FIRST_UNIT];
            assertThat(duplicate.jaccard()).isEqualTo(jaccard(one, other), within(1e-12));
            assertThat(duplicate.phi()).isEqualTo(correlation(one, other), within(1e-12));
        });
        assertThat(redundancy.duplicates()).extracting(Duplicate::of).containsOnly(representative(active));
    }

    /** The unit of the set with the highest score; the first, of the two that are equal. */
    private static int representative(boolean[][] active) {
        return FIRST_UNIT + (balance(active[2]) > balance(active[4]) ? 2 : 4);
    }

    private static long balance(boolean[] bits) {
        long ones = count(bits, bits);
        return ones * (bits.length - ones);
    }

    @Test
    void aChainOfNeighboursIsNoSet() {
        Random random = new Random(2);
        boolean[][] active = new boolean[6][];
        active[0] = random(random, 4000, 0.5);
        for (int unit = 1; unit < 6; unit++) {
            active[unit] = flipped(active[unit - 1], random, 0.03);
        }
        List<Duplicate> duplicates = record(active, 16, 1).redundancy().duplicates();
        assertThat(duplicates).isNotEmpty().hasSizeLessThan(5);
        assertThat(duplicates)
                .allSatisfy(duplicate -> assertThat(
                                jaccard(active[duplicate.unit() - FIRST_UNIT], active[duplicate.of() - FIRST_UNIT]))
                        .isGreaterThan(0.9));
        assertThat(duplicates)
                .extracting(Duplicate::of)
                .doesNotContainAnyElementsOf(
                        duplicates.stream().map(Duplicate::unit).toList());
    }

    /** Most pairs are given up early: never one that is over the line, and no other is kept. */
    @Property(tries = 300)
    void aPairIsADuplicateJustWhereItsPlacesSaySo(
            @ForAll @IntRange(min = 400, max = 3_600) int ones,
            @ForAll @DoubleRange(min = 0, max = 0.09) double missing,
            @ForAll @DoubleRange(min = 0, max = 0.09) double added,
            @ForAll long seed) {
        List<Integer> places = new ArrayList<>(
                IntStream.range(0, FEW_SAMPLES * FEW_POSITIONS).boxed().toList());
        Collections.shuffle(places, new Random(seed));
        boolean[][] active = new boolean[2][places.size()];
        int gone = (int) (missing * ones);
        int more = Math.min(places.size() - ones, (int) (added * ones));
        places.subList(0, ones).forEach(place -> active[0][place] = true);
        places.subList(gone, ones + more).forEach(place -> active[1][place] = true);
        // Wilson's test: how far the share is over 0.9, in the standard deviations that it would have at 0.9.
        double over = (jaccard(active[0], active[1]) - 0.9) / Math.sqrt(0.9 * 0.1 / (ones + more));
        boolean alike = over >= 1.959964 && correlation(active[0], active[1]) >= 0.8;
        assertThat(record(active, FEW_POSITIONS, 1).redundancy().duplicates()).hasSize(alike ? 1 : 0);
    }

    @Test
    void unitsThatAreNearlyAlwaysActiveAreNotAlikeForThat() {
        Random random = new Random(3);
        boolean[][] active = {random(random, 6400, 0.97), random(random, 6400, 0.97)};
        assertThat(jaccard(active[0], active[1])).isGreaterThan(0.93);
        assertThat(record(active, 64, 1).redundancy().duplicates()).isEmpty();
    }

    @Test
    void fewPlacesProveNothing() {
        boolean[][] active = new boolean[2][200];
        for (int place = 0; place < 30; place++) {
            active[0][6 * place] = true;
            active[1][6 * place] = true;
        }
        assertThat(record(active, 1, 1).redundancy().duplicates()).isEmpty();
    }

    @Test
    void belowSixteenCodesNothingIsSaid() {
        boolean[] bits = random(new Random(1), 15 * 64, 0.5);
        assertThat(record(new boolean[][] {bits, bits}, 64, 1).redundancy()).isNull();
    }

    private static double jaccard(boolean[] one, boolean[] other) {
        long both = count(one, other);
        return (double) both / (count(one, one) + count(other, other) - both);
    }

    /** Pearson's, of zeros and ones. */
    private static double correlation(boolean[] one, boolean[] other) {
        double n = one.length;
        double meanOne = count(one, one) / n;
        double meanOther = count(other, other) / n;
        double covariance = 0;
        double varianceOne = 0;
        double varianceOther = 0;
        for (int i = 0; i < one.length; i++) {
            double x = (one[i] ? 1 : 0) - meanOne;
            double y = (other[i] ? 1 : 0) - meanOther;
            covariance += x * y;
            varianceOne += x * x;
            varianceOther += y * y;
        }
        return covariance / Math.sqrt(varianceOne * varianceOther);
    }

    private static long count(boolean[] one, boolean[] other) {
        long count = 0;
        for (int i = 0; i < one.length; i++) {
            count += one[i] && other[i] ? 1 : 0;
        }
        return count;
    }
}
