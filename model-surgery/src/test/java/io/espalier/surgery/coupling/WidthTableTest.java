package io.espalier.surgery.coupling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WidthTableTest {
    @Test
    void passesOverAWidthThatKeepsMoreOfABlockThanAWiderOne() {
        TreeMap<Integer, int[]> counts = new TreeMap<>(
                Map.of(4, new int[] {2, 2}, 3, new int[] {2, 1}, 2, new int[] {0, 2}, 1, new int[] {1, 0}));
        assertThat(WidthTable.of(counts)).containsExactly(new int[] {2, 2}, new int[] {2, 1}, new int[] {1, 0});
    }

    @Test
    void prefersManyEvenStepsToAFewWideOnes() {
        // 8, 6, 4 and 2 fit into each other, and so do 8, 7 and 1.
        TreeMap<Integer, int[]> counts = new TreeMap<>(Map.of(
                8,
                new int[] {4, 4},
                7,
                new int[] {1, 3},
                6,
                new int[] {3, 2},
                4,
                new int[] {2, 2},
                2,
                new int[] {1, 1},
                1,
                new int[] {1, 0}));
        assertThat(WidthTable.of(counts))
                .containsExactly(
                        new int[] {4, 4}, new int[] {3, 2}, new int[] {2, 2}, new int[] {1, 1}, new int[] {1, 0});
    }

    @Property
    void aTrunkThatWasCutHasTheRestOfTheSameTable(
            @ForAll @Size(min = 1, max = 12) List<@Size(3) List<@IntRange(max = 4) Integer>> drawn) {
        TreeMap<Integer, int[]> counts = new TreeMap<>();
        drawn.forEach(row -> counts.put(
                counts.size() + 1, row.stream().mapToInt(Integer::intValue).toArray()));
        List<int[]> all = WidthTable.of(counts);
        for (int i = 1; i < all.size(); i++) {
            int[] width = all.get(i);
            int at = counts.entrySet().stream()
                    .filter(entry -> entry.getValue() == width)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            assertThat(WidthTable.of(new TreeMap<>(counts.headMap(at, true)))).isEqualTo(all.subList(i, all.size()));
        }
    }
}
