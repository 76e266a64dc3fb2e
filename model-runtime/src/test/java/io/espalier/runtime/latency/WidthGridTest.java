package io.espalier.runtime.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class WidthGridTest {
    @Test
    void stepsByMultiplesOfEight() {
        assertThat(WidthGrid.of(64, 1)).containsExactly(8, 16, 24, 32, 40, 48, 56, 64);
        assertThat(WidthGrid.of(96, 1)).containsExactly(16, 32, 48, 64, 80, 96);
        assertThat(WidthGrid.of(20, 1)).containsExactly(8, 16, 20);
    }

    @Test
    void takesEveryWidthOfANarrowDimension() {
        assertThat(WidthGrid.of(3, 1)).containsExactly(1, 2, 3);
    }

    @Test
    void keepsTheGroupsOfAConvolutionEven() {
        assertThat(WidthGrid.of(128, 32)).containsExactly(32, 64, 96, 128);
    }

    @Property
    void isShortAscendingAndEndsWithTheFullWidth(
            @ForAll @IntRange(min = 1, max = 50) int multiples, @ForAll @IntRange(min = 1, max = 40) int step) {
        long full = (long) multiples * step;
        long[] widths = WidthGrid.of(full, step);
        assertThat(widths).isSorted().doesNotHaveDuplicates().hasSizeBetween(1, 9);
        assertThat(widths[widths.length - 1]).isEqualTo(full);
        assertThat(LongStream.of(widths).allMatch(width -> width > 0 && width % step == 0))
                .isTrue();
    }
}
