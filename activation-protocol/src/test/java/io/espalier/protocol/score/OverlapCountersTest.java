package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class OverlapCountersTest {
    @Property(tries = 300)
    void countsExactlyWhatThePairsSay(
            @ForAll @IntRange(min = 1, max = 9) int units,
            @ForAll @IntRange(min = 1, max = 64) int positions,
            @ForAll @IntRange(min = 2, max = 40) int samples,
            @ForAll long seed) {
        boolean[][][] bits = randomBits(units, positions, samples, new Random(seed));
        OverlapCounters counters = counted(bits);
        for (int unit = 0; unit < units; unit++) {
            long disagreements = counters.disagreements()[unit];
            assertThat(BigInteger.valueOf(disagreements)).isEqualTo(PairwiseOracle.disagreements(bits, unit));
            assertThat(OverlapCounters.expressiveness(disagreements, positions, samples))
                    .hasValue(PairwiseOracle.expressiveness(bits, unit));
        }
    }

    @Property(tries = 200)
    void orderAndSplitDoNotMatter(
            @ForAll @IntRange(min = 1, max = 5) int units,
            @ForAll @IntRange(min = 1, max = 64) int positions,
            @ForAll @IntRange(min = 1, max = 60) int samples,
            @ForAll long seed) {
        Random random = new Random(seed);
        boolean[][][] bits = randomBits(units, positions, samples, random);
        byte[] whole = counted(bits).toBytes();

        List<boolean[][]> shuffled = new ArrayList<>(Arrays.asList(bits));
        Collections.shuffle(shuffled, random);
        OverlapCounters merged = OverlapCounters.create(units, positions);
        for (int start = 0; start < samples; ) {
            int end = start + 1 + random.nextInt(samples - start);
            OverlapCounters part = counted(shuffled.subList(start, end).toArray(boolean[][][]::new));
            if (random.nextBoolean()) {
                part = OverlapCounters.fromBytes(part.toBytes());
            }
            merged.merge(part);
            start = end;
        }
        assertThat(merged.toBytes()).isEqualTo(whole);
    }

    @Property(tries = 100)
    void stateSurvivesItsBytes(
            @ForAll @IntRange(min = 1, max = 40) int units,
            @ForAll @IntRange(min = 1, max = 64) int positions,
            @ForAll @IntRange(min = 0, max = 300) int samples,
            @ForAll long seed) {
        OverlapCounters counters = OverlapCounters.create(units, positions);
        if (samples > 0) {
            counters = counted(randomBits(units, positions, samples, new Random(seed)));
        }
        OverlapCounters read = OverlapCounters.fromBytes(counters.toBytes());
        assertThat(read.samples()).isEqualTo(samples);
        assertThat(read.counts()).isEqualTo(counters.counts());
        assertThat(read.toBytes()).isEqualTo(counters.toBytes());
    }

    /** Wide layers are counted tile by tile, and the last tile is a part of one. 40 samples, 23 times doubled, still fit. */
    @Property(tries = 20)
    void wideLayersAreCountedBitByBit(
            @ForAll @IntRange(min = 300, max = 1100) int units,
            @ForAll @IntRange(min = 40, max = 64) int positions,
            @ForAll @IntRange(min = 1, max = 40) int samples,
            @ForAll @IntRange(min = 1, max = 23) int doublings,
            @ForAll long seed) {
        boolean[][][] bits = randomBits(units, positions, samples, new Random(seed));
        int[] expected = new int[units * positions];
        for (boolean[][] sample : bits) {
            for (int bit = 0; bit < expected.length; bit++) {
                expected[bit] += sample[bit / positions][bit % positions] ? 1 : 0;
            }
        }
        OverlapCounters counters = counted(bits);
        assertThat(counters.counts()).isEqualTo(expected);
        OverlapCounters read = OverlapCounters.fromBytes(counters.toBytes());
        read.merge(counters);
        for (int doubling = 1; doubling < doublings; doubling++) {
            read.merge(read);
        }
        assertThat(read.counts())
                .isEqualTo(
                        Arrays.stream(expected).map(count -> count << doublings).toArray());
    }

    @Test
    void hasNoScoreBelowTwoSamples() {
        assertThat(OverlapCounters.expressiveness(0, 4, 0)).isEmpty();
        assertThat(OverlapCounters.expressiveness(0, 4, 1)).isEmpty();
        assertThat(OverlapCounters.expressiveness(0, 4, 2)).hasValue(0.0);
        assertThat(OverlapCounters.expressiveness(4, 4, 2)).hasValue(1.0);
    }

    @Test
    void countsExactlyUpToSixteenMillionSamples() {
        // Doubling by merging with itself: 2^24 samples of a pattern whose counts are known by arithmetic.
        int positions = 64;
        boolean[][][] bits = new boolean[4][3][positions];
        for (int sample = 0; sample < 4; sample++) {
            for (int position = 0; position < positions; position++) {
                bits[sample][0][position] = sample == 0;
                bits[sample][1][position] = sample < 2;
                bits[sample][2][position] = true;
            }
        }
        OverlapCounters counters = counted(bits);
        for (int doubling = 2; doubling < 24; doubling++) {
            counters.merge(counters);
        }
        long n = 1L << 24;
        assertThat(counters.samples()).isEqualTo(n);
        assertThat(counters.counts()[0]).isEqualTo(1 << 22);
        assertThat(counters.disagreements())
                .containsExactly(positions * (n / 4) * (3 * n / 4), positions * (n / 2) * (n / 2), 0);
        BigInteger pairs =
                BigInteger.valueOf(n).multiply(BigInteger.valueOf(n - 1)).shiftRight(1);
        assertThat(OverlapCounters.expressiveness(counters.disagreements()[1], positions, n))
                .hasValue(BigInteger.valueOf(n / 2).pow(2).doubleValue() / pairs.doubleValue());
        assertThat(OverlapCounters.fromBytes(counters.toBytes()).counts()).isEqualTo(counters.counts());
    }

    @Test
    void refusesMoreSamplesThanItCanCount() {
        OverlapCounters counters = counted(new boolean[1][1][1]);
        for (int doubling = 0; doubling < 29; doubling++) {
            counters.merge(counters);
        }
        assertThat(counters.samples()).isEqualTo(OverlapCounters.MAX_SAMPLES);
        assertThatThrownBy(() -> counters.add(new byte[8], 1)).isInstanceOf(IllegalStateException.class);
        assertThat(counters.samples()).isEqualTo(OverlapCounters.MAX_SAMPLES);
    }

    @Test
    void refusesWhatIsNoState() throws Exception {
        byte[] state = counted(randomBits(3, 7, 5, new Random(1))).toBytes();
        for (int length = 0; length < state.length; length++) {
            byte[] truncated = Arrays.copyOf(state, length);
            assertThatThrownBy(() -> OverlapCounters.fromBytes(truncated)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] newer = state.clone();
        newer[0]++;
        assertThatThrownBy(() -> OverlapCounters.fromBytes(newer)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OverlapCounters.create(1 << 24, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OverlapCounters.create(1, 65)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A change of this digest is a change of the stored format: it needs a new version, and this one must stay readable. */
    @Test
    void writesTheStateItAlwaysWrote() throws Exception {
        byte[] state = counted(randomBits(13, 49, 1000, new Random(42))).toBytes();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(state);
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo("a17cd713efcc77e29cc6344efc4adbeec1afd557d8292eb82024f641b256223f");
    }

    static OverlapCounters counted(boolean[][][] bits) {
        OverlapCounters counters = OverlapCounters.create(bits[0].length, bits[0][0].length);
        counters.add(PairwiseOracle.codes(bits), bits.length);
        return counters;
    }

    static boolean[][][] randomBits(int units, int positions, int samples, Random random) {
        double[] rates = IntStream.range(0, units)
                .mapToDouble(unit -> random.nextInt(4) / 3.0)
                .toArray();
        boolean[][][] bits = new boolean[samples][units][positions];
        for (boolean[][] sample : bits) {
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < positions; position++) {
                    sample[unit][position] = random.nextDouble() < rates[unit];
                }
            }
        }
        return bits;
    }
}
