package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import io.espalier.surgery.torchscript.source.ClassDefinition;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import java.util.List;

/** What {@code forward} takes: tensors, of which the optional ones at the end may be left out. */
record Signature(MethodDefinition method) {
    private static final String TENSOR = "Tensor";
    private static final String OPTIONAL = "Optional[Tensor]";

    static Signature of(ClassDefinition type) {
        MethodDefinition forward = type.methods().get("forward");
        if (forward == null) {
            throw new ModelFormatException(type.file().name() + ": class " + type.name() + " has no method forward");
        }
        for (MethodDefinition.Parameter parameter : forward.parameters()) {
            if (!isTensor(parameter) && parameter.preset().isEmpty()) {
                throw new ModelFormatException(forward.file().place(forward.line()) + ": input " + parameter.name()
                        + " is a " + parameter.type()
                        + ", only tensors are read as inputs: wrap the model in one whose forward takes tensors");
            }
        }
        return new Signature(forward);
    }

    static boolean isTensor(MethodDefinition.Parameter parameter) {
        return parameter.type().equals(TENSOR) || parameter.type().equals(OPTIONAL);
    }

    /** Tensors that must be given. */
    int required() {
        return (int) tensors().stream()
                .filter(parameter -> parameter.preset().isEmpty())
                .count();
    }

    /** Throws ModelInputException when forward does not take as many tensors. */
    void checkCount(int given) {
        List<MethodDefinition.Parameter> all = tensors();
        int required = required();
        if (given < required || given > all.size()) {
            throw new ModelInputException("the model has " + required
                    + (all.size() > required ? " to " + all.size() : "") + " inputs "
                    + all.stream().map(MethodDefinition.Parameter::name).toList() + ", and " + given
                    + " shapes are given: give one for each");
        }
    }

    /** Tensors that may be given. */
    List<MethodDefinition.Parameter> tensors() {
        return method.parameters().stream().filter(Signature::isTensor).toList();
    }
}
