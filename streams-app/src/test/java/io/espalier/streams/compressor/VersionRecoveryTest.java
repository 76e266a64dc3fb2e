package io.espalier.streams.compressor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.streams.compressor.VersionFactory.Cut;
import io.espalier.streams.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the cut's file, whatever a recovery does. */
final class VersionRecoveryTest {
    private static final RecoveryStep[] BOTH = {RecoveryStep.RIDGE, RecoveryStep.DISTIL};

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void cut() throws IOException {
        file = Files.writeString(directory.resolve(".m.pt.unjudged"), "cut");
    }

    @Test
    void withoutStepsNothingIsDone() throws IOException {
        assertThat(recover(new Answers(true), 8)).isEmpty();
        assertThat(file).hasContent("cut");
    }

    @Test
    void whatGainedTakesTheCutsPlace() throws IOException {
        List<RecoveryResult> results = recover(new Answers(true, false), 8, BOTH);
        assertThat(results).extracting(RecoveryResult::kept).containsExactly(true, false);
        assertThat(file).hasContent("recovered");
    }

    @Test
    void whereNothingGainedTheCutStays() throws IOException {
        assertThat(recover(new Answers(false), 8, RecoveryStep.RIDGE)).hasSize(1);
        assertThat(file).hasContent("cut");
    }

    @Test
    void tooFewInputsAreAReasonForEachStep() throws IOException {
        List<RecoveryResult> results = recover(new Answers(true, true), 7, BOTH);
        assertThat(results).extracting(RecoveryResult::step).containsExactly(BOTH);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.kept()).isFalse();
            assertThat(result.inputs()).isEqualTo(7);
            assertThat(result.reason()).contains("7 inputs", "8 are needed", "espalier.inputs.enabled");
            assertThat(result.divergenceBefore()).isNull();
        });
        assertThat(file).hasContent("cut");
    }

    @Test
    void aFailureLeavesTheCutAndSaysWhy() throws IOException {
        for (Throwable failure : List.of(
                new IllegalStateException("the network has no layers\nat all"),
                new OutOfMemoryError("Java heap space"))) {
            List<RecoveryResult> results = recover(new Fails(failure), 8, RecoveryStep.RIDGE);
            assertThat(results).hasSize(1);
            assertThat(results.get(0).reason())
                    .isEqualTo(
                            failure instanceof Error
                                    ? "OutOfMemoryError: Java heap space"
                                    : "the network has no layers");
            assertThat(file).hasContent("cut");
        }
    }

    @Test
    void aJobThatIsStoppedHasNoResult() {
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> new VersionRecovery(new Answers(true), 8, () -> true)
                        .recover(cutFor(RecoveryStep.RIDGE), inputs(8)));
    }

    /** Whatever happened, no file is left beside the cut. */
    private List<RecoveryResult> recover(VersionFactory factory, int inputs, RecoveryStep... steps) throws IOException {
        List<RecoveryResult> results =
                new VersionRecovery(factory, 8, () -> false).recover(cutFor(steps), inputs(inputs));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        return results;
    }

    private static InputSource inputs(int count) {
        return InputSource.of(Collections.nCopies(count, List.of(Tensor.ofFloats(new long[] {1}, 1))));
    }

    private Cut cutFor(RecoveryStep... steps) {
        Policy policy = new Policy(
                Policy.Target.parse("macs=0.5"), Criterion.parse("l2"), null, null, null, Arrays.asList(steps));
        Recommendation recommendation = new Recommendation(
                "0123456789abcdef",
                Models.MODEL,
                "1",
                policy,
                Map.of(),
                Map.of(Models.GROUP, List.of(0)),
                8,
                1,
                80,
                70,
                800,
                700);
        return new Cut(directory.resolve("parent.pt"), Models.descriptor("1"), recommendation, null, file);
    }

    /** A factory whose steps gain or do not. */
    private record Answers(boolean... gains) implements UnsizedFactory {
        @Override
        public List<RecoveryResult> recover(Cut cut, InputSource inputs, Recovery.Listener listener, Path target)
                throws IOException {
            listener.begins(RecoveryStep.RIDGE);
            Files.writeString(target, "recovered");
            List<RecoveryStep> steps = cut.recommendation().policy().recovery();
            return steps.stream()
                    .map(step -> gains[steps.indexOf(step)]
                            ? new RecoveryResult(step, true, null, 0.5, 0.25, null, null, 7, 1, 1)
                            : new RecoveryResult(step, false, "it gained nothing", 0.5, 0.75, null, null, 7, 1, 1))
                    .toList();
        }

        @Override
        public Cut build(
                Path parent,
                ModelDescriptor descriptor,
                Recommendation recommendation,
                Map<String, List<Integer>> remove,
                List<List<Tensor>> sampled,
                Path target) {
            throw new AssertionError("is cut already");
        }

        @Override
        public void close() {}
    }

    /** A factory that fails when half of a file is written. */
    private record Fails(Throwable failure) implements UnsizedFactory {
        @Override
        public List<RecoveryResult> recover(Cut cut, InputSource inputs, Recovery.Listener listener, Path target)
                throws IOException {
            Files.writeString(target, "recov");
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }

        @Override
        public Cut build(
                Path parent,
                ModelDescriptor descriptor,
                Recommendation recommendation,
                Map<String, List<Integer>> remove,
                List<List<Tensor>> sampled,
                Path target) {
            throw new AssertionError("is cut already");
        }

        @Override
        public void close() {}
    }
}
