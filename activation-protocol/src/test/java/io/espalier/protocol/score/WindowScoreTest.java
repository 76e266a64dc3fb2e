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
    void errorShrinksWithTheSquareRootOfTheSamples() {
        Random random = new Random(11);
        double few = meanError(400, random);
        double many = meanError(6400, random);
        assertThat(few / many).isCloseTo(4, Percentage.withPercentage(25));
    }

    private static double meanError(int samples, Random random) {
        return IntStream.range(0, 40)
                .mapToDouble(run -> window(samples, 20, 0.3, random).standardError()[0])
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
