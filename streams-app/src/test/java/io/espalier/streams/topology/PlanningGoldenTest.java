package io.espalier.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.drift.Cut;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.testing.GoldenFolder;
import io.espalier.streams.topology.PlanningInput.Kind;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of the plans changelog and of the repartition topic; the other changelogs hold the protocol's records. */
final class PlanningGoldenTest {
    private static final String CUT = "cut.json";
    private static final String PLAN_STATE = "plan-state.json";
    private static final String PLANNING_INPUTS = "planning-inputs.hex";
    private static final List<PlanningInput> INPUTS = List.of(
            new PlanningInput(Kind.MODEL, "m@1", new byte[] {'{', '}'}),
            new PlanningInput(Kind.POLICY, "m", new byte[] {1}),
            new PlanningInput(Kind.SCORES, "m@1/layer1.0.relu/0", new byte[] {2, -1}),
            new PlanningInput(Kind.VERSION, "m@1-0a", new byte[] {3}),
            new PlanningInput(Kind.MODEL, "m@1", null));

    private final Serde<PlanState> states = JsonState.serde(PlanState.class);
    private final Serde<Cut> cuts = JsonState.serde(Cut.class);
    private final Serde<PlanningInput> inputs = PlanningInput.serde();

    @ParameterizedTest
    @MethodSource("planStates")
    void thePlanStateOfAnyVersionIsReadAndKept(GoldenFolder version) {
        PlanState read =
                states.deserializer().deserialize("t", version.read(PLAN_STATE).getBytes(UTF_8));
        // What every version knew: that it was recommended, for what and when, so that it is not recommended again.
        assertThat(read.basis()).isEqualTo("ba515");
        assertThat(read.recommendation()).isEqualTo(recommendation());
        assertThat(read.publishedAtMs()).isEqualTo(1_700_000_000_123L);
        assertThat(read.readiness().reason()).isEqualTo("all is there");
        assertThat(states.deserializer().deserialize("t", states.serializer().serialize("t", read)))
                .isEqualTo(read);
    }

    @Test
    void thePlanStateThatIsWrittenIsWhatTheNewestFileSays() {
        GoldenFolder.assertIsWritten(PLAN_STATE, new String(states.serializer().serialize("t", state()), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void theCutOfAnyVersionIsRead(GoldenFolder version) {
        assertThat(cuts.deserializer().deserialize("t", version.read(CUT).getBytes(UTF_8)))
                .isEqualTo(cut());
    }

    @Test
    void theCutThatIsWrittenIsWhatTheNewestFileSays() {
        GoldenFolder.assertIsWritten(CUT, new String(cuts.serializer().serialize("t", cut()), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("planningInputs")
    void thePlanningInputsOfAnyVersionAreRead(GoldenFolder version) {
        List<String> lines = version.read(PLANNING_INPUTS).lines().toList();
        assertThat(lines).hasSameSizeAs(INPUTS);
        for (int line = 0; line < lines.size(); line++) {
            PlanningInput read =
                    inputs.deserializer().deserialize("t", HexFormat.of().parseHex(lines.get(line)));
            assertThat(read.kind()).isEqualTo(INPUTS.get(line).kind());
            assertThat(read.key()).isEqualTo(INPUTS.get(line).key());
            assertThat(read.value()).isEqualTo(INPUTS.get(line).value());
        }
    }

    @Test
    void thePlanningInputsThatAreWrittenAreWhatTheNewestFileSays() {
        GoldenFolder.assertIsWritten(
                PLANNING_INPUTS,
                INPUTS.stream()
                        .map(input ->
                                HexFormat.of().formatHex(inputs.serializer().serialize("t", input)))
                        .collect(Collectors.joining("\n")));
    }

    static List<GoldenFolder> planStates() {
        return GoldenFolder.with(PLAN_STATE);
    }

    static List<GoldenFolder> planningInputs() {
        return GoldenFolder.with(PLANNING_INPUTS);
    }

    static List<GoldenFolder> cuts() {
        return GoldenFolder.with(CUT);
    }

    private static Cut cut() {
        return new Cut(
                "0123456789abcdef",
                Criterion.parse("expressiveness"),
                false,
                Map.of("conv1", List.of(0, 3)),
                Map.of("conv1", 0.175),
                1_700_000_000_123L);
    }

    private static PlanState state() {
        Readiness readiness = new Readiness(
                "m", "1", true, "all is there", List.of(new Readiness.Point("relu", 2000, 1000, 0L, null)));
        return new PlanState("ba515", recommendation(), 1_700_000_000_123L, readiness, 1_700_000_000_000L, true);
    }

    private static Recommendation recommendation() {
        return new Recommendation(
                "0123456789abcdef",
                "m",
                "1",
                new Policy(
                        new Policy.Target(Policy.Metric.MACS, 0.5),
                        Criterion.parse("l2"),
                        null,
                        null,
                        new Policy.Evidence(1000, null, null)),
                Map.of("relu", 2000L),
                Map.of("conv1", List.of(0, 3)),
                4,
                2,
                40,
                20,
                400,
                200);
    }
}
