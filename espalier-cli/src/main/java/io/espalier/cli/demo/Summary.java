package io.espalier.cli.demo;

/**
 * {@code summary.json} of {@code demo --once}.
 *
 * @param requests answered
 * @param samples published of every capture point, at least
 * @param dropped samples that were taken and not published
 * @param agreement share of test images that both versions give the same class
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
        double accuracyAfter,
        double agreement,
        double equivalenceMaxRelError,
        double seconds) {}
