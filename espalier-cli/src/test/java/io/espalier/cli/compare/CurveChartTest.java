package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

final class CurveChartTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-9);

    @TempDir
    Path folder;

    @Test
    void curvesAreInPercentAndEndAtTheOriginal() {
        XYChart chart = new CurveChart(Runs.comparison()).of(Recipe.parse("none"));
        assertThat(chart.getSeriesCollection())
                .extracting(XYSeries::getName)
                .containsExactly("l2", "random", "original");
        XYSeries random = chart.getSeries("random");
        // Two curves, a fifth of a point apart.
        assertThat(random.getXData()).containsExactly(new double[] {49.1, 79.1, 100}, CLOSE);
        assertThat(random.getYData()).containsExactly(new double[] {22, 52, 93}, CLOSE);
        assertThat(random.getExtraValues()).containsExactly(new double[] {1, 1, 0}, CLOSE);
        assertThat(chart.getXAxisTitle()).isEqualTo("share of MACs kept, %");
        assertThat(chart.getYAxisTitle())
                .isEqualTo("accuracy on 10,000 test inputs, %: mean and standard deviation of 3 seeds");
    }

    @Test
    void oneSeedHasNoSpread() {
        List<Run> runs = List.of(Runs.run("l1", 0.5, "none", 1, 0.5));
        RunGrid grid = new RunGrid(ComparedCriterion.parseAll("l1"), List.of(0.5), List.of(Recipe.parse("none")), 1);
        Comparison comparison = Comparison.of(Runs.SETUP, Runs.ORIGINAL, grid, Runs.byKey(runs), List.of());
        XYChart chart = new CurveChart(comparison).of(Recipe.parse("none"));
        assertThat(chart.getSeries("l1").getExtraValues()).isNull();
        assertThat(chart.getYAxisTitle()).isEqualTo("accuracy on 10,000 test inputs, %");
    }

    @Test
    void aFigureThatIsNoNumberLeavesAGap() throws IOException {
        Run broken = new Run(
                ComparedCriterion.parse("l1"),
                0.5,
                Recipe.parse("none"),
                1,
                0.5,
                0.5,
                3,
                null,
                null,
                Double.POSITIVE_INFINITY,
                List.of());
        RunGrid grid = new RunGrid(ComparedCriterion.parseAll("l1"), List.of(0.5), List.of(Recipe.parse("none")), 1);
        Comparison comparison = Comparison.of(Runs.SETUP, Runs.ORIGINAL, grid, Runs.byKey(List.of(broken)), List.of());
        assertThat(new CurveChart(comparison).write(folder)).hasSize(1);
    }

    @Test
    void everyRecipeHasAPictureWithEveryCriterionInItsColour() throws IOException {
        List<Path> written = new CurveChart(Runs.comparison()).write(folder);
        assertThat(written).containsExactly(folder.resolve("curves-none.png"), folder.resolve("curves-ridge-norm.png"));
        for (Path file : written) {
            BufferedImage picture = ImageIO.read(file.toFile());
            Set<Integer> colours = new HashSet<>();
            for (int x = 0; x < picture.getWidth(); x++) {
                for (int y = 0; y < picture.getHeight(); y++) {
                    colours.add(picture.getRGB(x, y));
                }
            }
            assertThat(colours)
                    .contains(
                            CurveStyle.of(0).colour().getRGB(),
                            CurveStyle.of(1).colour().getRGB());
        }
    }

    @Test
    void criteriaDifferInColourAndInMarkerAndStroke() {
        List<CurveStyle> styles = new ArrayList<>();
        IntStream.range(0, ComparedCriterion.parseAll("all").size()).forEach(place -> styles.add(CurveStyle.of(place)));
        assertThat(styles).extracting(CurveStyle::colour).doesNotHaveDuplicates();
        assertThat(styles).extracting(CurveStyle::marker, CurveStyle::stroke).doesNotHaveDuplicates();
    }
}
