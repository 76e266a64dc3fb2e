package io.espalier.streams.settings;

import io.espalier.protocol.record.Criterion;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads what {@link Criterion#parse} reads. */
public final class CriterionConverter implements Converter<Criterion> {
    private static final long serialVersionUID = 1L;

    @Override
    public Criterion convert(String text) {
        return Criterion.parse(text);
    }
}
