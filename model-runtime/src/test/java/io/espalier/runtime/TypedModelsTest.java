package io.espalier.runtime;

import static io.espalier.runtime.TestRuntime.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.Datatype;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose inputs, weights or outputs are not float32 (src/test/python/make_typed_fixtures.py). */
class TypedModelsTest {
    private static final InputShapes IMAGE = InputShapes.parse("1,1,8,8");
    private static final EquivalenceInputs INPUTS = new EquivalenceInputs(6, 9, List.of());

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"float16, FP16, 0x1p-7", "bfloat16, BF16, 0x1p-4", "float64, FP64, 1e-4"})
    void weightsOfOtherTypesAreCutAndHeldAgainstTheirOwnRounding(String name, Datatype type, double tolerance)
            throws IOException {
        DescribedModel model = describe(name, IMAGE);
        assertThat(model.descriptor().inputs())
                .extracting(ModelDescriptor.Input::datatype)
                .containsExactly(type.name());
        assertThat(model.descriptor().groups()).hasSize(2);
        BuiltVersion built = cut(model, half(model.descriptor()));
        assertThat(built.tolerance()).isEqualTo(tolerance);
        assertThat(built.maxRelativeError()).isLessThanOrEqualTo(tolerance / 3);
        assertThat(built.isEquivalent()).isTrue();
        try (LoadedModel smaller = ENGINE.runtime().load(folder.resolve("cut.pt"))) {
            List<Tensor> input = RandomInputs.of(model.inputs(), 3).next();
            assertThat(smaller.forward(input).get(0).type()).isEqualTo(type);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float16", "bfloat16", "float64"})
    void activationsOfOtherTypesAreSampledAsFloat32AndTheOutputStaysTheSame(String name) throws IOException {
        DescribedModel model = describe(name, IMAGE);
        List<Tensor> input = RandomInputs.of(model.inputs(), 3).next();
        try (SampledModel sampled = SampledModel.load(ENGINE.runtime(), model.archive(), model.analysis());
                LoadedModel plain = ENGINE.runtime().load(fixture("typed-" + name + ".pt"))) {
            SampledModel.Sampled answer = sampled.forwardSampled(input);
            assertThat(answer.outputs().get(0).sameBits(plain.forward(input).get(0)))
                    .isTrue();
            assertThat(answer.captured()).hasSize(2);
            assertThat(answer.captured().get(0)).hasSize(8 * 64).contains(0f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float16", "bfloat16", "float64"})
    void theTolerancesSeeAWrongCut(String name) throws IOException {
        DescribedModel model = describe(name, IMAGE);
        BuiltVersion built = cut(model, Map.of("conv2", List.of(0, 1, 2)));
        Equivalence equivalence = new Equivalence();
        try (LoadedModel smaller = ENGINE.runtime().load(folder.resolve("cut.pt"));
                LoadedModel whole = ENGINE.runtime().load(fixture("typed-" + name + ".pt"))) {
            // The parent itself, whose units all still speak, is not what the cut model computes.
            equivalence.compare(
                    smaller, whole, RandomInputs.of(model.inputs(), 3).next());
        }
        assertThat(equivalence.maxRelativeError()).isGreaterThan(built.tolerance());
    }

    @Test
    void tokenIdsAreFoundOutAndStayBelowTheRowsOfTheirTables() throws IOException {
        InputShapes shapes = InputShapes.parse("1,6;1,6;1,6:int64");
        DescribedModel model = describe("tokens", shapes);
        assertThat(model.descriptor().inputs())
                .extracting(ModelDescriptor.Input::toString)
                .containsExactly(
                        "Input[name=ids, datatype=INT64, shape=[1, 6]]",
                        "Input[name=kinds, datatype=INT64, shape=[1, 6]]",
                        "Input[name=mask, datatype=INT64, shape=[1, 6]]");
        List<InputSpec> specs = model.inputs();
        assertThat(specs).extracting(spec -> spec.limit().orElse(-1)).containsExactly(50L, 3L, -1L);
        assertThat(model.descriptor().groups())
                .extracting(ModelDescriptor.Group::id)
                .contains("up");
        BuiltVersion built = cut(model, half(model.descriptor()));
        assertThat(built.isEquivalent()).isTrue();
        // Without a word the mask would be FP32, which the model takes as well.
        assertThat(describe("tokens", InputShapes.parse("1,6;1,6;1,6"))
                        .descriptor()
                        .inputs()
                        .get(2)
                        .datatype())
                .isEqualTo("FP32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint8", "int8", "int16", "int32", "int64", "bool", "float16", "bfloat16", "float64"})
    void anInputThatIsCastIsOfTheTypeTheCallerSays(String type) throws IOException {
        DescribedModel model = describe("pixels", InputShapes.parse("1,1,8,8:" + type));
        assertThat(model.descriptor().inputs().get(0).datatype())
                .isEqualTo(Datatype.parse(type).name());
        assertThat(cut(model, half(model.descriptor())).isEquivalent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float64"})
    void theEngineIsGivenTheNumbersOfEveryType(String type) {
        TensorBuilder builder = new TensorBuilder(Datatype.parse(type), 3);
        LongStream.of(0, 7, 100).forEach(builder::add);
        try (LoadedModel model = ENGINE.runtime().load(fixture("typed-leftovers.pt"))) {
            List<Tensor> outputs = model.forward(List.of(builder.build(new long[] {1, 3})));
            assertThat(outputs.get(0).type()).isEqualTo(Datatype.parse(type));
            assertThat(outputs.get(0).reals()).containsExactly(1, 8, 101);
            assertThat(outputs.get(1).type()).isEqualTo(Datatype.INT16);
            assertThat(outputs.get(1).wholes()).containsExactly(0, 7, 100);
            assertThat(outputs.get(2).shape()).containsExactly(1, 0);
            assertThat(outputs).as("none is left out").hasSize(3);
        }
    }

    @Test
    void outputsThatAreZeroRejectNoVersion() throws IOException {
        DescribedModel model = describe("nothings", IMAGE);
        BuiltVersion built = cut(model, half(model.descriptor()));
        assertThat(built.isEquivalent())
                .as("error %s", built.maxRelativeError())
                .isTrue();
    }

    @Test
    void anOutputThatIsZeroInOneModelOnlyDoes() throws IOException {
        // Two models of one signature: the second answers the first's zeros with real values.
        DescribedModel model = describe("nothings", IMAGE);
        Equivalence equivalence = new Equivalence();
        try (LoadedModel zeros = ENGINE.runtime().load(fixture("typed-nothings.pt"));
                LoadedModel values = ENGINE.runtime().load(fixture("typed-sometimes-nan.pt"))) {
            List<Tensor> input = RandomInputs.of(model.inputs(), 1).next();
            RoundingNoise noise =
                    new RoundingNoise(zeros, zeros.forward(input).subList(0, 2), values, values.forward(input), input);
            assertThat(noise.drowns(0)).isFalse();
            assertThat(noise.drowns(1)).isFalse();
            equivalence.compare(zeros.forward(input).subList(0, 2), values.forward(input));
        }
        assertThat(equivalence.maxRelativeError()).isGreaterThan(0.1);
    }

    @Test
    void inputsThatTheParentAnswersWithNoNumberRejectNoVersion() throws IOException {
        DescribedModel model = describe("sometimes-nan", IMAGE);
        List<InputSpec> specs = model.inputs();
        List<List<Tensor>> inputs = IntStream.range(0, 12)
                .mapToObj(seed -> RandomInputs.of(specs, seed).next())
                .toList();
        try (LoadedModel parent = ENGINE.runtime().load(fixture("typed-sometimes-nan.pt"))) {
            assertThat(inputs)
                    .anyMatch(input -> Double.isNaN(parent.forward(input).get(1).real(0)));
            assertThat(inputs)
                    .anyMatch(input ->
                            Double.isFinite(parent.forward(input).get(1).real(0)));
        }
        BuiltVersion built = new VersionBuilder(ENGINE.runtime())
                .build(model, half(model.descriptor()), folder.resolve("cut.pt"), new EquivalenceInputs(6, 9, inputs));
        assertThat(built.isEquivalent()).isTrue();
    }

    @Test
    void choicesAreComparedAsChoices() throws IOException {
        DescribedModel model = describe("chooses", IMAGE);
        BuiltVersion built = cut(model, half(model.descriptor()));
        assertThat(built.maxRelativeError()).isZero();
        try (LoadedModel parent = ENGINE.runtime().load(fixture("typed-chooses.pt"))) {
            List<Tensor> outputs = parent.forward(new RandomInputs(List.of(new long[] {3, 1, 8, 8}), 1).next());
            assertThat(outputs).extracting(Tensor::type).containsExactly(Datatype.INT64, Datatype.BOOL);
            assertThat(outputs.get(1).data()).hasSize(3);
        }
    }

    @Test
    void aTypeThatTheFirstLayerDoesNotTakeIsRefusedInOneLine() {
        assertThatExceptionOfType(ModelInputException.class)
                .isThrownBy(() -> InputSpecs.of(
                        ModelArchive.open(fixture("typed-float16.pt")), InputShapes.parse("1,1,8,8:float32")))
                .withMessage("input x is said to be FP32, and the first layer that reads it takes FP16");
    }

    @Test
    void whatIsNotSaidAndNotInTheArchiveIsAskedForInOneLine() {
        assertThatExceptionOfType(ModelInputException.class)
                .isThrownBy(() -> InputSpecs.of(ModelArchive.open(fixture("typed-tokens.pt")), InputShapes.OF_ARCHIVE))
                .withMessageContaining("ids, kinds, mask")
                .withMessageContaining("1,128:int64")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private DescribedModel describe(String name, InputShapes shapes) throws IOException {
        return new ModelDescriber(ENGINE.runtime()).describe(fixture("typed-" + name + ".pt"), name, "1", shapes);
    }

    private BuiltVersion cut(DescribedModel model, Map<String, List<Integer>> remove) throws IOException {
        return new VersionBuilder(ENGINE.runtime()).build(model, remove, folder.resolve("cut.pt"), INPUTS);
    }

    private static Map<String, List<Integer>> half(ModelDescriptor model) {
        Map<String, List<Integer>> half = new TreeMap<>();
        model.groups()
                .forEach(group -> half.put(
                        group.id(),
                        IntStream.range(0, group.units())
                                .filter(unit -> unit % 2 == 0)
                                .boxed()
                                .toList()));
        return half;
    }
}
