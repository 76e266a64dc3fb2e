package io.espalier.streams.compressor;

import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs how far a job has come, and stops it when the compressor is to stop: a step may take minutes. */
final class LoggedProgress implements Recovery.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedProgress.class);
    private static final long QUIET = Duration.ofSeconds(20).toNanos();

    private final String what;
    private final BooleanSupplier stopped;
    private long lastLogged = System.nanoTime();

    LoggedProgress(String what, BooleanSupplier stopped) {
        this.what = what;
        this.stopped = stopped;
    }

    @Override
    public RecoveryProgress begins(RecoveryStep step) {
        return of(step.toString());
    }

    /** Throws {@link StoppedException}, as the progress does. */
    RecoveryProgress of(String step) {
        stopIfAsked();
        LOG.info("{}: {} begins", what, step);
        return (done, all) -> {
            stopIfAsked();
            long now = System.nanoTime();
            if (now - lastLogged > QUIET) {
                lastLogged = now;
                LOG.info("{}: {} has done {} of {}", what, step, done, all);
            }
        };
    }

    private void stopIfAsked() {
        if (stopped.getAsBoolean()) {
            throw new StoppedException();
        }
    }
}
