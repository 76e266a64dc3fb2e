package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunGridTest {
    private static final List<Recipe> RECIPES = List.of(Recipe.parse("none"), Recipe.parse("norm,ridge"));

    @Test
    void everyCombinationIsThereOnce() {
        RunGrid grid = new RunGrid(ComparedCriterion.parseAll("l1,random"), List.of(0.8, 0.5, 0.8), RECIPES, 3);
        assertThat(grid.all()).hasSize(2 * 2 * 2 * 3).doesNotHaveDuplicates().hasSize(grid.size());
        assertThat(grid.ofSeed(2)).hasSize(8).allMatch(key -> key.seed() == 2);
    }

    @Test
    void recipesOfACutFollowEachOther() {
        RunGrid grid = new RunGrid(ComparedCriterion.parseAll("l1,random"), List.of(0.8, 0.5), RECIPES, 1);
        List<RunKey> keys = grid.ofSeed(1);
        for (int i = 0; i < keys.size(); i += 2) {
            assertThat(keys.get(i).cut()).isEqualTo(keys.get(i + 1).cut());
            assertThat(keys.get(i).recipe()).hasToString("none");
            assertThat(keys.get(i + 1).recipe()).hasToString("ridge,norm");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1, 1.5, Double.NaN})
    void refusesATargetThatIsNoShare(double target) {
        assertThatThrownBy(() -> new RunGrid(ComparedCriterion.parseAll("l1"), List.of(0.5, target), RECIPES, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--targets")
                .hasMessageContaining(String.valueOf(target));
    }

    @Test
    void refusesNoSeeds() {
        assertThatThrownBy(() -> new RunGrid(ComparedCriterion.parseAll("l1"), List.of(0.5), RECIPES, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--seeds");
    }
}
