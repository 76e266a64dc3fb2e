package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PruningPlanTest {
    @Test
    void sortsUnitsAndGroupsAndDropsEmptyOnes() {
        PruningPlan plan = new PruningPlan(Map.of("b", new int[] {3, 1}, "a", new int[] {2}, "c", new int[] {}));
        assertThat(plan.remove().keySet()).containsExactly("a", "b");
        assertThat(plan.remove().get("b")).containsExactly(1, 3);
    }

    @Test
    void refusesAUnitGivenTwice() {
        assertThatThrownBy(() -> new PruningPlan(Map.of("a", new int[] {4, 2, 4})))
                .isInstanceOf(IllegalPlanException.class)
                .hasMessage("group a: unit 4 is given twice");
    }

    @Test
    void refusesAUnitBelowZero() {
        assertThatThrownBy(() -> new PruningPlan(Map.of("a", new int[] {-1, 2})))
                .hasMessage("group a: unit -1 is below zero");
    }
}
