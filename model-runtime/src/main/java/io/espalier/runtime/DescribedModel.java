package io.espalier.runtime;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import java.util.List;

/** A model's descriptor, and what it was taken from. */
public record DescribedModel(ModelDescriptor descriptor, ModelArchive archive, ModelAnalysis analysis) {
    /** The inputs it was described with. */
    public List<InputSpec> inputs() {
        return InputSpecs.of(archive, InputShapes.of(descriptor));
    }
}
