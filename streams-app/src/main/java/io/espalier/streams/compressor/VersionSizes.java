package io.espalier.streams.compressor;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion.SearchResult;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches for a version's sizes where its policy asks for that. Where it cannot, what was recommended stands, and it says why. */
final class VersionSizes {
    private static final Logger LOG = LoggerFactory.getLogger(VersionSizes.class);

    private final VersionFactory factory;
    private final int minInputs;
    private final BooleanSupplier stopped;

    /** {@code stopped}: whether to throw {@link StoppedException} on the way. */
    VersionSizes(VersionFactory factory, int minInputs, BooleanSupplier stopped) {
        this.factory = factory;
        this.minInputs = minInputs;
        this.stopped = stopped;
    }

    /** Empty when the policy does not ask for it. */
    Optional<SearchResult> search(
            Path parent, ModelDescriptor descriptor, Recommendation recommendation, List<List<Tensor>> inputs)
            throws IOException {
        if (recommendation.policy().ranking() != Policy.Ranking.SEARCH) {
            return Optional.empty();
        }
        if (inputs.size() < minInputs) {
            return Optional.of(
                    kept(VersionRecovery.tooFew(descriptor.key(), inputs.size(), minInputs), inputs.size(), 0));
        }
        long start = System.nanoTime();
        LoggedProgress log =
                new LoggedProgress(VersionMaker.nameOf(recommendation).toString(), stopped);
        try {
            Optional<Map<String, List<Integer>>> found =
                    factory.size(parent, descriptor, recommendation, inputs, log.of("search"));
            double seconds = (System.nanoTime() - start) / 1e9;
            return Optional.of(found.map(remove -> new SearchResult(remove, null, inputs.size(), seconds))
                    .orElseGet(() -> kept(
                            "no sizes within the limits reach "
                                    + recommendation.policy().target(),
                            inputs.size(),
                            seconds)));
        } catch (StoppedException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.warn("{}: no sizes are searched for", VersionMaker.nameOf(recommendation), e);
            return Optional.of(kept(Reasons.oneLine(e), inputs.size(), 0));
        }
    }

    private static SearchResult kept(String reason, int inputs, double seconds) {
        return new SearchResult(Map.of(), reason, inputs, seconds);
    }
}
