package io.espalier.sidecar.settings;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads what {@link InputShapes#parse} reads. */
public final class InputShapesConverter implements Converter<InputShapes> {
    private static final long serialVersionUID = 1L;

    @Override
    public InputShapes convert(String text) {
        return InputShapes.parse(text);
    }
}
