package io.espalier.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.streams.testing.Models;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CadenceTest {
    private static final Policy POLICY = Policy.of(new Target(Metric.MACS, 0.5), Criterion.parse("l2"));

    @Test
    void theBasisIsTheSameForTheSameDescriptorAndPolicy() {
        assertThat(Cadence.basis(Models.descriptor("1"), POLICY))
                .isEqualTo(Cadence.basis(Models.descriptor("1"), POLICY))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void aPolicyMayLetARecommendationStandForAnotherTimeThanTheServiceDoes() {
        Cadence cadence = new Cadence(Duration.ofSeconds(1));
        PlanState last = new PlanState("basis", null, 5000, null, 0L);
        Policy own = new Policy(POLICY.target(), POLICY.criterion(), null, null, null, List.of(), 70L, null, null);
        assertThat(cadence.standsUntil(last, POLICY)).isEqualTo(6000);
        assertThat(cadence.standsUntil(last, own)).isEqualTo(5070);
    }

    @Test
    void theBasisChangesWithEither() {
        String basis = Cadence.basis(Models.descriptor("1"), POLICY);
        assertThat(Cadence.basis(Models.descriptor("2"), POLICY)).isNotEqualTo(basis);
        assertThat(Cadence.basis(Models.descriptor("1"), Policy.of(new Target(Metric.MACS, 0.4), POLICY.criterion())))
                .isNotEqualTo(basis);
    }
}
