package io.espalier.surgery;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A traced or frozen TorchScript archive, opened for analysis and surgery. Immutable; the structure is parsed as data and
 * held, weights are mapped and read on demand. The file must not change while this is in use.
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

    public Graph graph() {
        return model.graph();
    }

    /** Names of the inputs of {@code forward}, in order. */
    public List<String> inputNames() {
        return model.graph().inputs().stream().map(Value::name).toList();
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

    /** Throws {@link ModelFormatException} when the shapes are not those of this model's graph. */
    public ModelAnalysis analyse(ShapeProfile shapes) {
        return new Analyser(model, shapes).analyse();
    }

    TorchScriptModel model() {
        return model;
    }
}
