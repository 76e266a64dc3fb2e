package io.espalier.streams.compressor;

import io.espalier.protocol.Names;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.Checks;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.BuiltVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a version of a recommendation, and judges it: a candidate when it computes what it should, else rejected. */
final class VersionMaker {
    private static final Logger LOG = LoggerFactory.getLogger(VersionMaker.class);
    private static final int ID_CHARACTERS = 8;

    private final Path artifacts;
    private final VersionFactory factory;

    VersionMaker(Path artifacts, VersionFactory factory) {
        this.artifacts = artifacts.toAbsolutePath();
        this.factory = factory;
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

    ModelVersion make(Recommendation recommendation, Optional<ModelDescriptor> parent, List<InputSample> sampled) {
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
        try {
            Files.createDirectories(artifacts);
            BuiltVersion built =
                    factory.build(file(parent.get().artifact()), parent.get(), recommendation, sampled, unjudged);
            return judged(recommendation, built, unjudged, target);
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // The errors are those of one model too large for this heap: the next may fit, and the thread is needed.
            LOG.warn("{} cannot be made", key, e);
            return rejected(recommendation, null, oneLine(e));
        } finally {
            delete(unjudged);
        }
    }

    private static ModelVersion judged(Recommendation recommendation, BuiltVersion built, Path unjudged, Path target)
            throws IOException {
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
        Files.move(unjudged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        VersionKey key = nameOf(recommendation);
        return new ModelVersion(
                key.model(),
                key.version(),
                recommendation.version(),
                recommendation.id(),
                State.CANDIDATE,
                new Artifact(target.toUri().toString(), built.sha256()),
                checks,
                built.params(),
                built.macs(),
                null);
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
                reason);
    }

    /** A device or a pipe has no end that reading would come to. */
    private static Path file(Artifact artifact) throws IOException {
        try {
            Path file = Path.of(URI.create(artifact.uri()));
            if (!Files.isRegularFile(file)) {
                throw new IOException("artifact '" + artifact.uri() + "' is not a file here: put it there");
            }
            return file;
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IOException("artifact '" + artifact.uri() + "' is no file: URI that can be read here", e);
        }
    }

    private static String oneLine(Throwable e) {
        String message =
                e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
        boolean saysEnough = e instanceof Exception && message.contains(" ");
        return saysEnough ? message : e.getClass().getSimpleName() + ": " + message;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is left over and can be deleted", file, e);
        }
    }
}
