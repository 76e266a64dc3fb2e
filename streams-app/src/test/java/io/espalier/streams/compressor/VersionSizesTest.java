package io.espalier.streams.compressor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.ModelVersion.SearchResult;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.RecoveryProgress;
import io.espalier.streams.testing.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionSizesTest {
    private static final Map<String, List<Integer>> FOUND = Map.of(Models.GROUP, List.of(1, 3));

    @Test
    void aPolicyThatDoesNotAskIsNotSearchedFor() throws IOException {
        assertThat(search(new Answers(Optional.of(FOUND), null), 8, Policy.Ranking.GLOBAL))
                .isEmpty();
    }

    @Test
    void whatIsFoundTakesThePlaceOfWhatWasRecommended() throws IOException {
        SearchResult result = search(new Answers(Optional.of(FOUND), null), 8, Policy.Ranking.SEARCH)
                .orElseThrow();
        assertThat(result.remove()).isEqualTo(FOUND);
        assertThat(result.reason()).isNull();
        assertThat(result.inputs()).isEqualTo(8);
    }

    @Test
    void whatWasRecommendedStandsAndTheRecordSaysWhy() throws IOException {
        Map<VersionFactory, String> cases = Map.of(
                new Answers(Optional.empty(), null), "no sizes within the limits reach macs=0.5",
                new Answers(Optional.empty(), new IllegalStateException("it does not run")), "it does not run",
                new Answers(Optional.empty(), new OutOfMemoryError("Java heap space")), "OutOfMemoryError");
        for (Map.Entry<VersionFactory, String> entry : cases.entrySet()) {
            SearchResult result =
                    search(entry.getKey(), 8, Policy.Ranking.SEARCH).orElseThrow();
            assertThat(result.remove()).isEmpty();
            assertThat(result.reason()).contains(entry.getValue()).doesNotContain("\n");
        }
        SearchResult early = search(new Answers(Optional.of(FOUND), null), 7, Policy.Ranking.SEARCH)
                .orElseThrow();
        assertThat(early.remove()).isEmpty();
        assertThat(early.reason()).contains("7 inputs of", "8 are needed", "espalier.inputs.enabled=true");
    }

    @Test
    void isStopped() {
        VersionSizes sizes = new VersionSizes(new Answers(Optional.of(FOUND), null), 8, () -> true);
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> sizes.search(
                        Path.of("parent.pt"),
                        Models.descriptor("1"),
                        recommendation(Policy.Ranking.SEARCH),
                        inputs(8)));
    }

    private static Optional<SearchResult> search(VersionFactory factory, int inputs, Policy.Ranking ranking)
            throws IOException {
        return new VersionSizes(factory, 8, () -> false)
                .search(Path.of("parent.pt"), Models.descriptor("1"), recommendation(ranking), inputs(inputs));
    }

    private static List<List<Tensor>> inputs(int count) {
        return Collections.nCopies(count, List.of(Tensor.ofFloats(new long[] {1}, 1)));
    }

    private static Recommendation recommendation(Policy.Ranking ranking) {
        return new Recommendation(
                "0123456789abcdef",
                Models.MODEL,
                "1",
                new Policy(Policy.Target.parse("macs=0.5"), Criterion.parse("l2"), ranking, null, null),
                Map.of(),
                Map.of(Models.GROUP, List.of(0)),
                8,
                1,
                80,
                70,
                800,
                700);
    }

    /** A factory that finds sizes, finds none, or fails. */
    private record Answers(Optional<Map<String, List<Integer>>> found, Throwable failure) implements VersionFactory {
        @Override
        public Optional<Map<String, List<Integer>>> size(
                Path parent,
                ModelDescriptor descriptor,
                Recommendation recommendation,
                List<List<Tensor>> inputs,
                RecoveryProgress progress) {
            progress.advance(1, 2);
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            return found;
        }

        @Override
        public Cut build(
                Path parent,
                ModelDescriptor descriptor,
                Recommendation recommendation,
                Map<String, List<Integer>> remove,
                List<List<Tensor>> sampled,
                Path target) {
            throw new AssertionError(parent + " is asked to be cut");
        }

        @Override
        public List<RecoveryResult> recover(Cut cut, InputSource inputs, Recovery.Listener listener, Path target) {
            throw new AssertionError(cut.parent() + " is asked to be recovered");
        }

        @Override
        public void close() {}
    }
}
