package io.espalier.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class AllocationTest {
    private static final Policy HALF = new Policy(
            Policy.Target.parse("macs=0.5"), Criterion.parse("l2"), null, new Policy.Limits(0.9, 1, 1), null);

    /** Against every allocation there is. */
    @Test
    void isNeverBetterThanTheBestAndSeldomFarFromIt() {
        List<Double> ratios = new ArrayList<>();
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ModelDescriptor model = Chain.of(2 + random.nextInt(7), 2 + random.nextInt(7), 2 + random.nextInt(7));
            Map<String, Map<Integer, Double>> damages = damages(model, random);
            double best = best(model, damages);
            Allocation allocation = new Allocation(model, HALF, damages);
            Map<String, Integer> kept = allocation.solve();
            if (best == Double.POSITIVE_INFINITY) {
                assertThat(allocation.reaches(kept)).isFalse();
                continue;
            }
            assertThat(allocation.reaches(kept)).isTrue();
            assertThat(CostTerm.total(model.macTerms(), kept)).isLessThanOrEqualTo(model.macs() / 2);
            double ratio = damage(damages, model, kept) / best;
            assertThat(ratio).isGreaterThanOrEqualTo(1 - 1e-9);
            ratios.add(ratio);
        }
        ratios.sort(null);
        assertThat(ratios).hasSizeGreaterThan(150);
        assertThat(ratios.get(ratios.size() / 2)).isLessThan(1.01);
        assertThat(ratios.get(ratios.size() * 9 / 10)).isLessThan(1.2);
    }

    @Test
    void aGroupThatMayLoseNothingStaysWholeAndAFreeOnePays() {
        ModelDescriptor model = Chain.of(8, 8);
        Map<String, Map<Integer, Double>> damages = new LinkedHashMap<>();
        damages.put("g0", curve(8, gone -> 1.0 * gone));
        damages.put("g1", curve(8, gone -> 0.001 * gone));
        Map<String, Integer> kept = new Allocation(model, HALF, damages).solve();
        assertThat(kept.get("g0")).isEqualTo(8);
        assertThat(kept.get("g1")).isLessThan(8);
        damages.remove("g0");
        assertThat(new Allocation(model, HALF, damages).solve().get("g0")).isEqualTo(8);
    }

    private static Map<Integer, Double> curve(int units, IntToDoubleFunction damage) {
        Map<Integer, Double> curve = new TreeMap<>();
        for (int kept = 1; kept < units; kept++) {
            curve.put(kept, damage.applyAsDouble(units - kept));
        }
        return curve;
    }

    /** Rising and bent upwards, as measured ones mostly are. */
    private static Map<String, Map<Integer, Double>> damages(ModelDescriptor model, Random random) {
        Map<String, Map<Integer, Double>> damages = new LinkedHashMap<>();
        for (Group group : model.groups()) {
            double scale = Math.exp(3 * random.nextGaussian());
            double power = 1 + 2 * random.nextDouble();
            damages.put(
                    group.id(), curve(group.units(), gone -> scale * Math.pow((double) gone / group.units(), power)));
        }
        return damages;
    }

    private static double best(ModelDescriptor model, Map<String, Map<Integer, Double>> damages) {
        return best(model, damages, new HashMap<>(), 0);
    }

    private static double best(
            ModelDescriptor model, Map<String, Map<Integer, Double>> damages, Map<String, Integer> kept, int at) {
        if (at == model.groups().size()) {
            return CostTerm.total(model.macTerms(), kept) <= 0.5 * model.macs()
                    ? damage(damages, model, kept)
                    : Double.POSITIVE_INFINITY;
        }
        Group group = model.groups().get(at);
        double best = Double.POSITIVE_INFINITY;
        for (int count = 1; count <= group.units(); count++) {
            if (group.units() - count <= (int) (0.9 * group.units())) {
                kept.put(group.id(), count);
                best = Math.min(best, best(model, damages, kept, at + 1));
            }
        }
        return best;
    }

    private static double damage(
            Map<String, Map<Integer, Double>> damages, ModelDescriptor model, Map<String, Integer> kept) {
        double sum = 0;
        for (Group group : model.groups()) {
            sum += damages.get(group.id()).getOrDefault(kept.get(group.id()), 0.0);
        }
        return sum;
    }
}
