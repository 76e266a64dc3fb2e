package io.espalier.cli;

import io.espalier.protocol.record.Criterion;
import picocli.CommandLine.ITypeConverter;

/** Reads {@code hybrid:0.5}. */
final class CriterionConverter implements ITypeConverter<Criterion> {
    @Override
    public Criterion convert(String text) {
        return Converted.orUsage(text, Criterion::parse);
    }
}
