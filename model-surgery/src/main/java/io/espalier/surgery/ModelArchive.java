package io.espalier.surgery;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.stage.Stage;
import io.espalier.surgery.torchscript.TensorEdit;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A TorchScript archive, traced, frozen or scripted, opened for analysis and surgery. Immutable; the structure is parsed as
 * data and held, weights are read from the file piece by piece when they are needed. The file must not change while this is in
 * use.
 *
 * <p>A scripted archive may have conditions that depend on the shapes of tensors. Its graph then ends at the first one that
 * cannot be decided yet, until {@link #resolved} is told what a run up to there has shown.
 */
public final class ModelArchive {
    private final TorchScriptModel model;

    private ModelArchive(TorchScriptModel model) {
        this.model = model;
    }

    /** Throws {@link ModelFormatException}, one line, when the file is no archive that can be read. */
    public static ModelArchive open(Path archive) {
        return new ModelArchive(TorchScriptModel.open(archive));
    }

    /** The network as straight-line code; of an archive that is not {@link #isResolved}, as far as it can be followed. */
    public Graph graph() {
        return model.graph();
    }

    /** Whether the graph goes to the end of {@code forward}. */
    public boolean isResolved() {
        return model.isResolved();
    }

    /** Whether {@code forward} has control flow, so that the graph is only the way that the recorded call takes. */
    public boolean hasControlFlow() {
        return model.isFlattened();
    }

    /**
     * The same archive for a call with these inputs. Optional tensors for which no input is given are None. Throws
     * {@link ModelInputException} when {@code forward} does not take as many.
     */
    public ModelArchive withInputs(List<ExampleInput> inputs) {
        return new ModelArchive(model.withInputs(inputs));
    }

    /**
     * The same archive with what one run of {@link #writeProbe}'s method has shown. Throws {@link ModelFormatException}
     * when a condition depends on more than the shapes and types of tensors.
     *
     * @param recorded what the method returned
     */
    public ModelArchive resolved(List<long[]> recorded) {
        return new ModelArchive(model.resolved(recorded));
    }

    /** The inputs that the model was traced with, which archives of PyTorch 2 hold. */
    public Optional<List<ExampleInput>> exampleInputs() {
        return model.exampleInputs();
    }

    /** Names of the inputs of {@code forward}, in order. */
    public List<String> inputNames() {
        return model.graph().inputs().stream().map(Value::name).toList();
    }

    /** What the operators tell of the inputs of {@code forward}, in order. */
    public List<ModelInput> inputs() {
        return new InputTypes(model.graph()).inputs();
    }

    /**
     * A cheap check of input shapes, batch first, against the operators that read each input first (rank, channels,
     * features). Throws {@link ModelInputException}, one line; what passes may still fail in the engine.
     */
    public void checkInputs(List<long[]> shapes) {
        new InputCheck(model.graph()).check(shapes);
    }

    /**
     * Writes a copy with one more method, {@code forward_profiled(inputs...) -> List[Tensor]}: one int64 vector per
     * tensor value of the graph, in order, that holds its shape.
     */
    public void writeProfiled(Path target) throws IOException {
        model.writeProfiled(target);
    }

    /**
     * Writes a copy with a method {@code forward_profiled(inputs...) -> List[Tensor]}: per tensor value of the graph, an int64
     * vector of its sizes and, last, PyTorch's number of its element type. Once the archive is resolved, the copy has a
     * method {@code forward_resolved} too, which computes what the graph says.
     *
     * @param withForward whether to leave the model's own methods in it; without, an engine that does not know all their
     *     operators may still load it
     */
    public void writeProbe(Path target, boolean withForward) throws IOException {
        model.writeProbe(target, withForward);
    }

    /** Writes a copy with a method for each stage, and none of the model's own. */
    public void writeStages(List<Stage> stages, Path target) throws IOException {
        model.writeStages(stages, target);
    }

    /** A stored tensor's elements in row-major order, little-endian; throws {@link ModelFormatException} past 2 GiB. */
    public ByteBuffer content(Parameter parameter) {
        return model.content(parameter);
    }

    /**
     * Writes a copy with other numbers in some stored tensors.
     *
     * @param contents as {@link #content} gives them, of the same sizes
     */
    public void writeWith(Map<Parameter, ByteBuffer> contents, Path target) throws IOException {
        Map<Parameter, TensorEdit> edits = new LinkedHashMap<>();
        contents.forEach((parameter, content) -> {
            if (content.remaining() != parameter.elements() * parameter.type().bytes()) {
                throw new IllegalArgumentException(
                        content.remaining() + " bytes are not the content of " + parameter.name());
            }
            edits.put(parameter, new TensorEdit(parameter.shape(), sink -> sink.accept(content.duplicate())));
        });
        model.writeEdited(edits, List.of(), target);
    }

    /** Throws {@link ModelFormatException} when the shapes are not those of this model's graph. */
    public ModelAnalysis analyse(ShapeProfile shapes) {
        model.stopped().ifPresent(place -> {
            throw new ModelFormatException(place + ": what it depends on has not been recorded yet");
        });
        return new Analyser(model, shapes).analyse();
    }

    TorchScriptModel model() {
        return model;
    }
}
