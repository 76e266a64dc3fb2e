package io.espalier.surgery.coupling;

import java.util.Optional;

/** A tensor among the operands of an operator: its labels, if any of its elements may go, and its shape. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Item(Optional<LabelArray> labels, long[] shape) {}
