package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelArchiveTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "residual",
                "residual-frozen",
                "depthwise",
                "unknown",
                "view",
                "joined",
                "joined-frozen",
                "tokens"
            })
    void findsAsManyTensorValuesAsTheInterpreterRecorded(String name) throws IOException {
        assertThat(Fixtures.open(name).graph().tensors())
                .hasSameSizeAs(Fixtures.shapes(name).shapes());
    }

    @Test
    void inlinesModuleCallsInExecutionOrderWithTheirPaths() {
        List<Operator> operators = Fixtures.open("residual").graph().operators();
        assertThat(operators.subList(0, 6))
                .extracting(Operator::name)
                .containsExactly("_convolution", "batch_norm", "relu_", "_convolution", "batch_norm", "relu_");
        assertThat(operators.subList(0, 6))
                .extracting(Operator::modulePath)
                .containsExactly("conv1", "bn1", "relu", "layer1.0.conv1", "layer1.0.bn1", "layer1.0.relu");
        assertThat(operators.get(0).place()).matches("code/__torch__/.*\\.py:[0-9]+");
    }

    @Test
    void readsShapesThatAnOperatorComputesAsScalarsNotTensors() {
        assertThat(Fixtures.open("view").graph().values())
                .extracting(Value::type)
                .contains(Value.Type.SCALAR, Value.Type.TENSOR);
    }

    @Test
    void refusesControlFlowNamingTheLine() {
        assertThatThrownBy(() -> Fixtures.open("scripted"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageMatching("code/__torch__\\.py:[0-9]+: 'if' in forward depends on .*, which is computed from"
                        + " what a tensor holds: trace the model \\(torch\\.jit\\.trace\\) instead of scripting it");
    }

    @Test
    void addsTheProfilingMethodAndLeavesTheRestOfTheCodeAlone() throws IOException {
        Path target = folder.resolve("profiled.pt");
        Fixtures.open("residual").writeProfiled(target);
        String before = code(Fixtures.path("residual.pt"), "residual/code/__torch__.py");
        String after = code(target, "residual/code/__torch__.py");
        assertThat(after).contains("def forward_profiled(self,\n    v0: Tensor) -> List[Tensor]:");
        assertThat(after.replaceAll("(?s)  def forward_profiled.*?\n    return [^\n]*\n", ""))
                .isEqualTo(before);
    }

    @Test
    void replacesAMethodItAddedEarlier() throws IOException {
        Path once = folder.resolve("once.pt");
        Path twice = folder.resolve("twice.pt");
        Fixtures.open("residual").writeProfiled(once);
        ModelArchive.open(once).writeProfiled(twice);
        assertThat(twice).hasSameBinaryContentAs(once);
    }

    @Test
    void namesItsInputs() {
        assertThat(Fixtures.open("residual").inputNames()).containsExactly("x");
    }

    @Test
    void checksTheInputShapeAgainstTheFirstOperator() {
        ModelArchive model = Fixtures.open("residual");
        model.checkInputs(List.of(new long[] {5, 1, 40, 40}));
        assertThatThrownBy(() -> model.checkInputs(List.of(new long[] {1, 3, 12, 12})))
                .isInstanceOf(ModelInputException.class)
                .hasMessage("input x: 1,3,12,12 has 3 channels, conv1 takes 1");
        assertThatThrownBy(() -> model.checkInputs(List.of(new long[] {1, 12, 12})))
                .hasMessage("input x: 1,12,12 has 3 dimensions, conv1 takes 4 (batch, channels, height, width)");
        assertThatThrownBy(() -> model.checkInputs(List.of())).hasMessageContaining("has 1 inputs (x) but 0 shapes");
        assertThatThrownBy(() -> model.checkInputs(List.of(new long[] {1, 0, 12, 12})))
                .hasMessageContaining("1,0,12,12 is no shape");
        assertThatThrownBy(() -> Fixtures.open("tokens").checkInputs(List.of(new long[] {1, 5, 7})))
                .hasMessage("input x: 1,5,7 ends in 7 features, up takes 6");
    }

    @Test
    void refusesAProfileOfAnotherModel() {
        assertThatThrownBy(() -> Fixtures.open("residual").analyse(Fixtures.shapes("tokens")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("the profile has 8 shapes, the model has 32 tensor values");
    }

    private static String code(Path archive, String entry) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            return new String(zip.getInputStream(found).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
