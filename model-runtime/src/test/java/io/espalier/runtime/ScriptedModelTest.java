package io.espalier.runtime;

import static io.espalier.runtime.TestRuntime.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.ExampleInput;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Operator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripted archives of PyTorch 1.13 and 2.15 (make_scripted_fixtures.py), against what PyTorch itself computed. */
class ScriptedModelTest {
    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    private static ModelArchive open(String name) {
        return ModelArchive.open(fixture("scripted/" + name + ".pt"));
    }

    private static List<Tensor> tensors(String name, String prefix) {
        Map<String, Tensor> arrays = Npz.read(fixture("scripted/" + name + ".npz"));
        List<Tensor> tensors = new ArrayList<>();
        while (arrays.containsKey(prefix + tensors.size())) {
            tensors.add(arrays.get(prefix + tensors.size()));
        }
        return tensors;
    }

    private static ProfiledModel profiled(String name) throws IOException {
        return new Profiler(ENGINE.runtime())
                .profile(
                        open(name),
                        tensors(name, "in").stream().map(Tensor::shape).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shuffled",
                "shuffled-frozen",
                "named",
                "table",
                "windows",
                "recurrent",
                "encoder",
                "unpredictable",
                "literal",
                "shared",
                "shuffled-2",
                "shuffled-frozen-2",
                "named-2",
                "table-2",
                "windows-2",
                "recurrent-2",
                "encoder-2",
                "unpredictable-2",
                "literal-2",
                "shared-2"
            })
    void straightLineCodeComputesWhatTheModelDoes(String name) throws IOException {
        ProfiledModel profiled = profiled(name);
        assertThat(profiled.archive().isResolved()).isTrue();
        assertThat(profiled.shapes().shapes())
                .hasSameSizeAs(profiled.archive().graph().tensors());
        Path probe = Files.createTempFile("resolved", ".pt");
        try {
            profiled.archive().writeProbe(probe, true);
            try (LoadedModel model = ENGINE.runtime().load(probe)) {
                Equivalence equivalence = new Equivalence();
                equivalence.compare(model.call("forward_resolved", tensors(name, "in")), tensors(name, "out"));
                assertThat(equivalence.maxRelativeError()).isLessThan(1e-5);
            }
        } finally {
            Files.delete(probe);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shuffled", "shuffled-frozen", "table", "windows", "recurrent", "encoder", "encoder-2"})
    void whatFollowsFromTheInputShapesNeedsOneRun(String name) throws IOException {
        assertThat(profiled(name).runs()).isOne();
    }

    @Test
    void anEngineThatDoesNotKnowAnOperatorOfABranchNeverTakenRunsWhatIsTaken() throws IOException {
        Path file = Files.createTempFile("newer", ".pt");
        try {
            copy(
                    fixture("scripted/windows.pt"),
                    file,
                    code -> code.replace("torch._set_item(shift, 0, 0)", "torch.of_next_year(x1)"));
            assertThatThrownBy(() -> ENGINE.runtime().load(file)).hasMessageContaining("aten::of_next_year");
            ProfiledModel profiled =
                    new Profiler(ENGINE.runtime()).profile(ModelArchive.open(file), List.of(new long[] {1, 3, 16, 16}));
            assertThat(profiled.checked()).isFalse();
            assertThat(profiled("windows").checked()).isTrue();
            assertThat(profiled.shapes().shapes())
                    .hasSameSizeAs(profiled("windows").shapes().shapes());
        } finally {
            Files.delete(file);
        }
    }

    private static void copy(Path from, Path to, UnaryOperator<String> code) throws IOException {
        try (ZipFile in = new ZipFile(from.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            out.setMethod(ZipOutputStream.STORED);
            for (ZipEntry entry : Collections.list(in.entries())) {
                byte[] content = in.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith(".py")) {
                    content = code.apply(new String(content, StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8);
                }
                CRC32 crc = new CRC32();
                crc.update(content);
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setSize(content.length);
                copy.setCrc(crc.getValue());
                out.putNextEntry(copy);
                out.write(content);
            }
        }
    }

    @Test
    void whatOnlyARunCanTellIsRecordedConditionByCondition() throws IOException {
        ProfiledModel profiled = profiled("unpredictable");
        assertThat(profiled.runs()).isEqualTo(3);
        assertThat(profiled.archive().graph().operators())
                .extracting(Operator::name)
                .containsSubsequence("linear", "relu", "add")
                .containsOnlyOnce("linear");
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsLineAndTheMend() {
        assertThatThrownBy(() -> open("data-dependent"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageMatching(
                        "code/__torch__\\.py:[0-9]+: 'while' in forward depends on .*, which is computed from"
                                + " what a tensor holds: trace the model.*");
        assertThatThrownBy(() -> open("assigning"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageMatching("code/__torch__\\.py:[0-9]+: an assignment to self\\.calls in forward is not read:"
                        + " trace the model.*");
        assertThatThrownBy(() -> open("lists"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("input xs is a List[Tensor], only tensors are read as inputs");
    }

    @Test
    void anOptionalInputMayBeGivenOrNot() throws IOException {
        List<long[]> both = List.of(new long[] {1, 6}, new long[] {1, 4});
        assertThat(new Profiler(ENGINE.runtime())
                        .profile(open("named"), both)
                        .archive()
                        .inputNames())
                .containsExactly("x", "mask");
        assertThat(profiled("named").archive().inputNames()).containsExactly("x");
        assertThatThrownBy(() -> new Profiler(ENGINE.runtime()).profile(open("named"), List.of()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("does not hold the inputs it was traced with");
    }

    @Test
    void aDescriptorIsMadeOfAScriptedModel() throws IOException {
        DescribedModel described = new ModelDescriber(ENGINE.runtime())
                .describe(fixture("scripted/shuffled.pt"), "shuffled", "1", List.of(new long[] {1, 3, 16, 16}));
        // stem 224, twice 72 + 16, 864 + 24 + 108, fc 180 + 5
        assertThat(described.descriptor().params()).isEqualTo(224 + 2 * 88 + 996 + 185);
        assertThat(described.archive().isResolved()).isTrue();
    }

    @Test
    void anArchiveThatHoldsItsInputsIsDescribedWithoutShapes() throws IOException {
        DescribedModel described = new ModelDescriber(ENGINE.runtime())
                .describe(fixture("scripted/literal-2.pt"), "literal", "1", InputShapes.OF_ARCHIVE);
        assertThat(described.inputs()).extracting(InputSpec::toString).containsExactly("x FP32[1, 3, 16, 16]");
    }

    @Test
    void exampleInputsOfATracedArchiveSaveTheQuestionForShapes() {
        assertThat(open("literal").exampleInputs()).isEmpty();
        List<ExampleInput> inputs = open("literal-2").exampleInputs().orElseThrow();
        assertThat(inputs).hasSize(1);
        assertThat(inputs.get(0).shape()).containsExactly(1, 3, 16, 16);
        assertThat(inputs.get(0).type()).isEqualTo(ElementType.FLOAT32);
    }
}
