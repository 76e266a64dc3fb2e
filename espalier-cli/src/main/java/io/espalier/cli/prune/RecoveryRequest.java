package io.espalier.cli.prune;

import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.DistilSettings;
import java.util.List;

/**
 * How to recover what is left.
 *
 * @param samples unlabelled inputs, a tensor per input of the model each
 */
public record RecoveryRequest(List<RecoveryStep> steps, List<List<Tensor>> samples, DistilSettings distilling) {}
