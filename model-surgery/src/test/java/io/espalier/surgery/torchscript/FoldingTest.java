package io.espalier.surgery.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FoldingTest {
    private static Object fold(String operator, Object... values) {
        return Folding.fold(operator, List.of(values)).orElse(null);
    }

    @Property
    void floorDivisionAndRemainderRoundDownAsInPython(
            @ForAll @IntRange(min = -50, max = 50) int a, @ForAll @IntRange(min = -9, max = 9) int b) {
        if (b == 0) {
            assertThat(fold("floordiv", (long) a, 0L)).isNull();
            assertThat(fold("remainder", (long) a, 0L)).isNull();
        } else {
            long quotient = (long) fold("floordiv", (long) a, (long) b);
            long rest = (long) fold("remainder", (long) a, (long) b);
            assertThat(quotient * b + rest).isEqualTo(a);
            assertThat(rest * Integer.signum(b)).isBetween(0L, Math.abs(b) - 1L);
        }
    }

    @Test
    void comparesNumbersOfEitherKindListsAndNone() {
        assertThat(fold("eq", 2L, 2.0)).isEqualTo(true);
        assertThat(fold("ne", List.of(1L, 2L), List.of(1L, 2L))).isEqualTo(false);
        assertThat(fold("eq", List.of(1L), List.of(1L, 2L))).isEqualTo(false);
        assertThat(fold("__is__", Folding.NONE, Folding.NONE)).isEqualTo(true);
        assertThat(fold("__isnot__", "a", Folding.NONE)).isEqualTo(true);
        assertThat(fold("lt", 1L, 1.5)).isEqualTo(true);
        assertThat(fold("__contains__", List.of(2L, 3L), 3L)).isEqualTo(true);
    }

    @Test
    void leavesWhatItCannotTellToTheEngine() {
        assertThat(Folding.fold("add", List.of(Long.MAX_VALUE, 1L))).isEqualTo(Optional.empty());
        assertThat(Folding.fold("conv2d", List.of(1L, 2L))).isEqualTo(Optional.empty());
        assertThat(Folding.fold("div", List.of(1L, 0L))).isEqualTo(Optional.empty());
        assertThat(Folding.fold("pow", List.of(2L, 3L))).isEqualTo(Optional.empty());
    }

    @Test
    void formatsTextAndSearchesIt() {
        assertThat(fold("format", "{} of {}", 2L, List.of(1L, true))).isEqualTo("2 of [1, True]");
        assertThat(fold("find", "cuda:0", "cpu", 0L, 6L)).isEqualTo(-1L);
        assertThat(fold("add", "a", "b")).isEqualTo("ab");
    }

    @Test
    void sumsAndQuantifiesLists() {
        assertThat(fold("sum", List.of(1L, 2L, 4L))).isEqualTo(7L);
        assertThat(fold("all", List.of(true, false))).isEqualTo(false);
        assertThat(fold("any", List.of())).isEqualTo(false);
        assertThat(fold("prim.max", List.of(1L, 9L, 4L))).isEqualTo(9L);
    }
}
