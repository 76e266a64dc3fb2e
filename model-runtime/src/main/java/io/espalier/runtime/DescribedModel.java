package io.espalier.runtime;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;

/** A model's descriptor, and what it was taken from. */
public record DescribedModel(ModelDescriptor descriptor, ModelArchive archive, ModelAnalysis analysis) {}
