package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A unit whose bits have rate r at every position has a score of 2 r (1 - r) over all traffic. The published interval must
 * hold it in 95 % of all windows: 2,000 simulated ones tell that from less than 93 % or more than 97 %.
 */
final class CoverageTest {
    private static final int RUNS = 2000;

    @ParameterizedTest(name = "rate {0}, {1} samples in {2} panes, {3} positions")
    @CsvSource({
        "0.5,    1200, 60,  1",
        "0.5,    1200,  6,  1",
        "0.05,   1200, 60,  1",
        "0.05,   1200,  6,  1",
        "0.001, 12000, 60,  1",
        "0.001, 12000,  6,  1",
        "0.45,   1200, 20,  1",
        "0.2,     800,  1,  1",
        "0.5,     800,  3,  1",
    })
    void independentSamplesOfOnePosition(double rate, int samples, int panes, int positions) {
        assertThat(covered(rate, samples, panes, positions, 0, 1)).isBetween(0.93, 0.97);
    }

    @ParameterizedTest(name = "rate {0}, {1} samples in {2} panes, {3} positions, {4} alike")
    @CsvSource({
        "0.5,   600, 20,  4, 0.7",
        "0.05,  600, 20,  4, 0.7",
        "0.001, 6000, 20, 4, 0.7",
        "0.05,  600, 20, 16, 0",
        "0.5,   600, 20, 16, 0.8",
    })
    void positionsThatResembleEachOther(double rate, int samples, int panes, int positions, double alike) {
        assertThat(covered(rate, samples, panes, positions, alike, 1)).isBetween(0.93, 0.97);
    }

    /** Ten samples each are the same input: the interval of independent ones would cover three of ten windows. */
    @ParameterizedTest(name = "rate {0}")
    @CsvSource({"0.3", "0.05"})
    void samplesThatComeInBursts(double rate) {
        assertThat(covered(rate, 4000, 20, 1, 0, 10)).isBetween(0.93, 0.97);
    }

    /** Few panes say little of how alike positions are: the interval is then too wide rather than too narrow. */
    @Test
    void fewPanesOfPositionsThatResembleEachOtherAreNotTrustedMore() {
        assertThat(covered(0.2, 400, 2, 4, 0.7, 1)).isGreaterThan(0.93);
        assertThat(covered(0.2, 400, 1, 4, 0.7, 1)).isGreaterThan(0.93);
    }

    private static double covered(double rate, int samples, int panes, int positions, double alike, int burst) {
        Random random = new Random(Double.hashCode(rate) + 31L * samples + 7L * panes + positions);
        double truth = 2 * rate * (1 - rate);
        int covered = 0;
        for (int run = 0; run < RUNS; run++) {
            WindowScore score = WindowScore.of(window(rate, samples, panes, positions, alike, burst, random))
                    .orElseThrow();
            if (score.lower()[0] <= truth && truth <= score.upper()[0]) {
                covered++;
            }
        }
        return (double) covered / RUNS;
    }

    /** A position repeats the sample's first one with probability {@code alike}, else it is drawn anew. */
    private static List<OverlapCounters> window(
            double rate, int samples, int panes, int positions, double alike, int burst, Random random) {
        List<OverlapCounters> window = new ArrayList<>();
        for (int pane = 0; pane < panes; pane++) {
            int size = samples / panes / burst;
            byte[] codes = new byte[size * burst * 8];
            for (int sample = 0; sample < size; sample++) {
                boolean first = random.nextDouble() < rate;
                long word = first ? 1 : 0;
                for (int p = 1; p < positions; p++) {
                    boolean bit = random.nextDouble() < alike ? first : random.nextDouble() < rate;
                    word |= bit ? 1L << p : 0;
                }
                for (int copy = 0; copy < burst; copy++) {
                    codes[(sample * burst + copy) * 8] = (byte) word;
                    codes[(sample * burst + copy) * 8 + 1] = (byte) (word >>> 8);
                }
            }
            OverlapCounters counters = OverlapCounters.create(1, positions);
            counters.add(codes, size * burst);
            window.add(counters);
        }
        return window;
    }
}
