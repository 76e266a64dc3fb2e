package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where tools of this kind are known to cut wrong without an error, each by its name. */
class KnownTrapsIT {
    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    @Test
    void optionAShortcut() throws IOException {
        check("trap-option-a");
    }

    @Test
    void channelShuffleByViewTransposeView() throws IOException {
        check("trap-channel-shuffle");
    }

    @Test
    void permuteToNhwcFlattenLinear() throws IOException {
        check("trap-nhwc-flatten");
    }

    @Test
    void groupedConvolutionWithDifferentIndicesPerGroup() throws IOException {
        check("trap-grouped");
        check("trap-grouped-t2");
    }

    @Test
    void chunkAndConcatenationOfC2fPrunedTwice() throws IOException {
        check("trap-c2f");
        check("trap-c2f-t2");
    }

    @Test
    void splitUsedTwice() throws IOException {
        check("trap-split-twice");
    }

    @Test
    void pixelShuffle() throws IOException {
        check("trap-pixel-shuffle");
    }

    @Test
    void squeezeAndExcitationGates() throws IOException {
        check("trap-gates");
    }

    @Test
    void concatenationOfATensorWithItself() throws IOException {
        check("trap-concat-itself");
    }

    @Test
    void aWeightUsedTwice() throws IOException {
        check("trap-weight-twice");
    }

    @Test
    void rollAndWindowPartitionOfSwin() throws IOException {
        check("trap-rolled-windows");
    }

    @Test
    void channelsTakenByStoredIndices() throws IOException {
        check("trap-gathered");
    }

    @Test
    void tablesThatAllHeadsShare() throws IOException {
        check("trap-rotary");
    }

    @Test
    void aLinearLayerThatMakesWholeChannels() throws IOException {
        check("trap-linear-to-map");
    }

    @Test
    void biasesOfHeadsByStoredDistances() throws IOException {
        check("trap-distance-bias");
    }

    @Test
    void attentionOverBranches() throws IOException {
        check("trap-branches");
    }

    @Test
    void productsOfHeadsByEquation() throws IOException {
        check("trap-equations");
    }

    @Test
    void halvesThatAreShuffledAgainAndAgain() throws IOException {
        check("trap-shuffled-halves");
        check("trap-shuffled-native");
    }

    @Test
    void partsThatDifferOnlyByAnActivationAreNotMistakenForEachOther() throws IOException {
        check("trap-shuffled-thirds");
    }

    @Test
    void convolutionsInGroupsWithShufflesBetween() throws IOException {
        check("trap-shuffled-groups");
    }

    @Test
    void whatIsComputedFromStoredTensorsAlone() throws IOException {
        check("trap-gated-tables");
    }

    /** Many random cuts of each group and of all, in both forms; which units a group keeps differs from cut to cut. */
    private void check(String trap) throws IOException {
        CutOracles oracles = new CutOracles(ENGINE.runtime(), folder);
        for (String form : List.of("-traced", "-frozen")) {
            FamilyArchive archive = FamilyArchive.named(trap + form);
            DescribedModel model = archive.describe(ENGINE.runtime());
            assertThat(model.descriptor().groups().size()
                            + model.descriptor().protectedUnits().size())
                    .as("what %s consists of", archive)
                    .isPositive();
            Random random = new Random(11);
            for (ModelDescriptor.Group group : model.descriptor().groups()) {
                if (GroupCuts.canBeCut(group)) {
                    for (int i = 0; i < 4; i++) {
                        Map<String, List<Integer>> remove =
                                Map.of(group.id(), GroupCuts.some(group, random.nextDouble(), random));
                        oracles.isRight(archive, model, remove);
                    }
                }
            }
            oracles.twiceIsTheUnion(archive, model, 12);
            oracles.twiceIsTheUnion(archive, model, 13);
        }
    }
}
