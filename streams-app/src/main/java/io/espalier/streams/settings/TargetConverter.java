package io.espalier.streams.settings;

import io.espalier.protocol.record.Policy.Target;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads what {@link Target#parse} reads. */
public final class TargetConverter implements Converter<Target> {
    private static final long serialVersionUID = 1L;

    @Override
    public Target convert(String text) {
        return Target.parse(text);
    }
}
