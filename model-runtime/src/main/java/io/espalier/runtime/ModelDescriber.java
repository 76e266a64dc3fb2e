package io.espalier.runtime;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.CouplingGroup;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says what a model file is made of and what may be cut from it. */
public final class ModelDescriber {
    private final Profiler profiler;

    public ModelDescriber(ModelRuntime runtime) {
        this.profiler = new Profiler(runtime);
    }

    /**
     * Opens, profiles and analyses a model.
     *
     * @param inputs shapes of its inputs in order, each with a batch dimension of 1; types are found out
     * @throws io.espalier.surgery.ModelFormatException when the file is no archive that can be read
     * @throws io.espalier.surgery.ModelInputException when these are not its inputs
     * @throws ModelRuntimeException when it does not run on such inputs
     */
    public DescribedModel describe(Path file, String model, String version, List<long[]> inputs) throws IOException {
        return describe(file, model, version, InputShapes.of(inputs));
    }

    /** The same, of inputs of which more or less is said. */
    public DescribedModel describe(Path file, String model, String version, InputShapes inputs) throws IOException {
        ProfiledModel profiled = profiler.profile(ModelArchive.open(file), inputs);
        ModelArchive archive = profiled.archive();
        List<InputSpec> specs = InputSpecs.of(archive, inputs);
        ModelAnalysis analysis = archive.analyse(profiled.shapes());
        PlainOperators operators = new PlainOperators(archive.graph());
        ModelDescriptor descriptor = new ModelDescriptor(
                model,
                version,
                new ModelDescriptor.Artifact(
                        file.toAbsolutePath().normalize().toUri().toString(), Sha256.of(file)),
                specs.stream().map(ModelDescriber::input).toList(),
                analysis.params(),
                analysis.macs(),
                analysis.layers().stream()
                        .map(l -> new ModelDescriptor.Layer(
                                l.name(), operators.plain(l.op(), l.name()), l.params(), l.macs()))
                        .toList(),
                analysis.groups().stream().map(ModelDescriber::group).toList(),
                analysis.capturePoints().stream()
                        .map(p -> new ModelDescriptor.CapturePoint(p.name(), p.group(), p.units(), p.positions()))
                        .toList(),
                terms(analysis.paramTerms()),
                terms(analysis.macTerms()),
                analysis.protectedUnits().stream()
                        .map(p -> new ModelDescriptor.ProtectedUnits(
                                p.tensor(),
                                p.units(),
                                operators.plain(p.op(), p.where()),
                                p.where(),
                                p.reason(),
                                p.distinct()))
                        .toList());
        return new DescribedModel(descriptor, archive, analysis);
    }

    private static ModelDescriptor.Input input(InputSpec input) {
        return new ModelDescriptor.Input(
                input.name(),
                input.type().name(),
                Arrays.stream(input.shape()).boxed().toList());
    }

    private static ModelDescriptor.Group group(CouplingGroup group) {
        return new ModelDescriptor.Group(
                group.id(),
                group.units(),
                group.members().stream()
                        .map(member -> new ModelDescriptor.Member(member.tensor(), member.dim()))
                        .toList(),
                group.capturePoints(),
                floats(group.importance()),
                lists(group.blocks()),
                lists(group.widths()));
    }

    private static List<List<Integer>> lists(List<int[]> arrays) {
        return arrays.stream()
                .map(array -> Arrays.stream(array).boxed().toList())
                .toList();
    }

    private static Map<String, float[]> floats(Map<String, double[]> importance) {
        return importance.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> floats(entry.getValue())));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static List<CostTerm> terms(List<io.espalier.surgery.CostTerm> terms) {
        return terms.stream()
                .map(term -> new CostTerm(
                        term.layer(),
                        term.scale(),
                        term.extents().stream()
                                .map(extent -> new CostTerm.Extent(extent.fixed(), extent.perUnit(), extent.divisor()))
                                .toList()))
                .toList();
    }
}
