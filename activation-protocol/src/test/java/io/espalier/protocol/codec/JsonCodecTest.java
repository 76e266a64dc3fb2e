package io.espalier.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.protocol.record.Regret;
import io.espalier.protocol.record.SamplingDirective;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden files are what the version in their folder's name wrote; they are never changed, only added to. */
final class JsonCodecTest {
    private static final String SHA = "0".repeat(64);

    record Format(String since, String schema, Codec<?> codec, Object value) {
        Format(String schema, Codec<?> codec, Object value) {
            this("0.1.0", schema, codec, value);
        }

        @Override
        public String toString() {
            return since + "/" + schema;
        }

        @SuppressWarnings("unchecked") // The codec stands beside a value of its own type, see formats().
        byte[] encoded() {
            return ((Codec<Object>) codec).encode(value);
        }
    }

    private static final Policy.Evidence THOUSAND = new Policy.Evidence(1000, null, null);

    static List<Format> formats() {
        Policy policy = new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse("hybrid:0.25"),
                Policy.Ranking.GLOBAL,
                new Policy.Limits(0.75, 4, 8),
                new Policy.Evidence(2000, null, null));
        ModelDescriptor.Artifact artifact = new ModelDescriptor.Artifact("file:///models/m.pt", SHA);
        return List.of(
                new Format("policy", Codecs.POLICY, policy),
                new Format(
                        "recommendation",
                        Codecs.RECOMMENDATION,
                        new Recommendation(
                                "0123456789abcdef",
                                "m",
                                "1",
                                policy,
                                Map.of("relu", 2000L),
                                Map.of("conv1", List.of(0, 3)),
                                4,
                                2,
                                40,
                                20,
                                400,
                                200)),
                new Format(
                        "expressiveness",
                        Codecs.EXPRESSIVENESS,
                        new Expressiveness(
                                "m",
                                "1",
                                "relu",
                                0,
                                2,
                                49,
                                new Expressiveness.Window(60_000, 180_000, 2),
                                2000,
                                new double[] {0.1, 0.5},
                                new double[] {0.01, 0.0},
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)),
                new Format(
                        "model-version",
                        Codecs.MODEL_VERSION,
                        new ModelVersion(
                                "m",
                                "1-01234567",
                                "1",
                                "0123456789abcdef",
                                ModelVersion.State.CANDIDATE,
                                artifact,
                                new ModelVersion.Checks(1e-6, 1e-4, 32, 8),
                                20,
                                200,
                                null,
                                null)),
                new Format(
                        "readiness",
                        Codecs.READINESS,
                        new Readiness(
                                "m",
                                "1",
                                false,
                                "too few samples",
                                List.of(new Readiness.Point("relu", 10, 2000, 90_000L, null)))),
                new Format(
                        "model-descriptor",
                        Codecs.MODEL_DESCRIPTOR,
                        new ModelDescriptor(
                                "m",
                                "1",
                                artifact,
                                List.of(new ModelDescriptor.Input("x", "FP32", List.of(1L, 1L, 28L, 28L))),
                                40,
                                400,
                                List.of(new ModelDescriptor.Layer("conv1", "conv2d", 40, 400)),
                                List.of(new ModelDescriptor.Group(
                                        "conv1",
                                        4,
                                        List.of(new ModelDescriptor.Member("conv1.weight", 0)),
                                        List.of("relu"),
                                        Map.of("l2", new float[] {1, 2, 3, 4}),
                                        List.of(),
                                        List.of())),
                                List.of(new ModelDescriptor.CapturePoint("relu", "conv1", 4, 49)),
                                List.of(new CostTerm(
                                        "conv1", 10, List.of(new CostTerm.Extent(0, Map.of("conv1", 1), 1)))),
                                List.of(new CostTerm(
                                        "conv1", 100, List.of(new CostTerm.Extent(0, Map.of("conv1", 1), 1)))),
                                List.of(new ModelDescriptor.ProtectedUnits(
                                        "fc.weight", 10, "linear", "model.py:7", "is the model's output", null)))),
                new Format("0.2.0", "model-descriptor", Codecs.MODEL_DESCRIPTOR, grouped(artifact)),
                new Format("0.3.0", "model-descriptor", Codecs.MODEL_DESCRIPTOR, shuffled(artifact)),
                new Format(
                        "0.4.0",
                        "expressiveness",
                        Codecs.EXPRESSIVENESS,
                        new Expressiveness(
                                "m",
                                "1",
                                "relu",
                                0,
                                2,
                                49,
                                new Expressiveness.Window(60_000, 180_000, 2),
                                2000,
                                new double[] {0.1, 0.5},
                                new double[] {0.01, 0.0},
                                new double[] {-0.25, 1.5},
                                new double[] {2.0, 0.5},
                                new double[] {0.75, 0.0},
                                new double[] {1.25, 0.0},
                                null,
                                null,
                                null)),
                new Format(
                        "0.7.0",
                        "expressiveness",
                        Codecs.EXPRESSIVENESS,
                        new Expressiveness(
                                "m",
                                "1",
                                "relu",
                                0,
                                2,
                                49,
                                new Expressiveness.Window(60_000, 360_000, 5),
                                2000,
                                new double[] {0.1, 0.5},
                                new double[] {0.01, 0.0},
                                new double[] {-0.25, 1.5},
                                new double[] {2.0, 0.5},
                                new double[] {0.75, 0.0},
                                new double[] {1.25, 0.0},
                                new Expressiveness.Interval(new double[] {0.08, 0.49}, new double[] {0.12, 0.5}),
                                new Expressiveness.Errors(new double[] {0.25, 0.125}, new double[] {0.01, 0.0}),
                                null)),
                new Format(
                        "0.8.0",
                        "expressiveness",
                        Codecs.EXPRESSIVENESS,
                        new Expressiveness(
                                "m",
                                "1",
                                "relu",
                                64,
                                2,
                                49,
                                new Expressiveness.Window(60_000, 360_000, 5),
                                2000,
                                new double[] {0.1, 0.125},
                                new double[] {0.01, 0.0},
                                new double[] {-0.25, 1.5},
                                new double[] {2.0, 0.5},
                                new double[] {0.75, 0.0},
                                null,
                                new Expressiveness.Interval(new double[] {0.08, 0.12}, new double[] {0.12, 0.14}),
                                new Expressiveness.Errors(new double[] {0.25, 0.125}, new double[] {0.01, 0.0}),
                                new Expressiveness.Redundancy(
                                        20, List.of(new Expressiveness.Duplicate(64, 65, 0.96875, 0.9375))))),
                new Format(
                        "0.4.0",
                        "policy",
                        Codecs.POLICY,
                        new Policy(
                                new Policy.Target(Policy.Metric.PARAMS, 0.25),
                                Criterion.parse("saliency"),
                                null,
                                null,
                                THOUSAND)),
                new Format("0.5.0", "policy", Codecs.POLICY, recovering()),
                new Format(
                        "0.5.0",
                        "recommendation",
                        Codecs.RECOMMENDATION,
                        new Recommendation(
                                "0123456789abcdef",
                                "m",
                                "1",
                                recovering(),
                                Map.of("relu", 2000L),
                                Map.of("conv1", List.of(0, 3)),
                                4,
                                2,
                                40,
                                20,
                                400,
                                200)),
                new Format("0.5.0", "model-version", Codecs.MODEL_VERSION, recovered(artifact)),
                new Format("0.6.0", "policy", Codecs.POLICY, searching()),
                new Format(
                        "0.6.0",
                        "recommendation",
                        Codecs.RECOMMENDATION,
                        new Recommendation(
                                "0123456789abcdef",
                                "m",
                                "1",
                                searching(),
                                Map.of("relu", 2000L),
                                Map.of("conv1", List.of(0, 3)),
                                4,
                                2,
                                40,
                                20,
                                400,
                                200,
                                Map.of("conv1", List.of(3, 0, 2, 1)),
                                null)),
                new Format("0.6.0", "model-version", Codecs.MODEL_VERSION, searched(artifact)),
                new Format("0.7.0", "policy", Codecs.POLICY, acting()),
                new Format(
                        "0.7.0",
                        "recommendation",
                        Codecs.RECOMMENDATION,
                        new Recommendation(
                                        "0123456789abcdef",
                                        "m",
                                        "1",
                                        acting(),
                                        Map.of("relu", 2000L),
                                        Map.of("conv1", List.of(0, 3)),
                                        4,
                                        2,
                                        40,
                                        20,
                                        400,
                                        200)
                                .withdrawn(
                                        "fedcba9876543210",
                                        new Recommendation.Withdrawal("0123456789abcdef", "the traffic has drifted"))),
                new Format(
                        "0.7.0",
                        "regret",
                        Codecs.REGRET,
                        new Regret(
                                "m",
                                "1-01234567",
                                "1",
                                "0123456789abcdef",
                                Map.of("conv1", new Regret.Units(0.25, 2, List.of(3))))),
                new Format(
                        "0.7.0",
                        "sampling-directive",
                        Codecs.SAMPLING_DIRECTIVE,
                        new SamplingDirective("m", "1", Map.of("relu", 0.25))),
                new Format(
                        "0.7.0",
                        "readiness",
                        Codecs.READINESS,
                        new Readiness(
                                "m",
                                "1",
                                false,
                                "the cut is not decided",
                                List.of(new Readiness.Point(
                                        "relu", 300, 2000, 90_000L, "3 units may be on either side")))));
    }

    private static Policy searching() {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse("l2"),
                Policy.Ranking.SEARCH,
                null,
                THOUSAND);
    }

    private static Policy acting() {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse("expressiveness"),
                null,
                null,
                new Policy.Evidence(256, 0.99, 0.05),
                List.of(),
                60_000L,
                false,
                new Policy.Thresholds(0.2, 0.1));
    }

    private static ModelVersion searched(ModelDescriptor.Artifact artifact) {
        return new ModelVersion(
                "m",
                "1-01234567",
                "1",
                "0123456789abcdef",
                ModelVersion.State.CANDIDATE,
                artifact,
                new ModelVersion.Checks(1e-6, 1e-4, 32, 8),
                20,
                200,
                null,
                List.of(),
                new ModelVersion.SearchResult(Map.of("conv1", List.of(3)), null, 512, 10.5));
    }

    private static Policy recovering() {
        return new Policy(
                new Policy.Target(Policy.Metric.MACS, 0.5),
                Criterion.parse("l2"),
                null,
                null,
                THOUSAND,
                List.of(RecoveryStep.RIDGE, RecoveryStep.DISTIL));
    }

    /** One step that gained, one that was undone, one that was not begun. */
    private static ModelVersion recovered(ModelDescriptor.Artifact artifact) {
        return new ModelVersion(
                "m",
                "1-01234567",
                "1",
                "0123456789abcdef",
                ModelVersion.State.CANDIDATE,
                artifact,
                new ModelVersion.Checks(1e-6, 1e-4, 32, 8),
                20,
                200,
                null,
                List.of(
                        new ModelVersion.RecoveryResult(
                                RecoveryStep.RIDGE, true, null, 0.5, 0.125, 0.25, 0.875, 448, 64, 9.5),
                        new ModelVersion.RecoveryResult(
                                RecoveryStep.NORM, false, "it gained nothing", 0.125, 0.25, null, null, 448, 64, 1),
                        ModelVersion.RecoveryResult.notBegun(RecoveryStep.DISTIL, "too few inputs", 12)));
    }

    /** A grouped convolution: its group has blocks, and its weight holds one block along the second dimension. */
    private static ModelDescriptor grouped(ModelDescriptor.Artifact artifact) {
        List<CostTerm.Extent> extents =
                List.of(new CostTerm.Extent(0, Map.of("conv1", 1), 1), new CostTerm.Extent(0, Map.of("conv1", 1), 2));
        return new ModelDescriptor(
                "m",
                "1",
                artifact,
                List.of(new ModelDescriptor.Input("x", "FP32", List.of(1L, 3L, 8L, 8L))),
                72,
                4608,
                List.of(new ModelDescriptor.Layer("conv2", "_convolution", 72, 4608)),
                List.of(new ModelDescriptor.Group(
                        "conv1",
                        4,
                        List.of(new ModelDescriptor.Member("conv2.weight", 0)),
                        List.of(),
                        Map.of("l2", new float[] {1, 2, 3, 4}),
                        List.of(List.of(0, 1), List.of(2, 3)),
                        List.of())),
                List.of(),
                List.of(new CostTerm("conv2", 9, extents)),
                List.of(new CostTerm("conv2", 576, extents)),
                List.of());
    }

    /** A trunk of shuffled halves: of its blocks, certain numbers may be kept together. */
    private static ModelDescriptor shuffled(ModelDescriptor.Artifact artifact) {
        List<CostTerm> terms =
                List.of(new CostTerm("conv1", 10, List.of(new CostTerm.Extent(0, Map.of("conv1", 1), 1))));
        return new ModelDescriptor(
                "m",
                "1",
                artifact,
                List.of(new ModelDescriptor.Input("x", "FP32", List.of(1L, 3L, 8L, 8L))),
                40,
                40,
                List.of(new ModelDescriptor.Layer("conv1", "conv2d", 40, 40)),
                List.of(new ModelDescriptor.Group(
                        "conv1",
                        4,
                        List.of(new ModelDescriptor.Member("conv1.weight", 0)),
                        List.of(),
                        Map.of("l2", new float[] {1, 2, 3, 4}),
                        List.of(List.of(0, 1, 2), List.of(3)),
                        List.of(List.of(3, 1), List.of(1, 1), List.of(1, 0)))),
                List.of(),
                terms,
                terms,
                List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[[2,1],[1,1]]; group conv1 has blocks of [3, 1] units, which its first width must be, not [2, 1]",
                "[[3,1],[4,0]]; group conv1 has the width [4, 0] behind [3, 1]: "
                        + "each must keep fewer units, and no more of any block",
                "[[3,1],[2]]; group conv1 has the width [2] behind [3, 1]: "
                        + "each must keep fewer units, and no more of any block",
                "[[3,1],[0,0]]; group conv1 has the width [0, 0] behind [3, 1]: "
                        + "each must keep fewer units, and no more of any block",
                "[[3,1],[3,-1]]; group conv1 has the width [3, -1] behind [3, 1]: "
                        + "each must keep fewer units, and no more of any block"
            })
    void refusesWidthsThatDoNotShrink(String widths, String why) throws Exception {
        String descriptor = Files.readString(Path.of("src/test/resources/golden/0.3.0/model-descriptor.json"));
        byte[] altered = descriptor.replace("[[3,1],[1,1],[1,0]]", widths).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Codecs.MODEL_DESCRIPTOR.decode(altered))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageEndingWith(why);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesWhatItsSchemaSays(Format format) throws Exception {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../docs/schemas", format.schema() + ".schema.json")));
        List<Error> errors = schema.validate(new String(format.encoded(), StandardCharsets.UTF_8), InputFormat.JSON);
        assertThat(errors).isEmpty();
        assertThat(schema.validate("{\"schema\": 1}", InputFormat.JSON)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void readsAndWritesItsGoldenFile(Format format) throws Exception {
        Path golden = Path.of("src/test/resources/golden", format + ".json");
        byte[] bytes = Files.readAllBytes(golden);
        ObjectMapper mapper = new ObjectMapper();
        assertHoldsAllOf(mapper.readTree(bytes), mapper.readTree(format.encoded()));
        assertThat(format.codec().decode(bytes)).usingRecursiveComparison().isEqualTo(format.value());
    }

    /** A later version may add fields; a reader of an earlier one finds what it knew, as it was. */
    private static void assertHoldsAllOf(JsonNode known, JsonNode written) {
        if (known.isObject()) {
            known.fieldNames().forEachRemaining(field -> assertHoldsAllOf(known.get(field), written.path(field)));
        } else {
            assertThat(written).isEqualTo(known);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[[0,1],[2]]; group conv1 has a block of 2 units and one of 1: its blocks must be equally large",
                "[[0,1],[2,2]]; group conv1 has unit 2 in two blocks",
                "[[0,1],[1,3]]; group conv1 has unit 1 in two blocks",
                "[[0,1],[2,4]]; group conv1 has unit 4 in a block, and only 4 units",
                "[[0,-1],[2,3]]; group conv1 has unit -1 in a block, and only 4 units",
                "[[0],[1],[2]]; group conv1 has unit 3 in no block: its blocks must hold all 4 units"
            })
    void refusesBlocksThatAreNoPartition(String blocks, String why) throws Exception {
        String descriptor = Files.readString(Path.of("src/test/resources/golden/0.2.0/model-descriptor.json"));
        byte[] altered = descriptor.replace("[[0,1],[2,3]]", blocks).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Codecs.MODEL_DESCRIPTOR.decode(altered))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageEndingWith(why);
    }

    @Test
    void refusesADivisorBelowOne() throws Exception {
        String descriptor = Files.readString(Path.of("src/test/resources/golden/0.2.0/model-descriptor.json"));
        byte[] altered = descriptor.replace("\"divisor\":2", "\"divisor\":0").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Codecs.MODEL_DESCRIPTOR.decode(altered))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageEndingWith("field 'extents.divisor' must be 1 or more, not 0");
    }

    @Test
    void countsACostThatAGroupedConvolutionHas() throws Exception {
        byte[] golden = Files.readAllBytes(Path.of("src/test/resources/golden/0.2.0/model-descriptor.json"));
        List<CostTerm> terms = Codecs.MODEL_DESCRIPTOR.decode(golden).macTerms();
        assertThat(CostTerm.total(terms, Map.of("conv1", 4))).isEqualTo(576 * 4 * 2);
        assertThat(CostTerm.total(terms, Map.of("conv1", 2))).isEqualTo(576 * 2);
        assertThatThrownBy(() -> CostTerm.total(terms, Map.of("conv1", 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 indices of groups [conv1] are no multiple of 2: keep equally many units of every block");
    }

    @Test
    void fillsInWhatAPolicyLeavesOut() {
        Policy policy = decode("{\"target\":{\"metric\":\"params\",\"keep\":0.4},\"criterion\":\"l2\"}");
        assertThat(policy.limits()).isEqualTo(Policy.Limits.DEFAULT);
        assertThat(policy.ranking()).isEqualTo(Policy.Ranking.UNIFORM);
        assertThat(policy.criterion()).hasToString("l2");
    }

    @Test
    void takesRecoveryStepsInTheirOwnOrderAndOnce() {
        Policy policy = decode("{\"target\":{\"metric\":\"macs\",\"keep\":0.4},\"criterion\":\"l2\","
                + "\"recovery\":[\"distil\",\"ridge\",\"distil\"]}");
        assertThat(policy.recovery()).containsExactly(RecoveryStep.RIDGE, RecoveryStep.DISTIL);
    }

    @Test
    void ignoresFieldsItDoesNotKnow() {
        assertThat(decode("{\"target\":{\"metric\":\"macs\",\"keep\":1,\"new\":{}},\"criterion\":\"l1\",\"x\":[1]}"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{} {}",
                "{\"schema\":2,\"target\":{\"metric\":\"macs\",\"keep\":1},\"criterion\":\"l1\"}",
                "{\"criterion\":\"l1\"}",
                "{\"target\":{\"metric\":\"watts\",\"keep\":1},\"criterion\":\"l1\"}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0},\"criterion\":\"l1\"}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":1.5},\"criterion\":\"l1\"}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0.5},\"criterion\":\"magic\"}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0.5},\"criterion\":\"hybrid:2\"}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0.5},\"criterion\":\"l1:2\"}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0.5},\"criterion\":\"l1\",\"recovery\":[\"magic\"]}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0.5},\"criterion\":\"l1\",\"recovery\":[null]}",
                "{\"target\":{\"metric\":\"macs\",\"keep\":0.5},\"criterion\":\"l1\",\"recovery\":\"ridge\"}"
            })
    void refusesInOneLineWhatIsNoPolicy(String json) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(RefusedRecordException.class)
                .satisfies(
                        refusal -> assertThat(refusal.getMessage()).isNotBlank().doesNotContain("\n"));
    }

    private static Policy decode(String json) {
        return Codecs.POLICY.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
