package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostTermTest {
    @Test
    void multipliesScaleAndExtents() {
        CostTerm term = new CostTerm("conv", 9, List.of(new Extent(3, Map.of("a", 2)), new Extent(0, Map.of("b", 1))));
        assertThat(term.count(Map.of("a", 4, "b", 5))).isEqualTo(9 * 11 * 5);
    }

    @Test
    void refusesACountThatIsMissing() {
        CostTerm term = new CostTerm("conv", 1, List.of(new Extent(0, Map.of("a", 1))));
        assertThatThrownBy(() -> term.count(Map.of("b", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no count of kept units for group a");
    }
}
