package io.espalier.streams.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.streams.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionMakerTest {
    @TempDir
    private Path directory;

    @Test
    void aVersionOfALongNameGetsANameToo() {
        String longest = "v".repeat(200);
        assertThat(VersionMaker.nameOf(recommendation(longest, "0123456789abcdef"))
                        .version())
                .hasSize(200)
                .endsWith("-01234567");
        assertThat(VersionMaker.nameOf(recommendation("1", "0123456789abcdef")).version())
                .isEqualTo("1-01234567");
    }

    @Test
    void anArtifactThatIsNoPlainFileIsRejectedWithoutBeingRead() throws IOException {
        for (String uri : List.of(
                "http://models/small.pt",
                "s3://models/small.pt",
                "small.pt",
                "file:relative.pt",
                "file:///dev/zero",
                directory.toUri().toString(),
                directory.resolve("absent.pt").toUri().toString())) {
            ModelVersion version = maker(new NeverAsked())
                    .make(
                            recommendation("1", "0123456789abcdef"),
                            Optional.of(descriptor(uri)),
                            InputSource.of(List.of()));
            assertThat(version.state()).isEqualTo(State.REJECTED);
            assertThat(version.reason()).as(uri).contains(uri).doesNotContain("\n");
        }
    }

    @Test
    void aModelTooLargeForThisMachineIsRejectedAndTheCompressorLivesOn() throws IOException {
        Path parent = Files.writeString(directory.resolve("parent.pt"), "a model");
        for (Error error : List.of(new OutOfMemoryError("Java heap space"), new StackOverflowError())) {
            ModelVersion version = maker(new Failing(error))
                    .make(
                            recommendation("1", "0123456789abcdef"),
                            Optional.of(descriptor(parent.toUri().toString())),
                            InputSource.of(List.of()));
            assertThat(version.state()).isEqualTo(State.REJECTED);
            assertThat(version.reason()).contains(error.getClass().getSimpleName());
        }
    }

    private VersionMaker maker(VersionFactory factory) {
        return new VersionMaker(
                directory.resolve("artifacts"),
                4,
                factory,
                new VersionSizes(factory, 8, () -> false),
                new VersionRecovery(factory, 8, () -> false));
    }

    private static Recommendation recommendation(String version, String id) {
        return new Recommendation(
                id,
                Models.MODEL,
                version,
                Policy.of(Policy.Target.parse("macs=0.5"), Criterion.parse("l2")),
                Map.of(),
                Map.of(Models.GROUP, List.of(0)),
                8,
                1,
                80,
                70,
                800,
                700);
    }

    private static ModelDescriptor descriptor(String uri) {
        ModelDescriptor small = Models.descriptor("1");
        return new ModelDescriptor(
                small.model(),
                small.version(),
                new Artifact(uri, "00"),
                small.inputs(),
                small.params(),
                small.macs(),
                small.layers(),
                small.groups(),
                small.capturePoints(),
                small.paramTerms(),
                small.macTerms(),
                small.protectedUnits());
    }

    private record Failing(Error error) implements UnsizedFactory {
        @Override
        public Cut build(
                Path parent,
                ModelDescriptor descriptor,
                Recommendation recommendation,
                Map<String, List<Integer>> remove,
                List<List<Tensor>> sampled,
                Path target) {
            throw error;
        }

        @Override
        public List<RecoveryResult> recover(Cut cut, InputSource inputs, Recovery.Listener listener, Path target) {
            throw error;
        }

        @Override
        public void close() {}
    }

    private record NeverAsked() implements UnsizedFactory {
        @Override
        public Cut build(
                Path parent,
                ModelDescriptor descriptor,
                Recommendation recommendation,
                Map<String, List<Integer>> remove,
                List<List<Tensor>> sampled,
                Path target) {
            throw new AssertionError(parent + " is asked to be read");
        }

        @Override
        public List<RecoveryResult> recover(Cut cut, InputSource inputs, Recovery.Listener listener, Path target) {
            throw new AssertionError(cut.parent() + " is asked to be recovered");
        }

        @Override
        public void close() {}
    }
}
