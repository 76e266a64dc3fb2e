package io.espalier.cli.prune;

import io.espalier.cli.offline.Progress;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.recovery.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds the smallest model that gives another class than the original to no more than a share of the inputs: the share of
 * the MACs is bisected, and each cut is made, recovered and measured on inputs that nothing was fitted to. Distilling is left
 * for the model that is found, which it only brings nearer.
 */
public final class DisagreementSearch {
    private static final int ROUNDS = 6;

    /** One in so many inputs is measured on. */
    private static final int MEASURED = 4;

    private final CheckedArchiveWriter writer;
    private final Evaluator evaluator;
    private final RecoveryRequest recovery;

    /**
     * @param evaluator with inputs that are not in {@code recovery}
     * @param recovery with or without steps
     */
    public DisagreementSearch(CheckedArchiveWriter writer, Evaluator evaluator, RecoveryRequest recovery) {
        this.writer = writer;
        this.evaluator = evaluator;
        this.recovery = new RecoveryRequest(
                recovery.steps().stream()
                        .filter(step -> step != RecoveryStep.DISTIL)
                        .toList(),
                recovery.samples(),
                recovery.distilling());
    }

    /** Which of so many inputs are kept for measuring: evenly spaced, since a file may be in some order. */
    public static List<Integer> measured(int inputs) {
        return IntStream.range(0, inputs / MEASURED)
                .map(i -> i * MEASURED)
                .boxed()
                .toList();
    }

    /** Plans a cut that keeps a share of the MACs. */
    @FunctionalInterface
    public interface Planner {
        PlannedCut plan(Policy.Target target) throws IOException;
    }

    /**
     * Searches.
     *
     * @param most share of inputs, above 0
     * @param output beside which models that are tried lie for a while
     * @throws IllegalArgumentException in one line, when inputs are too few to tell, or outputs are no classes, or no cut
     *     that was tried is good enough
     */
    public UnitChoice smallest(double most, Planner planner, Path output) throws IOException {
        if (evaluator.inputs() * most < 1) {
            throw new IllegalArgumentException("--max-disagreement " + most + " cannot be told from "
                    + evaluator.inputs() + " inputs held out: give " + Math.round(Math.ceil(MEASURED / most))
                    + " inputs or more with --data");
        }
        double tooSmall = 0;
        double enough = 1;
        Optional<UnitChoice> best = Optional.empty();
        Path tried = Files.createTempFile(output.toAbsolutePath().getParent(), ".tried", ".pt");
        try (Progress progress = Progress.of("smallest within " + most, ROUNDS)) {
            for (int round = 0; round < ROUNDS; round++) {
                double keep = (tooSmall + enough) / 2;
                Optional<Map<String, List<Integer>>> remove = planner.plan(new Policy.Target(Policy.Metric.MACS, keep))
                        .remove();
                Optional<UnitChoice> found =
                        remove.isEmpty() ? Optional.empty() : Optional.of(measure(remove.get(), most, tried));
                if (found.filter(choice -> choice.disagreement().measured() <= most)
                        .isPresent()) {
                    enough = keep;
                    best = found;
                } else {
                    tooSmall = keep;
                }
                progress.step();
            }
        } finally {
            Files.deleteIfExists(tried);
        }
        return best.orElseThrow(
                () -> new IllegalArgumentException(
                        "nothing to prune: every cut that was tried disagrees on more than "
                                + most + " of " + evaluator.inputs()
                                + " inputs: allow more with --max-disagreement, recover with --recover ridge, or give more inputs"));
    }

    private UnitChoice measure(Map<String, List<Integer>> remove, double most, Path tried) throws IOException {
        BuiltVersion built = writer.cut(UnitChoice.of(remove), tried);
        if (!recovery.steps().isEmpty()) {
            writer.recover(recovery, built, tried, tried, Recovery.Listener.NONE);
        }
        Double agreement = evaluator.evaluate(tried).agreement();
        if (agreement == null) {
            throw new IllegalArgumentException(
                    "--max-disagreement compares classes, and the outputs of this model are none: give --target");
        }
        return new UnitChoice(remove, null, new Disagreement(most, 1 - agreement, evaluator.inputs()));
    }
}
