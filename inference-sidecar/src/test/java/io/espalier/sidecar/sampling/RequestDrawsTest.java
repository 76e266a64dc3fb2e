package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RequestDrawsTest {
    private static final int REQUESTS = 100_000;

    @Test
    void theyAreEvenlySpread() {
        RequestDraws draws = new RequestDraws("host-1");
        int[] tenths = new int[10];
        for (int i = 0; i < REQUESTS; i++) {
            tenths[(int) (10 * draws.next())]++;
        }
        double chiSquare = 0;
        for (int count : tenths) {
            chiSquare += Math.pow(count - REQUESTS / 10.0, 2) / (REQUESTS / 10.0);
        }
        // Nine degrees of freedom pass 27.9 once in a thousand times.
        assertThat(chiSquare).isLessThan(27.9);
    }

    @Property(tries = 200)
    void trafficThatRepeatsItselfIsSampledEvenly(
            @ForAll @IntRange(min = 2, max = 64) int period, @ForAll @DoubleRange(min = 0.02, max = 0.9) double rate) {
        RequestDraws draws = new RequestDraws("host-1");
        int[] sampled = new int[period];
        int rounds = 2000;
        for (int request = 0; request < rounds * period; request++) {
            if (draws.next() < rate) {
                sampled[request % period]++;
            }
        }
        double deviation = Math.sqrt(rounds * rate * (1 - rate));
        for (int count : sampled) {
            assertThat((double) count).isCloseTo(rounds * rate, within(6 * deviation));
        }
    }

    @Test
    void publishersDrawApart() {
        RequestDraws one = new RequestDraws("host-1");
        RequestDraws other = new RequestDraws("host-2");
        double rate = 0.1;
        int both = 0;
        for (int request = 0; request < REQUESTS; request++) {
            both += Math.max(one.next(), other.next()) < rate ? 1 : 0;
        }
        assertThat((double) both).isCloseTo(REQUESTS * rate * rate, within(6 * Math.sqrt(REQUESTS * rate * rate)));
    }

    @Test
    void theNumberOfARequestIsThatOfItsPublisherAndItsPlace() {
        RequestDraws draws = new RequestDraws("host-1");
        for (int before = 0; before < 100; before++) {
            assertThat(draws.next()).isEqualTo(new RequestDraws("host-1").at(before));
        }
    }

    @Property
    void whatALowerRateSamplesIsPartOfWhatAHigherOneDoes(
            @ForAll @DoubleRange(min = 0, max = 1) double rate,
            @ForAll @DoubleRange(min = 0, max = 1) double less,
            @ForAll @DoubleRange(min = 0, max = 1) double more) {
        PointRates rates = new PointRates(rate, new double[] {Math.min(less, more), Math.max(less, more)});
        RequestDraws draws = new RequestDraws("host-1");
        for (int request = 0; request < 1000; request++) {
            double draw = draws.next();
            BitSet sampled = rates.sampled(draw);
            assertThat(!sampled.get(0) || sampled.get(1)).isTrue();
            assertThat(draw < rates.highest()).isEqualTo(!sampled.isEmpty());
        }
    }
}
