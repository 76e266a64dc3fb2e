package io.espalier.sidecar.settings;

import io.espalier.runtime.InputShapes;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads what {@link InputShapes#parse} reads; a batch other than 1 is refused: requests bring their own. */
public final class InputShapesConverter implements Converter<InputShapes> {
    private static final long serialVersionUID = 1L;
    private static final String MEND =
            "give sizes above zero, the first of each input 1, and a type where it cannot be "
                    + "found out, say 1,3,224,224 or 1,128:int64;1,128:int64";

    @Override
    public InputShapes convert(String text) {
        try {
            InputShapes shapes = InputShapes.parse(text);
            if (shapes.inputs().stream().allMatch(input -> input.sizes()[0] == 1)) {
                return shapes;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(MEND, e);
        }
        throw new IllegalArgumentException(MEND);
    }
}
