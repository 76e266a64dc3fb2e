package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
    @Test
    void areThoseOfTheBook() {
        Statistics four = Statistics.of(List.of(4.0, 1.0, 10.0, 5.0));
        assertThat(four.median()).isEqualTo(4.5);
        assertThat(four.mean()).isEqualTo(5);
        assertThat(four.standardDeviation()).isEqualTo(Math.sqrt(42 / 3.0), within(1e-12));
        assertThat(Statistics.of(List.of(3.0, 9.0, 1.0)).median()).isEqualTo(3);
    }

    @Test
    void aSingleFigureHasNoSpread() {
        Statistics one = Statistics.of(List.of(0.7));
        assertThat(one.median()).isEqualTo(0.7);
        assertThat(one.standardDeviation()).isZero();
    }

    @Test
    void whatIsNotKnownDoesNotCount() {
        assertThat(Statistics.of(Arrays.asList(null, 2.0, null)).mean()).isEqualTo(2);
        assertThatThrownBy(() -> Statistics.of(Arrays.asList((Double) null)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void asManyFiguresLieBelowTheMedianAsAbove(
            @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -5, max = 5) Double> figures) {
        double median = Statistics.of(figures).median();
        long below = figures.stream().filter(value -> value < median).count();
        long above = figures.stream().filter(value -> value > median).count();
        assertThat(below).isLessThanOrEqualTo(figures.size() / 2);
        assertThat(above).isLessThanOrEqualTo(figures.size() / 2);
    }
}
