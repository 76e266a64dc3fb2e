package io.espalier.cli.demo;

import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** Tells what happens, a line at a time: often while something is awaited, seldom once all has been said. */
final class Narrator {
    private static final int QUIET_TICKS = 30;

    private final DemoSystem system;
    private final Traffic traffic;
    private final PrintWriter out;
    private final long started = System.nanoTime();
    private long lastAnswered;
    private long lastTime = started;
    private int ticks;
    private String saidPlan = "";
    private String saidVersion = "";

    Narrator(DemoSystem system, Traffic traffic, PrintWriter out) {
        this.system = system;
        this.traffic = traffic;
        this.out = out;
    }

    void urls() {
        out.println("inference  " + system.infer());
        out.println("streams    " + system.api());
        out.println("metrics    " + system.sidecarMetrics() + "  " + system.streamsMetrics());
        out.println("Kafka      " + system.bootstrapServers());
        out.println("Ctrl-C ends it.");
        out.flush();
    }

    /** To be called about once a second. */
    void tick() throws IOException, InterruptedException {
        news();
        if (system.observed().version().isEmpty() || ticks % QUIET_TICKS == 0) {
            progress(system.observed().recommendation().isPresent());
        }
        ticks++;
        out.flush();
    }

    /** Tells of a plan and of a version that were not told of yet. */
    void news() {
        system.observed().recommendation().filter(p -> !p.id().equals(saidPlan)).ifPresent(this::say);
        system.observed()
                .version()
                .filter(v -> !v.version().equals(saidVersion))
                .ifPresent(this::say);
        out.flush();
    }

    private void progress(boolean planned) throws IOException, InterruptedException {
        long now = System.nanoTime();
        long answered = traffic.answered();
        String waiting =
                planned ? "" : system.readiness().map(Narrator::awaited).orElse("");
        out.printf(
                Locale.ROOT,
                "%6.0f s  %,d requests (%.0f/s)  %,d samples%s%n",
                (now - started) / 1e9,
                answered,
                (answered - lastAnswered) / ((now - lastTime) / 1e9),
                system.observed().samples(),
                waiting);
        lastAnswered = answered;
        lastTime = now;
    }

    private static String awaited(Readiness readiness) {
        return "  waiting: " + readiness.reason()
                + readiness.capturePoints().stream()
                        .filter(point -> point.samples() < point.needed() && point.expectedInMs() != null)
                        .mapToLong(Readiness.Point::expectedInMs)
                        .max()
                        .stream()
                        .mapToObj(ms -> String.format(Locale.ROOT, "; expected in %.0f s", ms / 1e3))
                        .findFirst()
                        .orElse("");
    }

    private void say(Recommendation plan) {
        saidPlan = plan.id();
        out.printf(
                Locale.ROOT,
                "plan     %s removes %d of %d units: MACs %,d -> %,d (%.1f %%), params %,d -> %,d (%.1f %%)%n",
                plan.id(),
                plan.unitsRemoved(),
                plan.units(),
                plan.macsBefore(),
                plan.macsAfter(),
                100.0 * plan.macsAfter() / plan.macsBefore(),
                plan.paramsBefore(),
                plan.paramsAfter(),
                100.0 * plan.paramsAfter() / plan.paramsBefore());
    }

    private void say(ModelVersion version) {
        saidVersion = version.version();
        if (version.state() == ModelVersion.State.REJECTED) {
            out.printf("version  %s was rejected: %s%n", version.version(), version.reason());
            return;
        }
        out.printf(
                Locale.ROOT,
                "version  %s is a %s: on %d inputs within %.1e of the original without those units; %s%n",
                version.version(),
                version.state().name().toLowerCase(Locale.ROOT),
                version.checks().randomInputs() + version.checks().sampledInputs(),
                version.checks().maxRelativeError(),
                version.artifact().uri());
        version.recovery().forEach(this::say);
    }

    private void say(RecoveryResult step) {
        String name = step.step().name().toLowerCase(Locale.ROOT);
        if (!step.kept()) {
            out.printf("recovery %s gained nothing: %s%n", name, step.reason());
            return;
        }
        out.printf(
                Locale.ROOT,
                "recovery %s fitted it to the original on %d inputs in %.1f s: agreement %.1f %% -> %.1f %% on %d others%n",
                name,
                step.inputs(),
                step.seconds(),
                100 * step.agreementBefore(),
                100 * step.agreementAfter(),
                step.heldOut());
    }
}
