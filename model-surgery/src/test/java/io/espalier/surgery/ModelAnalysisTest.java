package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelAnalysisTest {
    @Test
    void couplesResidualAdditionsNormsAndTheProjectionShortcut() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("residual");
        assertThat(analysis.groups())
                .extracting(CouplingGroup::id)
                .containsExactly(
                        "conv1", "layer1.0.conv1", "layer1.1.conv1", "layer2.0.conv1", "layer2.0.conv2", "fc1");
        assertThat(members(analysis, "layer2.0.conv2"))
                .contains("layer2.0.conv2.weight@0", "layer2.0.shortcut.0.weight@0", "layer2.0.bn2.running_var@0")
                .contains("fc1.weight@1")
                .doesNotContain("fc1.weight@0", "layer2.0.conv1.weight@0");
        assertThat(members(analysis, "conv1"))
                .contains("layer1.0.conv2.weight@0", "layer1.1.conv2.weight@0", "layer2.0.shortcut.0.weight@1");
    }

    @Test
    void namesCapturePointsByModulePathAndCall() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("residual");
        assertThat(analysis.capturePoints())
                .contains(
                        new CapturePoint("relu", "conv1", 8, 64),
                        new CapturePoint("layer1.0.relu", "layer1.0.conv1", 8, 64),
                        new CapturePoint("layer1.0.relu:1", "conv1", 8, 64),
                        new CapturePoint("layer2.0.relu:1", "layer2.0.conv2", 12, 36),
                        new CapturePoint("relu2", "fc1", 16, 1));
        assertThat(Fixtures.group(analysis, "conv1").capturePoints())
                .containsExactly("relu", "layer1.0.relu:1", "layer1.1.relu:1");
    }

    @Test
    void namesGroupsOfAFrozenArchiveByItsConstants() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("residual-frozen");
        assertThat(analysis.groups())
                .extracting(CouplingGroup::id)
                .containsExactly("c0", "c2", "c6", "c10", "c12", "c16");
        assertThat(members(analysis, "c12")).contains("c12@0", "c14@0", "c16@1");
    }

    @Test
    void protectsTheModelsOutput() throws IOException {
        assertThat(Fixtures.analyse("residual").protectedUnits())
                .singleElement()
                .satisfies(units -> {
                    assertThat(units.tensor()).isEqualTo("fc2.weight");
                    assertThat(units.units()).isEqualTo(10);
                    assertThat(units.reason()).isEqualTo("is the model's output");
                });
    }

    @Test
    void protectsOnlyWhatFlowsIntoAnOperatorThatMixesUnits() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("unknown");
        assertThat(analysis.groups()).extracting(CouplingGroup::id).containsExactly("a", "c", "d", "grouped");
        assertThat(analysis.protectedUnits()).anySatisfy(units -> {
            assertThat(units.tensor()).isEqualTo("b.weight");
            assertThat(units.op()).isEqualTo("cumsum");
            assertThat(units.where()).matches("code/__torch__\\.py:[0-9]+");
            assertThat(units.reason()).isEqualTo("mixes units");
        });
    }

    @Test
    void keepsBothSidesOfAGroupedConvolutionInEvenBlocks() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("unknown");
        for (String id : List.of("d", "grouped")) {
            assertThat(Fixtures.group(analysis, id).blocks())
                    .containsExactly(new int[] {0, 1, 2, 3}, new int[] {4, 5, 6, 7});
        }
    }

    @Test
    void takesADepthwiseConvolutionAlongWithItsMultiplier() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("depthwise");
        assertThat(members(analysis, "expand.0")).contains("depth.0.weight@0", "widen.weight@0", "project.0.weight@1");
        assertThat(analysis.protectedUnits())
                .singleElement()
                .satisfies(units -> assertThat(units.op()).isEqualTo("softmax"));
    }

    @Test
    void unitsThatAViewSpreadsOverTwoDimensionsGoBySlicesOfOne() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("view");
        assertThat(analysis.groups()).extracting(CouplingGroup::id).containsExactly("a", "b", "c", "d");
        assertThat(Fixtures.group(analysis, "c").units()).isEqualTo(2);
    }

    @Test
    void joinsTheTwoSidesOfAWeightThatIsUsedTwice() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("joined");
        assertThat(members(analysis, "mix"))
                .contains("twice.weight@0", "twice.weight@1", "gate.weight@0", "gate.weight@1", "scale@0");
        assertThat(members(analysis, "a")).containsExactly("a.weight@0", "a.bias@0", "mix.weight@1");
    }

    @Test
    void countsATensorConcatenatedWithItselfTwice() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("joined");
        CostTerm mix = analysis.macTerms().stream()
                .filter(term -> term.layer().equals("mix"))
                .findFirst()
                .orElseThrow();
        assertThat(mix.extents()).contains(new Extent(0, Map.of("a", 2, "b", 1), 1));
    }

    @Test
    void countsWhatThePublishedFormulasCount() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("tokens");
        // Up 6x20+20, down 20x6+6, head 6x3+3 and LayerNorm 6+6; five tokens each.
        assertThat(analysis.params()).isEqualTo(140 + 126 + 21 + 12);
        assertThat(analysis.macs()).isEqualTo(5 * (120 + 120 + 18));
        assertThat(analysis.layers()).contains(new Layer("up", "linear", 140, 600));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "residual",
                "residual-frozen",
                "depthwise",
                "unknown",
                "view",
                "joined",
                "joined-frozen",
                "tokens"
            })
    void termsAddUpToTheTotals(String name) throws IOException {
        ModelAnalysis analysis = Fixtures.analyse(name);
        Map<String, Integer> all = analysis.kept(new PruningPlan(Map.of()));
        assertThat(analysis.params(all)).isEqualTo(analysis.params());
        assertThat(analysis.macs(all)).isEqualTo(analysis.macs());
        assertThat(analysis.groups()).allSatisfy(group -> {
            assertThat(group.id()).matches("[A-Za-z0-9_.:-]+");
            assertThat(group.importance()).containsKeys("l1", "l2");
            assertThat(group.importance().values())
                    .allSatisfy(values -> assertThat(values).hasSize(group.units()));
        });
    }

    @Test
    void importanceSumsOverTheFiltersThatProduceAUnit() throws IOException {
        CouplingGroup group = Fixtures.group(Fixtures.analyse("residual"), "layer2.0.conv2");
        double[] l1 = group.importance().get("l1");
        double[] l2 = group.importance().get("l2");
        for (int unit = 0; unit < group.units(); unit++) {
            // Two filters produce it: 12 x 3 x 3 weights and 8 x 1 x 1, so l1 is at most sqrt(116) times l2.
            assertThat(l1[unit]).isBetween(l2[unit], Math.sqrt(116) * l2[unit]);
        }
        assertThat(Arrays.stream(l2).distinct().count()).isEqualTo(group.units());
    }

    @Test
    void frozenAndTracedArchivesOfOneModelAgree() throws IOException {
        ModelAnalysis traced = Fixtures.analyse("joined");
        ModelAnalysis frozen = Fixtures.analyse("joined-frozen");
        assertThat(frozen.macs()).isEqualTo(traced.macs());
        assertThat(frozen.groups()).hasSameSizeAs(traced.groups());
        for (int g = 0; g < traced.groups().size(); g++) {
            Map<String, double[]> expected = traced.groups().get(g).importance();
            Map<String, double[]> found = frozen.groups().get(g).importance();
            assertThat(found).containsOnlyKeys(expected.keySet());
            expected.forEach((name, values) -> assertThat(found.get(name)).containsExactly(values, within(1e-12)));
        }
    }

    @Test
    void refusesAPlanThatTheModelCannotCarryOut() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("residual");
        assertThatThrownBy(() -> analysis.kept(new PruningPlan(Map.of("conv9", new int[] {0}))))
                .isInstanceOf(IllegalPlanException.class)
                .hasMessageStartingWith("the model has no group conv9; it has conv1, layer1.0.conv1,");
        assertThatThrownBy(() -> analysis.kept(new PruningPlan(Map.of("fc2", new int[] {0}))))
                .hasMessageStartingWith("group fc2 is protected: is the model's output (return at code/");
        assertThatThrownBy(() -> analysis.kept(new PruningPlan(Map.of("conv1", new int[] {8}))))
                .hasMessage("group conv1: unit 8 is out of range, there are 8 units");
        assertThatThrownBy(() -> analysis.kept(new PruningPlan(Map.of("conv1", new int[] {0, 1, 2, 3, 4, 5, 6, 7}))))
                .hasMessage("group conv1: the plan removes all 8 units, keep at least one");
    }

    @Test
    void keepsAWeightWholeWhoseTransposeIsTheInputOfAProduct() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("transposed");
        assertThat(analysis.groups()).extracting(CouplingGroup::id).containsExactly("a");
        assertThat(members(analysis, "a")).containsExactlyInAnyOrder("a@0", "b@1");
        assertThat(analysis.protectedUnits())
                .extracting(ProtectedUnits::tensor, ProtectedUnits::reason)
                .contains(tuple("b", "is used in two ways: c"), tuple("c", "is used in two ways: c"));
    }

    @Test
    void countsTheMacsOfATransposedWeightByWhatIsKept() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("transposed");
        long fixed = 10 * 7 + 10 * 7 * 7 + 7 * 10;
        assertThat(analysis.macs()).isEqualTo(6 * 8 + 8 * 10 + fixed);
        assertThat(analysis.macs(Map.of("a", 3))).isEqualTo(6 * 3 + 3 * 10 + fixed);
        assertThat(analysis.layers())
                .filteredOn(layer -> layer.name().equals("a"))
                .containsExactly(new Layer("a", "matmul", 6 * 8, 6 * 8));
    }

    @Test
    void protectsUnitsWhoseDimensionASqueezeWouldDropOnceOneIsLeft() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("squeezed");
        assertThat(analysis.groups()).extracting(CouplingGroup::id).containsExactly("b");
        assertThat(analysis.protectedUnits())
                .filteredOn(units -> units.tensor().equals("a.weight"))
                .singleElement()
                .satisfies(units ->
                        assertThat(units.reason()).isEqualTo("would drop the dimension of the units when one is left"));
    }

    @Test
    void protectsUnitsThatAreWrittenIntoAGivenTensor() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("written-into");
        assertThat(analysis.groups()).extracting(CouplingGroup::id).containsExactly("c");
        assertThat(analysis.protectedUnits())
                .filteredOn(units -> units.op().equals("cat"))
                .extracting(ProtectedUnits::tensor)
                .containsExactly("a.weight", "b.weight");
    }

    @Test
    void followsTheUnitsOfASecondOperandOrProtectsThem() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("second-operands");
        assertThat(members(analysis, "a")).contains("a.weight@0", "b.weight@0", "b.weight@1", "d.weight@1");
        assertThat(analysis.protectedUnits())
                .filteredOn(units -> units.op().equals("max"))
                .extracting(ProtectedUnits::tensor)
                .containsExactly("c.weight");
    }

    @Test
    void partsOfALayerThatMustKeepSomethingAreGroupsOfTheirOwn() throws IOException {
        ModelAnalysis analysis = Fixtures.analyse("second-operands");
        for (String id : List.of("f", "f:1")) {
            assertThat(Fixtures.group(analysis, id).units()).isEqualTo(2);
        }
    }

    private static List<String> members(ModelAnalysis analysis, String id) {
        return Fixtures.group(analysis, id).members().stream()
                .map(member -> member.tensor() + "@" + member.dim())
                .toList();
    }
}
