package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.Fold;
import io.espalier.surgery.PruningReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks in which some filters are zero (model-surgery/src/test/python/make_folds.py). Removing those, and folding what
 * they let through, must leave the original's own outputs: no reference that the surgery writes has a part in that.
 */
class ConstantFoldingTest {
    private static final double EXACT = 1e-6;

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    private static Path fixture(String name) {
        return TestRuntime.fixture("/io/espalier/surgery/folds/" + name + ".pt");
    }

    private static List<long[]> shapes(String name) {
        return List.of(name.equals("activations") ? new long[] {1, 6} : new long[] {1, 3, 8, 8});
    }

    /** Removes units, checks the cut, and tells what was folded. */
    private List<Fold> cut(String name, Map<String, List<Integer>> remove) throws IOException {
        Path original = fixture(name);
        DescribedModel model = new ModelDescriber(ENGINE.runtime()).describe(original, name, "1", shapes(name));
        BuiltVersion built = new VersionBuilder(ENGINE.runtime())
                .build(model, remove, folder.resolve("cut.pt"), new EquivalenceInputs(2, 5, List.of()));
        assertThat(built.maxRelativeError())
                .as("error against the zeroed copy")
                .isLessThanOrEqualTo(BuiltVersion.TOLERANCE);
        PruningReport report = built.report();
        return report.folds();
    }

    /** Per output, the largest difference from the original over the original's largest value. */
    private List<Double> differences(String name) throws IOException {
        List<InputSpec> specs = new ModelDescriber(ENGINE.runtime())
                .describe(fixture(name), name, "1", shapes(name))
                .inputs();
        try (LoadedModel cut = ENGINE.runtime().load(folder.resolve("cut.pt"));
                LoadedModel whole = ENGINE.runtime().load(fixture(name))) {
            List<Tensor> input = RandomInputs.of(specs, 21).next();
            List<Tensor> actual = cut.forward(input);
            List<Tensor> expected = whole.forward(input);
            return IntStream.range(0, expected.size())
                    .mapToObj(i ->
                            OutputError.between(actual.get(i), expected.get(i)).relative())
                    .toList();
        }
    }

    private static Map<String, List<Integer>> plan(String text) {
        return Arrays.stream(text.split(" "))
                .map(group -> group.split("="))
                .collect(Collectors.toMap(
                        group -> group[0],
                        group -> Arrays.stream(group[1].split(";"))
                                .map(Integer::valueOf)
                                .toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "valid, a=1;2;4, 3",
        "valid, a=4, 1",
        "valid-frozen, c0=1;2;4, 3",
        "valid-double, a=1;2;4, 3",
        "flattened, a=0;3, 2",
        "normed, a=2;5, 2",
        "depthwise, expand=0;2;7, 3",
        "depthwise-padded, expand=2, 1",
        "grouped, a=1;6, 2",
        "layouts, a=1, 1",
        "layouts, b=2;3, 6",
        "layouts, a=1 b=2, 4",
    })
    void aModelWithoutItsConstantUnitsComputesWhatItDid(String name, String remove, int folded) throws IOException {
        assertThat(cut(name, plan(remove))).hasSize(folded).allMatch(Fold::folded);
        assertThat(differences(name)).allMatch(error -> error <= EXACT);
    }

    @Test
    void everyFunctionOfOneNumberIsComputedAsTheEngineDoes() throws IOException {
        DescribedModel model = new ModelDescriber(ENGINE.runtime())
                .describe(fixture("activations"), "activations", "1", shapes("activations"));
        Map<String, List<Integer>> remove = model.descriptor().groups().stream()
                .collect(Collectors.toMap(ModelDescriptor.Group::id, group -> List.of(1)));
        assertThat(remove).hasSizeGreaterThan(40);
        List<Fold> folds = cut("activations", remove);
        assertThat(folds).allMatch(Fold::folded);
        // A function may well give zero, of which nothing is left to fold.
        assertThat(folds).hasSizeGreaterThan(35);
        assertThat(differences("activations")).allMatch(error -> error <= EXACT);
        for (String group : remove.keySet()) {
            cut("activations", Map.of(group, List.of(1)));
            assertThat(differences("activations")).as(group).allMatch(error -> error <= EXACT);
        }
    }

    @Test
    void whatPaddingMakesInexactIsReportedAndLeftOut() throws IOException {
        assertThat(cut("padded", plan("a=1;2;4"))).hasSize(3).allSatisfy(fold -> {
            assertThat(fold.folded()).isFalse();
            assertThat(fold.reason()).contains("padding");
            assertThat(fold.reader()).isEqualTo("b.weight");
        });
        assertThat(differences("padded")).allMatch(error -> error > 1e-3);
        assertThat(cut("depthwise-padded", plan("expand=0;7")))
                .hasSize(2)
                .allSatisfy(fold -> assertThat(fold.reason()).contains("padding"));
    }

    @Test
    void everyReaderOfAUnitIsTreatedByItself() throws IOException {
        List<Fold> folds = cut("residual", plan("a=1;2;3"));
        assertThat(folds).filteredOn(Fold::folded).extracting(Fold::into).containsExactly("plain.bias", "plain.bias");
        assertThat(folds)
                .filteredOn(fold -> !fold.folded())
                .extracting(Fold::reader)
                .containsExactly("pads.weight", "pads.weight", "bare.weight", "bare.weight");
        assertThat(folds).extracting(Fold::unit).containsOnly(1, 3);
        cut("residual", plan("a=1;3"));
        assertThat(differences("residual").get(0)).isLessThanOrEqualTo(EXACT);
        assertThat(differences("residual").subList(1, 3)).allMatch(error -> error > 1e-3);
    }

    @Test
    void aConstantThatIsNoneWhereItIsReadIsNotFolded() throws IOException {
        assertThat(cut("varying", plan("a=1;2")))
                .as("scaled by a gate that varies")
                .isEmpty();
        assertThat(cut("varying", plan("b=1;2")))
                .hasSize(2)
                .allMatch(fold -> !fold.folded() && fold.reason().contains("written over"));
        assertThat(cut("varying", plan("c=1;2")))
                .hasSize(2)
                .allMatch(fold -> !fold.folded() && fold.reason().contains("pad"));
    }

    @Test
    void aBiasThatServesTwoCallsIsLeftAlone() throws IOException {
        assertThat(cut("shared", plan("a=3"))).isNotEmpty().noneMatch(Fold::folded);
    }
}
