package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.recovery.RecoveryProgress;
import io.espalier.runtime.recovery.Sensitivity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SensitivityIT {
    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    /** One of convolutions, one whose layers are one operator that cannot be fitted, one of groups of channels. */
    @ParameterizedTest
    @ValueSource(strings = {"cifar-resnet-frozen", "encoder-frozen", "resnext-traced"})
    void everyCutDoesSomeDamageAndALargerOneMostlyMore(String name) throws IOException {
        FamilyArchive archive = FamilyArchive.named(name);
        DescribedModel model = archive.describe(ENGINE.runtime());
        List<List<Tensor>> samples =
                IntStream.range(0, 24).mapToObj(archive::inputs).toList();
        List<Map<String, List<Integer>>> few = new ArrayList<>();
        List<Map<String, List<Integer>>> many = new ArrayList<>();
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            few.add(Map.of(group.id(), firstOfEachBlock(group, 1)));
            many.add(Map.of(group.id(), firstOfEachBlock(group, Integer.MAX_VALUE)));
        }
        Sensitivity sensitivity = new Sensitivity(ENGINE.runtime(), model, samples);
        List<Double> small = sensitivity.measure(few, RecoveryProgress.NONE);
        List<Double> large = sensitivity.measure(many, RecoveryProgress.NONE);

        assertThat(small).hasSize(few.size()).allMatch(damage -> damage >= 0 && Double.isFinite(damage));
        assertThat(large).allMatch(damage -> damage > 0 && Double.isFinite(damage));
        assertThat(sum(large)).isGreaterThan(sum(small));
    }

    private static double sum(List<Double> damages) {
        return damages.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static List<Integer> firstOfEachBlock(ModelDescriptor.Group group, int most) {
        List<List<Integer>> blocks = group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : group.blocks();
        return blocks.stream()
                .flatMap(block -> block.stream().sorted().limit(Math.min(most, block.size() / 2)))
                .sorted()
                .toList();
    }
}
