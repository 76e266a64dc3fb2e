package io.espalier.cli.demo;

import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import java.util.List;

/**
 * {@code summary.json} of {@code demo --once}.
 *
 * @param requests answered
 * @param samples published of every capture point, at least
 * @param dropped samples that were taken and not published
 * @param accuracyCut of the cut before it was recovered
 * @param agreement share of test images that original and recovered version give the same class
 * @param equivalenceMaxRelError of the cut, to the original with the removed units' contribution zeroed
 * @param recovery what each step gained
 * @param seconds from the start of the command to the end of the evaluation
 */
record Summary(
        String model,
        String versionFrom,
        String versionTo,
        long requests,
        long samples,
        long dropped,
        int capturePoints,
        int groups,
        int units,
        int unitsRemoved,
        long paramsBefore,
        long paramsAfter,
        long macsBefore,
        long macsAfter,
        double accuracyBefore,
        double accuracyCut,
        double accuracyAfter,
        double agreement,
        double equivalenceMaxRelError,
        List<RecoveryResult> recovery,
        double seconds) {}
