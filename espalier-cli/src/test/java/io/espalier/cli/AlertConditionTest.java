package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AlertConditionTest {
    @Test
    void splitsARecordedSeriesFromItsThreshold() {
        assertThat(AlertCondition.parse("espalier:dead_letters:rate5m > 0"))
                .isEqualTo(new AlertCondition("espalier:dead_letters:rate5m", ">", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"==", "!=", ">", "<", ">=", "<="})
    void knowsEveryComparison(String comparison) {
        assertThat(AlertCondition.parse("a " + comparison + " 0.5"))
                .isEqualTo(new AlertCondition("a", comparison, 0.5));
        assertThat(AlertCondition.parse("a" + comparison + "-1e3"))
                .isEqualTo(new AlertCondition("a", comparison, -1000));
    }

    @Test
    void looksPastComparisonsInBracketsMatchersAndText() {
        String measured = "sum by (job) (up{job!=\"a>b\", name=~'<(\\'>', x=`>`} > bool 0) / count(up == 1)";

        assertThat(AlertCondition.parse(measured + " >= 2").measured()).isEqualTo(measured);
    }

    @Test
    void looksPastComments() {
        assertThat(AlertCondition.parse("a # more than > 3 and so on\n > 4").threshold())
                .isEqualTo(4);
    }

    @Test
    void takesNamesThatHoldASetOperatorForNames() {
        assertThat(AlertCondition.parse("and_more + or:total > 1").measured()).isEqualTo("and_more + or:total");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "sum(a > 0)",
                "a > 0 and b > 0",
                "a > 0 or b",
                "a unless b > 0",
                "0 < a < 5",
                "a > b",
                "a > bool 0"
            })
    void refusesWhatHasNoOneThreshold(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlertCondition.parse(expression))
                .withMessageContaining("'" + expression + "'")
                .withMessageEndingWith("record a series and compare it with a number");
    }
}
