package io.espalier.cli.demo;

import io.espalier.cli.prune.Evaluation;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The whole system in this process, on the committed images. */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final DemoSettings settings;
    private final PrintWriter out;

    public Demo(DemoSettings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /** Serves until the process is told to end, then shuts down in order. */
    public void run(Path folder) throws IOException {
        Thread serving = Thread.currentThread();
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(serving, closed), "demo-shutdown"));
        try (Workplace place = Workplace.in(folder);
                DemoSystem system = DemoSystem.start(settings, place, place.results(), out);
                Traffic traffic = traffic(system, place)) {
            Narrator narrator = new Narrator(system, traffic, out);
            narrator.urls();
            traffic.start(settings.perSecond());
            while (!traffic.isDone()) {
                narrator.tick();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            out.println("stopped");
            out.flush();
        } finally {
            closed.countDown();
        }
    }

    /** Goes round once: from the first request to a checked version and its evaluation, all written to {@code folder}. */
    public void runOnce(Path folder) throws IOException, InterruptedException {
        long started = System.nanoTime();
        try (Workplace place = Workplace.in(folder);
                ModelRuntime runtime = startRuntime();
                DemoSystem system = DemoSystem.start(settings, place, place.scratch(), out);
                Traffic traffic = traffic(system, place)) {
            Narrator narrator = new Narrator(system, traffic, out);
            sendAll(traffic, narrator);
            long sampled = system.sampledRequests();
            // All that was sampled is published, or counted as dropped, once the sidecar has shut down.
            system.stopSidecar();
            Observed observed = system.observed();
            await(
                    "the counts of all published samples",
                    system,
                    () -> system.watcher().hasReadAll() && observed.isCountedOut());
            await("a version", system, () -> observed.version().isPresent());
            narrator.news();
            Recommendation recommendation = observed.recommendation().orElseThrow();
            ModelVersion version = observed.version().orElseThrow();
            if (version.state() == ModelVersion.State.REJECTED) {
                throw new IllegalStateException("version " + version.version() + " was rejected: " + version.reason());
            }
            Results results = new Results(place.results(), runtime);
            Evaluation evaluation = results.writeModels(system.descriptor(), version, recommendation);
            results.writeScores(system.descriptor(), observed);
            double seconds = (System.nanoTime() - started) / 1e9;
            Summary summary =
                    Results.summary(system, recommendation, version, evaluation, traffic.answered(), sampled, seconds);
            results.write(summary);
            out.printf(
                    "done     accuracy %.4f, cut %.4f, recovered %.4f, agreement %.4f; see %s%n",
                    summary.accuracyBefore(),
                    summary.accuracyCut(),
                    summary.accuracyAfter(),
                    summary.agreement(),
                    place.results());
            out.flush();
        }
    }

    private void sendAll(Traffic traffic, Narrator narrator) throws IOException, InterruptedException {
        traffic.start(settings.perSecond());
        while (!traffic.isDone()) {
            TimeUnit.SECONDS.sleep(1);
            narrator.tick();
        }
    }

    private Traffic traffic(DemoSystem system, Workplace place) throws IOException {
        Images images = Images.read(DemoFiles.trainingImages(place.scratch()));
        return new Traffic(system.infer(), images, settings.requests());
    }

    private static ModelRuntime startRuntime() {
        return ModelRuntime.start(RuntimeSettings.fromEnvironment(0));
    }

    /** The process ends when its hooks do, so the hook waits until all is closed. */
    private static void end(Thread serving, CountDownLatch closed) {
        serving.interrupt();
        try {
            closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A question that can be interrupted. */
    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static void await(String what, DemoSystem system, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s for " + what
                        + "; the planner says: "
                        + system.readiness().map(Readiness::reason).orElse("nothing"));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
