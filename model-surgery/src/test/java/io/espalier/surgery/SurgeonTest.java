package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurgeonTest {
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
    void predictedCostEqualsTheRecountOfWhatWasWritten(String name) throws IOException {
        ModelArchive model = Fixtures.open(name);
        ShapeProfile shapes = Fixtures.shapes(name);
        ModelAnalysis analysis = model.analyse(shapes);
        List<PruningPlan> plans = new ArrayList<>(List.of(Fixtures.halfOfAll(analysis)));
        analysis.groups().forEach(g -> plans.add(new PruningPlan(Map.of(g.id(), Fixtures.half(g, 3)))));
        for (PruningPlan plan : plans) {
            Path target = folder.resolve("pruned.pt");
            PruningReport report = new Surgeon(model, analysis).writePruned(plan, target);
            ModelArchive pruned = ModelArchive.open(target);
            ModelAnalysis again = pruned.analyse(Fixtures.shapesAfter(model, shapes, plan));
            assertThat(report.paramsAfter()).isEqualTo(again.params()).isLessThan(report.paramsBefore());
            assertThat(report.macsAfter()).isEqualTo(again.macs()).isEqualTo(countedByHand(pruned, model, shapes));
            // A group that is left with one unit is one no longer.
            Map<String, Integer> left = new HashMap<>(analysis.kept(plan));
            left.values().removeIf(units -> units == 1);
            Map<String, Integer> found = new HashMap<>();
            again.groups().forEach(group -> found.put(group.id(), group.units()));
            assertThat(found).containsAllEntriesOf(left);
        }
    }

    /** Elements of each weight times the positions it is applied at, which no cut changes. */
    private static long countedByHand(ModelArchive pruned, ModelArchive model, ShapeProfile shapes) {
        long macs = 0;
        for (Operator operator : pruned.graph().operators()) {
            if (List.of("_convolution", "linear", "matmul", "addmm").contains(operator.name())) {
                Operator original = model.graph().operators().get(operator.index());
                long[] out = shapes.shape(original.outputs().get(0).tensor());
                long positions = operator.name().equals("_convolution") ? out[2] * out[3] : tokens(out);
                macs += positions
                        * operator.arguments().stream()
                                .filter(Argument.Stored.class::isInstance)
                                .mapToLong(
                                        a -> ((Argument.Stored) a).parameter().elements())
                                .max()
                                .orElseThrow();
            }
        }
        return macs;
    }

    private static long tokens(long[] shape) {
        return Arrays.stream(shape).limit(shape.length - 1L).reduce(1, (a, b) -> a * b);
    }

    @ParameterizedTest
    @ValueSource(strings = {"residual", "residual-frozen", "depthwise", "view", "joined", "joined-frozen"})
    void pruningTwiceEqualsPruningByTheUnion(String name) throws IOException {
        ModelArchive model = Fixtures.open(name);
        ShapeProfile shapes = Fixtures.shapes(name);
        ModelAnalysis analysis = model.analyse(shapes);
        Map<String, int[]> first = new HashMap<>();
        Map<String, int[]> second = new HashMap<>();
        Map<String, int[]> union = new HashMap<>();
        for (CouplingGroup group : analysis.groups()) {
            if (group.units() < 3 || !group.blocks().isEmpty()) {
                continue;
            }
            // Unit 2 of the original is unit 1 once unit 0 is gone.
            first.put(group.id(), new int[] {0});
            second.put(group.id(), new int[] {1});
            union.put(group.id(), new int[] {0, 2});
        }
        Path once = folder.resolve("once.pt");
        Path twice = folder.resolve("twice.pt");
        Path together = folder.resolve("together.pt");
        new Surgeon(model, analysis).writePruned(new PruningPlan(first), once);
        ModelArchive pruned = ModelArchive.open(once);
        ModelAnalysis again = pruned.analyse(Fixtures.shapesAfter(model, shapes, new PruningPlan(first)));
        new Surgeon(pruned, again).writePruned(new PruningPlan(second), twice);
        new Surgeon(model, analysis).writePruned(new PruningPlan(union), together);
        assertThat(twice).hasSameBinaryContentAs(together);
    }

    @Test
    void keepsExactlyTheReportedIndicesOfEachTensor() throws IOException {
        ModelArchive model = Fixtures.open("residual");
        ModelAnalysis analysis = model.analyse(Fixtures.shapes("residual"));
        Path target = folder.resolve("pruned.pt");
        PruningReport report = new Surgeon(model, analysis).writePruned(Fixtures.halfOfAll(analysis), target);
        ModelArchive pruned = ModelArchive.open(target);
        assertThat(report.tensors()).hasSize(model.graph().parameters().size());
        for (Parameter before : model.graph().parameters()) {
            Parameter after = pruned.graph().parameters().get(before.id());
            TensorCut cut = report.tensors().get(before.name());
            assertThat(after.name()).isEqualTo(before.name());
            assertThat(after.shape()).isEqualTo(cut.after());
            float[] expected = taken(floats(model, before), before.shape(), cut);
            assertThat(floats(pruned, after)).isEqualTo(expected);
        }
    }

    private static float[] floats(ModelArchive model, Parameter parameter) {
        ByteBuffer content = model.model().content(parameter);
        float[] all = new float[content.remaining() / 4];
        content.asFloatBuffer().get(all);
        return all;
    }

    /** Element by element, by index arithmetic, unlike the code under test. */
    private static float[] taken(float[] all, long[] shape, TensorCut cut) {
        if (shape.length == 0) {
            return all;
        }
        int total = (int) Arrays.stream(cut.after()).reduce(1, (a, b) -> a * b);
        float[] taken = new float[total];
        for (int i = 0; i < total; i++) {
            int rest = i;
            long at = 0;
            long stride = 1;
            for (int d = shape.length - 1; d >= 0; d--) {
                int index = rest % (int) cut.after()[d];
                rest /= (int) cut.after()[d];
                int[] kept = cut.kept().get(d);
                at += stride * (kept == null ? index : kept[index]);
                stride *= shape[d];
            }
            taken[i] = all[(int) at];
        }
        return taken;
    }

    @Test
    void rewritesTheGroupCountOfADepthwiseConvolutionAndSizesInTheCode() throws IOException {
        assertThat(literals("depthwise", "_convolution", 8)).containsExactly(1L, 6L, 6L, 1L);
        ModelAnalysis analysis = Fixtures.analyse("view");
        Path target = folder.resolve("view.pt");
        new Surgeon(Fixtures.open("view"), analysis)
                .writePruned(new PruningPlan(Map.of("a", new int[] {0, 5})), target);
        List<String> views = ModelArchive.open(target).graph().operators().stream()
                .filter(operator -> operator.name().equals("view"))
                .map(operator -> sizes(operator.argument(1)))
                .toList();
        assertThat(views.subList(0, 2)).containsExactly("1,4,64", "-1,4,8,8");
    }

    @Test
    void aSizeThatHoldsSamplesAndHeadsStillFollowsTheSamples() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("batch-of-heads");
        Path target = folder.resolve("heads.pt");
        new Surgeon(Fixtures.open("batch-of-heads"), analysis)
                .writePruned(new PruningPlan(Map.of("q", new int[] {0, 2, 3})), target);
        assertThat(ModelArchive.open(target).graph().operators())
                .filteredOn(operator -> operator.name().equals("floordiv"))
                .isNotEmpty()
                .allSatisfy(operator -> assertThat(operator.argument(1))
                        .isInstanceOfSatisfying(
                                Argument.Literal.class,
                                heads -> assertThat(heads.constant()).contains(4L)));
    }

    @Test
    void aSizeThatTwoCutsScaleIsScaledOnce() throws IOException {
        ModelArchive original = Fixtures.open("batch-of-heads");
        Path once = pruned(original, Fixtures.shapes("batch-of-heads"), new int[] {0}, "once");
        PruningPlan first = new PruningPlan(Map.of("q", new int[] {0}));
        ShapeProfile shapes = Fixtures.shapesAfter(original, Fixtures.shapes("batch-of-heads"), first);
        Path twice = pruned(ModelArchive.open(once), shapes, new int[] {1}, "twice");
        Path union = pruned(original, Fixtures.shapes("batch-of-heads"), new int[] {0, 2}, "union");
        assertThat(twice).hasSameBinaryContentAs(union);
    }

    private Path pruned(ModelArchive archive, ShapeProfile shapes, int[] units, String name) throws IOException {
        Path target = folder.resolve(name + ".pt");
        new Surgeon(archive, archive.analyse(shapes)).writePruned(new PruningPlan(Map.of("q", units)), target);
        return target;
    }

    private List<Long> literals(String name, String op, int argument) throws IOException {
        ModelAnalysis analysis = Fixtures.analyse(name);
        Path target = folder.resolve(name + ".pt");
        new Surgeon(Fixtures.open(name), analysis).writePruned(Fixtures.halfOfAll(analysis), target);
        return ModelArchive.open(target).graph().operators().stream()
                .filter(operator -> operator.name().equals(op))
                .map(operator -> (Long) ((Argument.Literal) operator.argument(argument))
                        .constant()
                        .orElseThrow())
                .toList();
    }

    private static String sizes(Argument list) {
        return String.join(
                ",",
                ((Argument.Sequence) list)
                        .items().stream()
                                .map(item -> item instanceof Argument.Literal literal
                                        ? literal.constant().orElseThrow().toString()
                                        : "?")
                                .toList());
    }

    @Test
    void zeroesTheConsumersOfRemovedUnitsAndNothingElse() throws IOException {
        ModelArchive model = Fixtures.open("residual");
        ModelAnalysis analysis = model.analyse(Fixtures.shapes("residual"));
        Path target = folder.resolve("zeroed.pt");
        // Unit 1 of layer2.0.conv2 covers the nine positions 9 to 17 of fc1's input.
        new Surgeon(model, analysis).writeZeroed(new PruningPlan(Map.of("layer2.0.conv2", new int[] {1})), target);
        ModelArchive zeroed = ModelArchive.open(target);
        for (Parameter parameter : model.graph().parameters()) {
            float[] before = floats(model, parameter);
            float[] after = floats(zeroed, zeroed.graph().parameters().get(parameter.id()));
            if (parameter.name().equals("fc1.weight")) {
                for (int i = 0; i < before.length; i++) {
                    int column = i % 108;
                    before[i] = column >= 9 && column < 18 ? 0 : before[i];
                }
            }
            assertThat(after).as(parameter.name()).isEqualTo(before);
        }
    }

    @Test
    void samplesWithOneMoreMethodAndLeavesAllWeightsAlone() throws IOException {
        ModelArchive model = Fixtures.open("residual");
        ModelAnalysis analysis = model.analyse(Fixtures.shapes("residual"));
        Path target = folder.resolve("sampled.pt");
        new Surgeon(model, analysis).writeSampled(target);
        Map<String, byte[]> before = entries(Fixtures.path("residual.pt"));
        Map<String, byte[]> after = entries(target);
        String code = new String(after.remove("residual/code/__torch__.py"), java.nio.charset.StandardCharsets.UTF_8);
        before.remove("residual/code/__torch__.py");
        assertThat(code).contains("-> Tuple[Tensor, List[Tensor]]:").contains("[c0, c1, c2, c3, c4, c5, c6, c7])");
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, content) -> assertThat(after.get(name)).as(name).isEqualTo(content));
    }

    @Test
    void writesTheSameBytesForTheSamePlan() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("residual");
        PruningPlan plan = Fixtures.halfOfAll(analysis);
        new Surgeon(Fixtures.open("residual"), analysis).writePruned(plan, folder.resolve("a.pt"));
        new Surgeon(Fixtures.open("residual"), analysis).writePruned(plan, folder.resolve("b.pt"));
        assertThat(folder.resolve("a.pt")).hasSameBinaryContentAs(folder.resolve("b.pt"));
        assertThat(folder.toFile().list()).as("no unfinished file is left").hasSize(2);
    }

    @Test
    void mayOverwriteTheModelItself() throws IOException {
        Path own = folder.resolve("own.pt");
        Files.copy(Fixtures.path("residual.pt"), own);
        ModelArchive model = ModelArchive.open(own);
        ModelAnalysis analysis = model.analyse(Fixtures.shapes("residual"));
        new Surgeon(model, analysis).writePruned(Fixtures.halfOfAll(analysis), own);
        assertThat(ModelArchive.open(own).graph().parameters().get(0).shape()).containsExactly(4, 1, 3, 3);
        assertThatThrownBy(() -> new Surgeon(model, analysis).writeSampled(folder.resolve("late.pt")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("was changed after it was opened");
    }

    @Test
    void refusesABadPlanAndWritesNothing() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("residual");
        Path target = folder.resolve("never.pt");
        assertThatThrownBy(() -> new Surgeon(Fixtures.open("residual"), analysis)
                        .writePruned(new PruningPlan(Map.of("nothing", new int[] {1})), target))
                .isInstanceOf(IllegalPlanException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void keepsEveryTensorValueInTheSameOrder() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("joined");
        Path target = folder.resolve("pruned.pt");
        new Surgeon(Fixtures.open("joined"), analysis).writePruned(Fixtures.halfOfAll(analysis), target);
        assertThat(ModelArchive.open(target).graph().tensors())
                .extracting(Value::name)
                .isEqualTo(Fixtures.open("joined").graph().tensors().stream()
                        .map(Value::name)
                        .toList());
    }

    private static Map<String, byte[]> entries(Path archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }
}
