package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ComparisonTableTest {
    @Test
    void aRowIsACutAndAColumnARecipe() {
        StringWriter out = new StringWriter();
        new ComparisonTable(Runs.comparison()).print(new PrintWriter(out, true));
        assertThat(out.toString().lines())
                .containsExactly(
                        "criterion  target   MACs kept  none     ridge,norm",
                        "l2          80.0 %   79.0 %     82.0 %   92.0 %",
                        "l2          50.0 %   49.0 %     52.0 %   62.0 %",
                        "random      80.0 %   79.0 %     52.0 %   82.0 %",
                        "random      50.0 %   49.0 %     22.0 %   52.0 %",
                        "",
                        "Median of 3 seeds: accuracy on 10,000 test inputs; the original has 93.0 %.",
                        "recovery ridge,norm took 12.0 s (ridge) and 12.0 s (norm)",
                        "left out at 80.0 %, 50.0 %, bn_scale: no group has a batch norm");
    }
}
