package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostTermTest {
    @Test
    void multipliesScaleAndExtents() {
        CostTerm term =
                new CostTerm("conv", 9, List.of(new Extent(3, Map.of("a", 2), 1), new Extent(0, Map.of("b", 1), 1)));
        assertThat(term.count(Map.of("a", 4, "b", 5))).isEqualTo(9 * 11 * 5);
    }

    @Test
    void dividesWhereADimensionHoldsOneBlockOnly() {
        Extent extent = new Extent(4, Map.of("a", 2), 4);
        assertThat(extent.length(Map.of("a", 6))).isEqualTo(4);
        assertThatThrownBy(() -> extent.length(Map.of("a", 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("14 indices of groups [a] are no multiple of 4: keep equally many units of every block");
    }

    @Test
    void refusesACountThatIsMissing() {
        CostTerm term = new CostTerm("conv", 1, List.of(new Extent(0, Map.of("a", 1), 1)));
        assertThatThrownBy(() -> term.count(Map.of("b", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no count of kept units for group a");
    }
}
