package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparedCriterionTest {
    @Test
    void allIsOneOfEachKind() {
        assertThat(ComparedCriterion.parseAll("all"))
                .extracting(ComparedCriterion::toString)
                .containsExactlyInAnyOrder(
                        "expressiveness",
                        "expressiveness+redundancy",
                        "l1",
                        "l2",
                        "bn_scale",
                        "hybrid:0.5",
                        "fluctuation",
                        "apoz",
                        "saliency",
                        "elimination",
                        "random");
    }

    @Test
    void onlyRandomDependsOnTheSeed() {
        assertThat(ComparedCriterion.parse("random").of(7)).hasToString("random:7");
        assertThat(ComparedCriterion.parse("hybrid:0.3").of(7)).hasToString("hybrid:0.3");
    }

    @Test
    void whatIsNamedTwiceIsComparedOnce() {
        assertThat(ComparedCriterion.parseAll("l2, l1,L2")).hasToString("[l2, l1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"magic", "l2,magic", "", "l2,,l1", "l2:1"})
    void refusesWhatIsNotKnown(String text) {
        assertThatThrownBy(() -> ComparedCriterion.parseAll(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not known: use expressiveness");
    }

    @Test
    void refusesARandomOrderOfItsOwn() {
        assertThatThrownBy(() -> ComparedCriterion.parse("random:7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write random");
    }
}
