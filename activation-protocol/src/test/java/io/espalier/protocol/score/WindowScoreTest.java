package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class WindowScoreTest {
    @Test
    void isTheScoreOfAllSamplesTogetherBitForBit() {
        boolean[][][] bits = OverlapCountersTest.randomBits(5, 49, 300, new Random(7));
        WindowScore score = WindowScore.of(panes(bits, 13)).orElseThrow();
        assertThat(score.samples()).isEqualTo(300);
        for (int unit = 0; unit < 5; unit++) {
            assertThat(score.expressiveness()[unit]).isEqualTo(PairwiseOracle.expressiveness(bits, unit));
        }
    }

    @Test
    void isAbsentBelowTwoSamples() {
        assertThat(WindowScore.of(List.of())).isEmpty();
        assertThat(WindowScore.of(panes(new boolean[1][2][3], 1))).isEmpty();
        assertThat(WindowScore.of(panes(new boolean[2][2][3], 1))).isPresent();
    }

    @Test
    void hasNoErrorBelowTwoPanes() {
        assertThat(WindowScore.of(panes(new boolean[9][2][3], 1)).orElseThrow().standardError())
                .isEmpty();
    }

    @Test
    void errorShrinksWithTheSquareRootOfTheSamples() {
        Random random = new Random(11);
        double few = meanError(400, random);
        double many = meanError(6400, random);
        assertThat(few / many).isCloseTo(4, Percentage.withPercentage(25));
    }

    /**
     * A unit that fires at rate p in independent samples has score 2 p (1 - p) in the mean. The interval of 1.96
     * standard errors must cover it at its nominal rate; 2,000 runs tell 95 % from less than 93 % or more than 97 %.
     */
    @Test
    void intervalCoversTheTruthAtItsNominalRate() {
        Random random = new Random(5);
        double rate = 0.2;
        double truth = 2 * rate * (1 - rate);
        int runs = 2000;
        int covered = 0;
        for (int run = 0; run < runs; run++) {
            WindowScore score = window(800, 40, rate, random);
            double error = score.standardError().orElseThrow()[0];
            if (Math.abs(score.expressiveness()[0] - truth) <= 1.96 * error) {
                covered++;
            }
        }
        assertThat((double) covered / runs).isBetween(0.93, 0.97);
    }

    private static double meanError(int samples, Random random) {
        return IntStream.range(0, 40)
                .mapToDouble(
                        run -> window(samples, 20, 0.3, random).standardError().orElseThrow()[0])
                .average()
                .orElseThrow();
    }

    private static WindowScore window(int samples, int panes, double rate, Random random) {
        boolean[][][] bits = new boolean[samples][1][1];
        Arrays.stream(bits).forEach(sample -> sample[0][0] = random.nextDouble() < rate);
        Optional<WindowScore> score = WindowScore.of(panes(bits, panes));
        return score.orElseThrow();
    }

    /** Panes of unequal size, as live traffic fills them. */
    private static List<OverlapCounters> panes(boolean[][][] bits, int panes) {
        return IntStream.range(0, panes)
                .mapToObj(pane -> {
                    int start = (int) Math.round(bits.length * Math.pow((double) pane / panes, 1.2));
                    int end = (int) Math.round(bits.length * Math.pow((double) (pane + 1) / panes, 1.2));
                    return start == end
                            ? OverlapCounters.create(bits[0].length, bits[0][0].length)
                            : OverlapCountersTest.counted(Arrays.copyOfRange(bits, start, end));
                })
                .toList();
    }
}
