package io.espalier.cli.prune;

import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.EquivalenceInputs;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.VersionBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes smaller archives, each run and compared with its original first. */
public final class CheckedArchiveWriter {
    private static final int CHECKED_INPUTS = 8;

    private final ModelRuntime runtime;

    public CheckedArchiveWriter(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /** Throws IllegalStateException, and writes nothing, when the smaller model is not the original without those units. */
    public PruneReport write(DescribedModel described, UnitChoice choice, Path output) throws IOException {
        // Written beside its target and moved: nobody ever sees a model that was not compared.
        Path folder = output.toAbsolutePath().getParent();
        Path unproven = Files.createTempFile(folder, ".pruned", ".pt");
        try {
            BuiltVersion built = new VersionBuilder(runtime)
                    .build(described, choice.remove(), unproven, new EquivalenceInputs(CHECKED_INPUTS, 1, List.of()));
            if (!built.isEquivalent()) {
                throw new IllegalStateException("the smaller model differs from the original by "
                        + built.maxRelativeError() + ", more than " + built.tolerance() + ": nothing was written");
            }
            Files.move(unproven, output, StandardCopyOption.REPLACE_EXISTING);
            return PruneReport.of(described.descriptor(), built, choice);
        } finally {
            Files.deleteIfExists(unproven);
        }
    }
}
