package io.espalier.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.ModelArchive;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LayerGraphTest {
    private static final Path RUNTIME = Path.of("../model-runtime/src/test/resources/io/espalier/runtime");

    @Test
    void branchesJoinWhereTheyAreAdded() {
        List<String> edges =
                edges("residual.pt", Set.of("stem", "bn", "block1.conv1", "block1.bn1", "block1.conv2", "block1.bn2"));
        assertThat(edges)
                .startsWith(
                        "x > stem",
                        "stem > bn",
                        "bn > block1.conv1",
                        "block1.conv1 > block1.bn1",
                        "block1.bn1 > block1.conv2",
                        "block1.conv2 > block1.bn2",
                        "bn > add",
                        "block1.bn2 > add");
        assertThat(edges).last().isEqualTo("add > output_0");
    }

    @Test
    void everyInputAndOutputIsThereAndWhatNoLayerOwnsIsNot() {
        assertThat(edges("typed-tokens.pt", Set.of("words", "kinds", "up", "down", "head")))
                .containsExactly(
                        "ids > words",
                        "kinds > kinds",
                        "words > add",
                        "kinds > add",
                        "add > up",
                        "up > down",
                        "add > add",
                        "down > add",
                        "mask > mul",
                        "add > mul",
                        "mul > head",
                        "head > output_0",
                        "ids > output_1");
    }

    private static List<String> edges(String file, Set<String> layers) {
        LayerGraph graph =
                LayerGraph.of(ModelArchive.open(RUNTIME.resolve(file)).graph(), layers);
        assertThat(graph.edges()).allMatch(edge -> edge.from() < edge.to());
        return graph.edges().stream()
                .map(edge -> graph.nodes().get(edge.from()).name() + " > "
                        + graph.nodes().get(edge.to()).name())
                .collect(Collectors.toList());
    }
}
