package io.espalier.runtime.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.surgery.CouplingGroup;
import io.espalier.surgery.graph.Parameter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayerReaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"residual.pt", "residual-frozen.pt"})
    void findsEveryLayerWithItsWidths(String file) throws IOException, URISyntaxException {
        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1))) {
            Path model = Path.of(ModelRuntime.class.getResource(file).toURI());
            DescribedModel described =
                    new ModelDescriber(runtime).describe(model, "m", "1", List.of(new long[] {1, 2, 12, 12}));
            Map<String, Integer> all = described.analysis().groups().stream()
                    .collect(Collectors.toMap(CouplingGroup::id, CouplingGroup::units));
            List<TimedLayer> layers = LayerReader.read(described.archive().graph(), described.analysis());
            assertThat(layers).hasSameSizeAs(described.analysis().macTerms());
            Map<String, Integer> fewer = new HashMap<>(all);
            fewer.replaceAll((group, units) -> units - 1);
            boolean[] narrower = {false, false};
            for (TimedLayer layer : layers) {
                Parameter weight = described.archive().graph().parameters().stream()
                        .filter(p -> p.layer().equals(layer.name()) && p.shape().length >= 2)
                        .findFirst()
                        .orElseThrow();
                assertThat(layer.rows().length(all)).isEqualTo(weight.shape()[0]);
                assertThat(layer.columns().length(all)).isEqualTo(weight.shape()[1]);
                narrower[0] |= layer.rows().length(fewer) < weight.shape()[0];
                narrower[1] |= layer.columns().length(fewer) < weight.shape()[1];
                long macsOfAKernel = layer.shape().kernel().stream().reduce(1L, Math::multiplyExact);
                assertThat(layer.outputsPerRow()
                                * layer.rows().length(all)
                                * layer.columns().length(all)
                                * macsOfAKernel)
                        .isEqualTo(described.analysis().layers().stream()
                                .filter(l -> l.name().equals(layer.name()))
                                .findFirst()
                                .orElseThrow()
                                .macs());
            }
            assertThat(narrower).containsExactly(true, true);
        }
    }
}
