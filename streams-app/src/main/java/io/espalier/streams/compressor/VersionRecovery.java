package io.espalier.streams.compressor;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.streams.compressor.VersionFactory.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recovers a cut as its policy asks. What cannot be recovered stays the cut that it was, and says why. */
final class VersionRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(VersionRecovery.class);

    private final VersionFactory factory;
    private final int minInputs;
    private final BooleanSupplier stopped;

    /** {@code stopped}: whether to throw {@link StoppedException} on the way. */
    VersionRecovery(VersionFactory factory, int minInputs, BooleanSupplier stopped) {
        this.factory = factory;
        this.minInputs = minInputs;
        this.stopped = stopped;
    }

    /** Replaces the cut's file by the recovered one where a step gained; returns a result for each step asked for. */
    List<RecoveryResult> recover(Cut cut, InputSource inputs) throws IOException {
        List<RecoveryStep> steps = cut.recommendation().policy().recovery();
        if (steps.isEmpty()) {
            return List.of();
        }
        int count = inputs.samples().size();
        if (count < minInputs) {
            return notBegun(steps, tooFew(cut.descriptor().key(), count, minInputs), count);
        }
        Path recovered = cut.file().resolveSibling(cut.file().getFileName() + ".recovered");
        try {
            LoggedProgress log =
                    new LoggedProgress(VersionMaker.nameOf(cut.recommendation()).toString(), stopped);
            List<RecoveryResult> results = factory.recover(cut, inputs, log, recovered);
            if (results.stream().anyMatch(RecoveryResult::kept)) {
                Files.move(recovered, cut.file(), StandardCopyOption.REPLACE_EXISTING);
            }
            return results;
        } catch (StoppedException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // The cut is what it should be. A step that gained before the failure is lost with the file it was in.
            LOG.warn("{} is not recovered", VersionMaker.nameOf(cut.recommendation()), e);
            return notBegun(steps, Reasons.oneLine(e), count);
        } finally {
            Files.deleteIfExists(recovered);
        }
    }

    static String tooFew(VersionKey key, int inputs, int needed) {
        return "the inputs topic has " + inputs + " inputs of " + key + " and " + needed
                + " are needed: set espalier.inputs.enabled=true on its sidecars, and wait";
    }

    private static List<RecoveryResult> notBegun(List<RecoveryStep> steps, String reason, int inputs) {
        return steps.stream()
                .map(step -> RecoveryResult.notBegun(step, reason, inputs))
                .toList();
    }
}
