package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
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

    @Test
    void takesEquallyManyUnitsOfEveryBlock() {
        ModelAnalysis analysis = inBlocks("a", new int[] {0, 1, 2}, new int[] {3, 4, 5});
        assertThat(analysis.kept(plan("a", 0, 2, 3, 5))).containsEntry("a", 2);
        assertThat(analysis.kept(plan("a", 1, 5))).containsEntry("a", 4);
    }

    @Test
    void followsBlocksWhoseUnitsAreNotAdjacent() {
        ModelAnalysis analysis = inBlocks("a", new int[] {0, 2}, new int[] {1, 3});
        assertThat(analysis.kept(plan("a", 0, 1))).containsEntry("a", 2);
        assertThatThrownBy(() -> analysis.kept(plan("a", 0, 2))).isInstanceOf(IllegalPlanException.class);
    }

    @Test
    void refusesUnevenBlocksInOneLine() {
        ModelAnalysis analysis = inBlocks(
                "layer2.0.conv2", new int[] {0, 1, 2, 3}, new int[] {4, 5, 6, 7}, new int[] {8, 9, 10, 11}, new int[] {
                    12, 13, 14, 15
                });
        assertThatThrownBy(() -> plan("layer2.0.conv2", 0, 1, 2, 5, 6).check(analysis))
                .isInstanceOf(IllegalPlanException.class)
                .hasMessage("group layer2.0.conv2: the plan removes 3 units of block 0 and 2 of block 1, "
                        + "remove equally many of each of its 4 blocks");
    }

    @Test
    void keepsOneOfTheWidthsOfAGroup() {
        ModelAnalysis analysis = inWidths("a", List.of(new int[] {3, 2}, new int[] {2, 2}, new int[] {1, 0}));
        assertThat(analysis.kept(plan("a", 1))).containsEntry("a", 4);
        assertThat(analysis.kept(plan("a", 0, 2, 3, 4))).containsEntry("a", 1);
    }

    @Test
    void refusesWhatIsNoWidthInOneLine() {
        ModelAnalysis analysis = inWidths("a", List.of(new int[] {3, 2}, new int[] {2, 2}, new int[] {1, 0}));
        assertThatThrownBy(() -> analysis.kept(plan("a", 3)))
                .isInstanceOf(IllegalPlanException.class)
                .hasMessage("group a: the plan keeps [3, 1] units of its 2 blocks, which is none of its 3 widths; "
                        + "the next that it has keeps [2, 2]");
        assertThatThrownBy(() -> analysis.kept(plan("a", 0, 1, 3)))
                .hasMessageEndingWith("the next that it has keeps [1, 0]");
    }

    private static ModelAnalysis inWidths(String group, List<int[]> widths) {
        return analysis(new CouplingGroup(
                group, 5, List.of(), List.of(), Map.of(), List.of(new int[] {0, 1, 2}, new int[] {3, 4}), widths));
    }

    private static PruningPlan plan(String group, int... units) {
        return new PruningPlan(Map.of(group, units));
    }

    private static ModelAnalysis inBlocks(String group, int[]... blocks) {
        int units = Arrays.stream(blocks).mapToInt(block -> block.length).sum();
        return analysis(new CouplingGroup(group, units, List.of(), List.of(), Map.of(), List.of(blocks), List.of()));
    }

    private static ModelAnalysis analysis(CouplingGroup only) {
        return new ModelAnalysis(
                0,
                0,
                List.of(),
                List.of(only),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new ShapeProfile(List.of()));
    }
}
