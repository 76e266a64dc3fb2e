package io.espalier.surgery.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PositionGridTest {
    @Test
    void keepsAllPositionsOfASmallMap() {
        long[] picked = PositionGrid.pick(new long[] {7, 7});
        assertThat(picked).hasSize(49).isSorted().startsWith(0, 1).endsWith(48);
    }

    @Test
    void picksTheMiddlesOfEqualParts() {
        long[] picked = PositionGrid.pick(new long[] {28, 28});
        // floor((2 i + 1) 28 / 16) = 1, 5, 8, 12, 15, 19, 22, 26
        assertThat(picked).hasSize(64).startsWith(28 + 1, 28 + 5, 28 + 8).endsWith(26 * 28 + 26);
    }

    @Test
    void picksTokensEvenly() {
        assertThat(PositionGrid.pick(new long[] {128}))
                .hasSize(64)
                .startsWith(1, 3, 5)
                .endsWith(127);
    }

    @Test
    void aUnitWithoutPositionsHasOne() {
        assertThat(PositionGrid.pick(new long[] {})).containsExactly(0);
    }

    @Property
    void picksAtMostSixtyFourDistinctPositionsWithinTheMap(
            @ForAll @IntRange(min = 1, max = 200) int rows, @ForAll @IntRange(min = 1, max = 200) int columns) {
        long[] picked = PositionGrid.pick(new long[] {rows, columns});
        assertThat(picked).hasSizeBetween(Math.min(32, rows * columns), 64).doesNotHaveDuplicates();
        assertThat(Arrays.stream(picked)).allMatch(p -> p >= 0 && p < (long) rows * columns);
        if (rows * columns <= 64) {
            assertThat(picked).hasSize(rows * columns);
        }
    }
}
