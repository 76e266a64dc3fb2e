package io.espalier.runtime.recovery;

import java.time.Duration;

/**
 * The learning rate over a training: it rises along a line, then falls along half a cosine, to 0 at the last step or when
 * the time is over, whichever will come first. A training that its time limit cuts short is then no worse than a shorter one.
 */
final class Schedule {
    /** Share of the steps in which the rate rises. */
    private static final double WARM_UP = 0.05;

    private final DistilSettings settings;

    Schedule(DistilSettings settings) {
        this.settings = settings;
    }

    /** {@code step}: how many came before; {@code spent}: the time they took. */
    double rate(int step, Duration spent) {
        double warm = Math.max(1, WARM_UP * settings.steps());
        double ofSteps = (step - warm) / Math.max(1, settings.steps() - warm);
        double ofTime = (double) spent.toNanos() / settings.limit().toNanos();
        double share = Math.min(1, Math.max(0, Math.max(ofSteps, ofTime)));
        return settings.rate() * Math.min(1, (step + 1) / warm) * 0.5 * (1 + Math.cos(Math.PI * share));
    }

    /** Whether nothing comes behind this step. */
    boolean isLast(int step, Duration spent) {
        return step + 1 >= settings.steps() || spent.compareTo(settings.limit()) >= 0;
    }
}
