package io.espalier.planner.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ArrivedSamplesTest {
    private static final int PANES = 6;
    private static final long PANE = 1000;

    /** Samples by the start of their pane, the last few panes of them. */
    private final TreeMap<Long, Long> window = new TreeMap<>();

    private final ArrivedSamples arrived = new ArrivedSamples();

    @Test
    void whatIsThereAtFirstHasNotArrivedSince() {
        add(0, 30);
        assertThat(look()).isZero();
        assertThat(look()).isZero();
        add(0, 5);
        assertThat(look()).isEqualTo(5);
    }

    @Property
    void aBatchIsSeenWhenItBeginsAPaneAndEndsAnother(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int batchesPerPane) {
        window.clear();
        ArrivedSamples looked = new ArrivedSamples();
        Random random = new Random(seed);
        look(looked);
        for (int batch = 0; batch < 60; batch++) {
            int samples = 1 + random.nextInt(100);
            add(batch / batchesPerPane * PANE, samples);
            assertThat(look(looked)).isCloseTo(samples, within(1e-6));
        }
    }

    @Test
    void afterARestartTheOldPanesAreGuessedAndOnceTheyAreGoneItIsExactAgain() {
        for (int pane = 0; pane < PANES; pane++) {
            add(pane * PANE, pane == 0 ? 600 : 6);
        }
        assertThat(look()).isZero();
        // The pane that went held 600, and was taken for a sixth of 630.
        add(PANES * PANE, 6);
        assertThat(look()).isZero();
        for (int pane = PANES + 1; pane < 2 * PANES; pane++) {
            add(pane * PANE, 6);
            assertThat(look()).isBetween(0.0, 12.0);
        }
        add(2 * PANES * PANE, 6);
        look();
        add(2 * PANES * PANE + PANE, 7);
        assertThat(look()).isCloseTo(7, within(6.0));
    }

    private void add(long paneMs, long samples) {
        window.merge(paneMs, samples, Long::sum);
        window.headMap(window.lastKey() - (PANES - 1) * PANE, false).clear();
    }

    private double look() {
        return look(arrived);
    }

    private double look(ArrivedSamples looked) {
        long samples = window.values().stream().mapToLong(Long::longValue).sum();
        return window.isEmpty()
                ? looked.look(0, 0, PANE, 1)
                : looked.look(samples, window.firstKey(), window.lastKey() + PANE, window.size());
    }
}
