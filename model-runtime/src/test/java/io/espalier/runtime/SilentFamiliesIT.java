package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.Fold;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family with the filters of some units zero and all else as it was, so that those units are constants. They are
 * removed; where all is said to be folded, the model must give what it gave with them.
 */
class SilentFamiliesIT {
    /** Some constants are many times what a unit gives, and are summed in float32 over several layers. */
    private static final double EXACT = 1e-5;
    /** Families in which nothing pads between some unit and its readers. */
    private static final Set<String> FOLDABLE = Set.of(
            "alexnet-traced",
            "bert-traced",
            "convnext-traced",
            "resnet-bottleneck-frozen",
            "swin-frozen",
            "vit-traced");

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    static Stream<FamilyArchive> archives() {
        return FamilyArchive.all();
    }

    @ParameterizedTest
    @MethodSource("archives")
    void whatIsFoldedIsNotMissed(FamilyArchive archive) throws IOException {
        Optional<DescribedModel> original = readable(archive);
        Map<String, List<Integer>> constants =
                original.map(model -> CutOracles.someOfAll(model, 0.3, 17)).orElse(Map.of());
        int folded = 0;
        if (!constants.isEmpty()) {
            FamilyArchive silent = silent(archive, original.get(), constants);
            DescribedModel model = archive.describe(ENGINE.runtime(), silent.path());
            assertThat(build(model, constants).isEquivalent()).isTrue();
            for (Map.Entry<String, List<Integer>> group : constants.entrySet()) {
                folded += checked(silent, model, Map.of(group.getKey(), group.getValue()));
            }
        }
        assertThat(folded > 0 || !FOLDABLE.contains(archive.name())).isTrue();
    }

    /** Returns how many constants were folded, when all were. */
    private int checked(FamilyArchive silent, DescribedModel model, Map<String, List<Integer>> remove)
            throws IOException {
        List<Fold> folds = new Surgeon(model.archive(), model.analysis())
                .writePruned(VersionBuilder.plan(remove), folder.resolve("cut.pt"))
                .folds();
        if (folds.isEmpty() || !folds.stream().allMatch(Fold::folded)) {
            return 0;
        }
        assertThat(new CutOracles(ENGINE.runtime(), folder).difference(silent, silent.path()))
                .as("cut %s, folded %s", remove, folds)
                .isLessThanOrEqualTo(EXACT);
        return folds.size();
    }

    private BuiltVersion build(DescribedModel model, Map<String, List<Integer>> remove) throws IOException {
        return new VersionBuilder(ENGINE.runtime())
                .build(model, remove, folder.resolve("cut.pt"), new EquivalenceInputs(1, 5, List.of()));
    }

    private FamilyArchive silent(FamilyArchive archive, DescribedModel model, Map<String, List<Integer>> units)
            throws IOException {
        Path path = folder.resolve("silent.pt");
        DeadCopy.writeSilent(archive, build(model, units).report().tensors(), path);
        return new FamilyArchive(archive.name(), path);
    }

    private static Optional<DescribedModel> readable(FamilyArchive archive) throws IOException {
        try {
            return Optional.of(archive.describe(ENGINE.runtime()));
        } catch (ModelFormatException | ModelInputException | ModelRuntimeException e) {
            // Which archives are refused is held elsewhere.
            return Optional.empty();
        }
    }
}
