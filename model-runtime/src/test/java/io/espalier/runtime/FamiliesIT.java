package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family of networks that people serve, traced, frozen and scripted: whatever can be cut is cut rightly, and what
 * cannot is named. How much can be is held by families/prunable-units.txt.
 */
class FamiliesIT {
    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    static Stream<FamilyArchive> archives() {
        return FamilyArchive.all();
    }

    @Test
    void everyArchiveHasItsLeastNumberOfUnits() {
        assertThat(FamilyArchive.leastUnits().keySet())
                .isEqualTo(archives().map(FamilyArchive::name).collect(Collectors.toSet()));
    }

    @Test
    void aCutOfOtherUnitsThanThoseThatAreDeadIsSeen() throws IOException {
        for (String name : List.of("resnet-basic-traced", "resnet-basic-frozen", "trap-nhwc-flatten-traced")) {
            FamilyArchive archive = FamilyArchive.named(name);
            DescribedModel model = archive.describe(ENGINE.runtime());
            CutOracles oracles = new CutOracles(ENGINE.runtime(), folder);
            String group = model.descriptor().groups().get(0).id();
            BuiltVersion other = oracles.isRight(archive, model, Map.of(group, List.of(0, 1, 2)));
            oracles.isRight(archive, model, Map.of(group, List.of(0, 1, 3)));
            DeadCopy.write(archive, other.report().tensors(), folder.resolve("dead.pt"));
            assertThat(oracles.difference(archive, folder.resolve("dead.pt")))
                    .as(name)
                    .isGreaterThan(1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void asManyUnitsAsBeforeCanBeCutAndTheOthersAreNamed(FamilyArchive archive) throws IOException {
        int least = FamilyArchive.leastUnits().getOrDefault(archive.name(), 0);
        ModelDescriptor model = null;
        try {
            model = archive.describe(ENGINE.runtime()).descriptor();
        } catch (ModelFormatException | ModelInputException | ModelRuntimeException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        }
        int units = model == null
                ? 0
                : model.groups().stream().mapToInt(ModelDescriptor.Group::units).sum();
        assertThat(units).isGreaterThanOrEqualTo(least);
        if (model != null) {
            assertThat(model.protectedUnits()).allSatisfy(refused -> {
                assertThat(refused.reason()).isNotBlank().doesNotContain("\n");
                assertThat(refused.op()).isNotBlank();
                assertThat(refused.where()).contains(":");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void everyGroupAloneIsCutRightly(FamilyArchive archive) throws IOException {
        Optional<DescribedModel> model = readable(archive);
        Random random = new Random(3);
        CutOracles oracles = new CutOracles(ENGINE.runtime(), folder);
        for (ModelDescriptor.Group group : groups(model)) {
            oracles.isRight(
                    archive, model.get(), Map.of(group.id(), GroupCuts.some(group, random.nextDouble(), random)));
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void allGroupsAtOnceLoseAThirdAHalfAndNearlyAll(FamilyArchive archive) throws IOException {
        Optional<DescribedModel> model = readable(archive);
        for (double share : groups(model).isEmpty() ? new double[0] : new double[] {0.3, 0.5, 0.9}) {
            new CutOracles(ENGINE.runtime(), folder)
                    .isRightAndCounted(archive, model.get(), CutOracles.someOfAll(model.get(), share, 6));
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void pruningTwiceEqualsPruningByTheUnion(FamilyArchive archive) throws IOException {
        Optional<DescribedModel> model = readable(archive);
        if (model.isPresent()) {
            new CutOracles(ENGINE.runtime(), folder).twiceIsTheUnion(archive, model.get(), 8);
        }
    }

    /** Empty for what is refused, which only an archive of no expected unit may be. */
    private static Optional<DescribedModel> readable(FamilyArchive archive) throws IOException {
        try {
            return Optional.of(archive.describe(ENGINE.runtime()));
        } catch (ModelFormatException | ModelInputException | ModelRuntimeException e) {
            assertThat(FamilyArchive.leastUnits().get(archive.name()))
                    .as("refused: %s", e.getMessage())
                    .isZero();
            return Optional.empty();
        }
    }

    /** Those of which a unit can go. */
    private static List<ModelDescriptor.Group> groups(Optional<DescribedModel> model) {
        return model.stream()
                .flatMap(m -> m.descriptor().groups().stream())
                .filter(group -> GroupCuts.canBeCut(group))
                .toList();
    }
}
