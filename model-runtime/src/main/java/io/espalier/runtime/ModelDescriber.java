package io.espalier.runtime;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.CouplingGroup;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Says what a model file is made of and what may be cut from it. */
public final class ModelDescriber {
    /** The element type of every input, as the Open Inference Protocol names it. */
    public static final String DATATYPE = "FP32";

    private final Profiler profiler;

    public ModelDescriber(ModelRuntime runtime) {
        this.profiler = new Profiler(runtime);
    }

    /**
     * Opens, profiles and analyses a model.
     *
     * @param inputs shapes of its inputs in order, each with a batch dimension of 1
     * @throws io.espalier.surgery.ModelFormatException when the file is no archive that can be read
     * @throws ModelInputException when these are not its inputs
     * @throws ModelRuntimeException when it does not run on such inputs
     */
    public DescribedModel describe(Path file, String model, String version, List<long[]> inputs) throws IOException {
        ModelArchive archive = ModelArchive.open(file);
        List<String> names = archive.inputNames();
        if (names.size() != inputs.size()) {
            throw new ModelInputException("the model has " + names.size() + " inputs " + names + ", and "
                    + inputs.size() + " shapes are given: give one for each");
        }
        ModelAnalysis analysis = archive.analyse(profiler.profile(archive, inputs));
        ModelDescriptor descriptor = new ModelDescriptor(
                model,
                version,
                new ModelDescriptor.Artifact(
                        file.toAbsolutePath().normalize().toUri().toString(), Sha256.of(file)),
                inputs(names, inputs),
                analysis.params(),
                analysis.macs(),
                analysis.layers().stream()
                        .map(l -> new ModelDescriptor.Layer(l.name(), l.op(), l.params(), l.macs()))
                        .toList(),
                analysis.groups().stream().map(ModelDescriber::group).toList(),
                analysis.capturePoints().stream()
                        .map(p -> new ModelDescriptor.CapturePoint(p.name(), p.group(), p.units(), p.positions()))
                        .toList(),
                terms(analysis.paramTerms()),
                terms(analysis.macTerms()),
                analysis.protectedUnits().stream()
                        .map(p -> new ModelDescriptor.ProtectedUnits(
                                p.tensor(), p.units(), p.op(), p.where(), p.reason()))
                        .toList());
        return new DescribedModel(descriptor, archive, analysis);
    }

    private static List<ModelDescriptor.Input> inputs(List<String> names, List<long[]> shapes) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> new ModelDescriptor.Input(
                        names.get(i),
                        DATATYPE,
                        Arrays.stream(shapes.get(i)).boxed().toList()))
                .toList();
    }

    private static ModelDescriptor.Group group(CouplingGroup group) {
        return new ModelDescriptor.Group(
                group.id(),
                group.units(),
                group.members().stream()
                        .map(member -> new ModelDescriptor.Member(member.tensor(), member.dim()))
                        .toList(),
                group.capturePoints(),
                Map.of("l1", floats(group.l1()), "l2", floats(group.l2())));
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
                                .map(extent -> new CostTerm.Extent(extent.fixed(), extent.perUnit()))
                                .toList()))
                .toList();
    }
}
