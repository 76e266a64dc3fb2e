package io.espalier.cli;

import io.espalier.protocol.record.Policy;
import picocli.CommandLine.ITypeConverter;

/** Reads {@code macs=0.5}. */
final class TargetConverter implements ITypeConverter<Policy.Target> {
    @Override
    public Policy.Target convert(String text) {
        return Converted.orUsage(text, Policy.Target::parse);
    }
}
