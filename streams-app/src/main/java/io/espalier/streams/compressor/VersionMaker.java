package io.espalier.streams.compressor;

import io.espalier.protocol.Names;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.Checks;
import io.espalier.protocol.record.ModelVersion.RecoveryResult;
import io.espalier.protocol.record.ModelVersion.SearchResult;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.Sha256;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.streams.compressor.VersionFactory.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a version of a recommendation, and judges it: a candidate when it computes what it should, else rejected. A candidate
 * has its sizes searched for and is recovered where its policy asks for it: the judgement is of the cut, which recovery then changes.
 */
final class VersionMaker {
    private static final Logger LOG = LoggerFactory.getLogger(VersionMaker.class);
    private static final int ID_CHARACTERS = 8;

    private final Path artifacts;
    private final int compared;
    private final VersionFactory factory;
    private final VersionSizes sizes;
    private final VersionRecovery recovery;

    /** {@code compared}: how many of the sampled inputs a version is compared on. */
    VersionMaker(Path artifacts, int compared, VersionFactory factory, VersionSizes sizes, VersionRecovery recovery) {
        this.artifacts = artifacts.toAbsolutePath();
        this.compared = compared;
        this.factory = factory;
        this.sizes = sizes;
        this.recovery = recovery;
    }

    /**
     * Depends on parent and recommendation only, so that a replay makes the same version again, not another. Of a parent
     * whose name leaves no room the end is cut, which the id makes up for: it is of the parent as well.
     */
    static VersionKey nameOf(Recommendation recommendation) {
        String id = recommendation.id();
        String suffix = "-" + id.substring(0, Math.min(ID_CHARACTERS, id.length()));
        String parent = recommendation.version();
        return new VersionKey(
                recommendation.model(),
                parent.substring(0, Math.min(parent.length(), Names.MAX_LENGTH - suffix.length())) + suffix);
    }

    /**
     * Throws {@link StoppedException} when it is stopped on the way, and nothing else.
     *
     * @param inputs of live traffic, the newest last
     */
    ModelVersion make(Recommendation recommendation, Optional<ModelDescriptor> parent, InputSource inputs) {
        VersionKey key = nameOf(recommendation);
        if (parent.isEmpty()) {
            return rejected(
                    recommendation,
                    null,
                    "the models topic has no descriptor of " + recommendation.versionKey()
                            + ": let its server register it");
        }
        Path target = artifacts.resolve(key.model() + "-" + key.version() + ".pt");
        Path unjudged = artifacts.resolve("." + target.getFileName() + ".unjudged");
        List<List<Tensor>> sampled = inputs.samples();
        try {
            Files.createDirectories(artifacts);
            Path file = ArtifactFile.of(parent.get().artifact());
            Optional<SearchResult> found = sizes.search(file, parent.get(), recommendation, sampled);
            Cut cut = factory.build(
                    file,
                    parent.get(),
                    recommendation,
                    found.map(SearchResult::remove)
                            .filter(remove -> !remove.isEmpty())
                            .orElse(recommendation.remove()),
                    sampled.subList(Math.max(0, sampled.size() - compared), sampled.size()),
                    unjudged);
            return judged(cut, found, inputs, target);
        } catch (StoppedException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // The errors are those of one model too large for this heap: the next may fit, and the thread is needed.
            LOG.warn("{} cannot be made", key, e);
            return rejected(recommendation, null, Reasons.oneLine(e));
        } finally {
            delete(unjudged);
        }
    }

    private ModelVersion judged(Cut cut, Optional<SearchResult> found, InputSource inputs, Path target)
            throws IOException {
        BuiltVersion built = cut.built();
        Recommendation recommendation = cut.recommendation();
        // JSON knows no infinity.
        double error = Math.min(built.maxRelativeError(), Double.MAX_VALUE);
        Checks checks = new Checks(error, built.tolerance(), built.randomInputs(), built.sampledInputs());
        if (!built.isEquivalent()) {
            return rejected(
                    recommendation,
                    checks,
                    "its outputs differ by " + built.maxRelativeError()
                            + " relative to the parent with the removed units zeroed, and "
                            + built.tolerance() + " is allowed");
        }
        List<RecoveryResult> recovered = recovery.recover(cut, inputs);
        String sha256 = Sha256.of(cut.file());
        Files.move(cut.file(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        VersionKey key = nameOf(recommendation);
        return new ModelVersion(
                key.model(),
                key.version(),
                recommendation.version(),
                recommendation.id(),
                State.CANDIDATE,
                new Artifact(target.toUri().toString(), sha256),
                checks,
                built.params(),
                built.macs(),
                null,
                recovered,
                found.orElse(null));
    }

    private static ModelVersion rejected(Recommendation recommendation, Checks checks, String reason) {
        VersionKey key = nameOf(recommendation);
        return new ModelVersion(
                key.model(),
                key.version(),
                recommendation.version(),
                recommendation.id(),
                State.REJECTED,
                null,
                checks,
                recommendation.paramsAfter(),
                recommendation.macsAfter(),
                reason,
                List.of());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is left over and can be deleted", file, e);
        }
    }
}
