package io.espalier.surgery.coupling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class UnionFindTest {
    private static final int LABELS = 30;

    @Property
    void agreesWithRelabellingByHandWhateverTheOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = LABELS) Integer> left,
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = LABELS) Integer> right) {
        UnionFind sets = new UnionFind();
        int[] byHand = new int[LABELS + 1];
        Arrays.setAll(byHand, i -> i);
        for (int i = 1; i <= LABELS; i++) {
            assertThat(sets.add()).isEqualTo(i);
        }
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            sets.join(left.get(i), right.get(i));
            int from = Math.max(byHand[left.get(i)], byHand[right.get(i)]);
            int to = Math.min(byHand[left.get(i)], byHand[right.get(i)]);
            Arrays.setAll(byHand, j -> byHand[j] == from ? to : byHand[j]);
        }
        for (int i = 1; i <= LABELS; i++) {
            assertThat(sets.find(i)).isEqualTo(byHand[i]);
        }
    }
}
