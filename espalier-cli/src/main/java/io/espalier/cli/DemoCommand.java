package io.espalier.cli;

import io.espalier.cli.demo.Demo;
import io.espalier.cli.demo.DemoSettings;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.RecoveryStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "demo", description = "Runs the whole system on real images: a broker, both services, and clients.")
final class DemoCommand implements Callable<Integer> {
    private static final int RECOVERY_INPUTS = 256;

    @Spec
    private CommandSpec spec;

    @Option(names = "--once", description = "Go round once, to a checked smaller version, write --out, and end.")
    private boolean once;

    @Option(names = "--out", paramLabel = "DIR", description = "Where files go; a temporary folder unless given.")
    private Path folder;

    @Option(
            names = "--target",
            converter = TargetConverter.class,
            defaultValue = "macs=0.5",
            description = "The share of the cost to keep at most (default ${DEFAULT-VALUE}).")
    private Policy.Target target;

    @Option(
            names = "--criterion",
            converter = CriterionConverter.class,
            defaultValue = "hybrid:0.5",
            description = "expressiveness, l1, l2, bn_scale, hybrid:LAMBDA, fluctuation, apoz, saliency or "
                    + "random:SEED (default ${DEFAULT-VALUE}).")
    private Criterion criterion;

    @Option(
            names = "--recover",
            converter = StepsConverter.class,
            defaultValue = "ridge",
            paramLabel = "STEP,...",
            description = "How the cut model is recovered from sampled inputs: fold, ridge, norm, distil, or none "
                    + "(default ${DEFAULT-VALUE}).")
    private List<RecoveryStep> recovery;

    @Option(
            names = "--requests",
            defaultValue = "4000",
            description = "With --once: requests (default ${DEFAULT-VALUE}).")
    private long requests;

    @Option(names = "--rate", defaultValue = "100", description = "Without --once: requests a second (default 100).")
    private int rate;

    @Option(names = "--sampling", defaultValue = "0.5", description = "Share of requests sampled (default 0.5).")
    private double sampling;

    @Option(names = "--sidecar-port", defaultValue = "8080", description = "Port of inference; 0: any (default 8080).")
    private int sidecarPort;

    @Option(names = "--streams-port", defaultValue = "8081", description = "Port of the API; 0: any (default 8081).")
    private int streamsPort;

    @Override
    public Integer call() throws Exception {
        Path target =
                folder == null ? Files.createTempDirectory("espalier-demo-results") : Files.createDirectories(folder);
        Demo demo = new Demo(settings(), spec.commandLine().getOut());
        if (once) {
            demo.runOnce(target);
        } else {
            demo.run(target);
        }
        return 0;
    }

    private DemoSettings settings() {
        if (requests < 100) {
            throw new IllegalArgumentException("--requests must be 100 or more, not " + requests);
        }
        if (!(sampling > 0 && sampling <= 1)) {
            throw new IllegalArgumentException("--sampling must be above 0 and at most 1, not " + sampling);
        }
        if (target.metric() == Policy.Metric.LATENCY) {
            throw new IllegalArgumentException(
                    "--target " + target + " is for espalier prune: the services measure no times, use macs=SHARE");
        }
        // Once: three quarters of what will be sampled is asked for. The planner speaks while traffic flows, and soon
        // nothing but the compressor has use for the processors.
        return once
                ? new DemoSettings(
                        requests,
                        0,
                        sampling,
                        Math.max(2, (long) (0.75 * sampling * requests)),
                        Duration.ofSeconds(2),
                        target,
                        criterion,
                        recovery,
                        (int) Math.max(8, Math.min(RECOVERY_INPUTS, requests / 8)),
                        0,
                        0)
                : new DemoSettings(
                        Long.MAX_VALUE,
                        rate,
                        sampling,
                        1500,
                        Duration.ofSeconds(10),
                        target,
                        criterion,
                        recovery,
                        RECOVERY_INPUTS,
                        sidecarPort,
                        streamsPort);
    }

    /** Reads {@code ridge,distil} or {@code none}. */
    static final class StepsConverter implements ITypeConverter<List<RecoveryStep>> {
        @Override
        public List<RecoveryStep> convert(String text) {
            return text.equals("none") ? List.of() : Converted.orUsage(text, RecoveryStep::parse);
        }
    }
}
