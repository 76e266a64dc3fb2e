package io.espalier.runtime;

import static io.espalier.runtime.TestRuntime.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ModelInputException;
import io.espalier.surgery.ShapeProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ModelDescriberTest {
    private static final List<long[]> IMAGE = List.of(new long[] {1, 1, 8, 8});

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @Test
    void aDescriptorSaysWhatTheModelIsMadeOf() throws IOException {
        Path file = fixture("classifier.pt");
        ModelDescriptor model = new ModelDescriber(ENGINE.runtime())
                .describe(file, "shapes", "3", IMAGE)
                .descriptor();
        assertThat(model.key()).hasToString("shapes@3");
        assertThat(Path.of(java.net.URI.create(model.artifact().uri()))).isEqualTo(file);
        assertThat(model.artifact().sha256()).isEqualTo(Sha256.of(file));
        assertThat(model.inputs()).containsExactly(new ModelDescriptor.Input("x", "FP32", List.of(1L, 1L, 8L, 8L)));
        // conv1 72, its norm 16, conv2 864, its norm 24, linear 60 + 5
        assertThat(model.params()).isEqualTo(1041);
        assertThat(model.macs()).isEqualTo(64 * 72 + 64 * 864 + 60);
        assertThat(model.groups()).extracting(ModelDescriptor.Group::id).containsExactly("conv1", "conv2");
        assertThat(model.groups()).extracting(ModelDescriptor.Group::units).containsExactly(8, 12);
        assertThat(model.capturePoints())
                .containsExactly(
                        new ModelDescriptor.CapturePoint("relu1", "conv1", 8, 64),
                        new ModelDescriptor.CapturePoint("relu2", "conv2", 12, 64));
        assertThat(model.groups().get(0).importance()).containsOnlyKeys("l1", "l2", "bn_scale", "consumer_l2");
        Map<String, Integer> all = model.groups().stream()
                .collect(Collectors.toMap(ModelDescriptor.Group::id, ModelDescriptor.Group::units));
        assertThat(CostTerm.total(model.paramTerms(), all)).isEqualTo(model.params());
        assertThat(CostTerm.total(model.macTerms(), all)).isEqualTo(model.macs());
    }

    @Test
    void aDescriptorSurvivesItsTopic() throws IOException {
        ModelDescriptor model = new ModelDescriber(ENGINE.runtime())
                .describe(fixture("residual.pt"), "residual", "1", List.of(new long[] {1, 2, 12, 12}))
                .descriptor();
        assertThat(Codecs.MODEL_DESCRIPTOR.decode(Codecs.MODEL_DESCRIPTOR.encode(model)))
                .usingRecursiveComparison()
                .isEqualTo(model);
    }

    @Test
    void aProfileHoldsTheShapesOfARealRun() throws IOException {
        ModelArchive archive = ModelArchive.open(fixture("classifier.pt"));
        ShapeProfile profile =
                new Profiler(ENGINE.runtime()).profile(archive, IMAGE).shapes();
        assertThat(profile.shapes()).hasSameSizeAs(archive.graph().tensors());
        assertThat(profile.shapes().get(0)).containsExactly(1, 1, 8, 8);
        assertThat(profile.shapes().get(1)).containsExactly(1, 8, 8, 8);
        assertThat(profile.shapes().get(profile.shapes().size() - 1)).containsExactly(1, 5);
    }

    @Test
    void wrongInputShapesGiveOneLine() {
        ModelDescriber describer = new ModelDescriber(ENGINE.runtime());
        for (List<long[]> wrong : List.of(
                List.of(new long[] {1, 3, 8, 8}),
                List.of(new long[] {1, 8, 8}),
                List.of(new long[] {1, 1, 8, 8}, new long[] {1, 4}),
                List.<long[]>of())) {
            assertThatExceptionOfType(ModelInputException.class)
                    .isThrownBy(() -> describer.describe(fixture("classifier.pt"), "m", "1", wrong))
                    .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n"));
        }
        // The first layers take it, the linear one does not: only the engine can tell.
        assertThatExceptionOfType(ModelRuntimeException.class)
                .isThrownBy(
                        () -> describer.describe(fixture("residual.pt"), "m", "1", List.of(new long[] {1, 2, 40, 40})))
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("shapes cannot be multiplied")
                        .doesNotContain("\n"));
    }
}
