package io.espalier.cli.compare;

import io.espalier.protocol.record.Policy;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the curves of all criteria, a picture for each recipe. */
public final class CurveChart {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 700;
    private static final double PERCENT = 100;

    /** Percentage points from one criterion's curve to the next. */
    private static final double ASIDE = 0.2;

    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
    private static final int MARKER = 9;
    private static final int LEGEND_LINE = 36;
    private static final Color GRID = new Color(0xDDDDDD);

    private final Comparison comparison;

    public CurveChart(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * Writes {@code curves-RECIPE.png}, one for each recipe.
     *
     * @throws IllegalStateException when this Java cannot draw letters
     */
    public List<Path> write(Path folder) throws IOException {
        List<Path> written = new ArrayList<>();
        for (Recipe recipe : comparison.recipes()) {
            Path file = folder.resolve("curves-" + recipe.toString().replace(',', '-') + ".png");
            Files.write(file, drawn(of(recipe)));
            written.add(file);
        }
        return written;
    }

    private static byte[] drawn(XYChart chart) throws IOException {
        try {
            return ChartEncoder.getBytes(chart, "png");
        } catch (LinkageError | InternalError e) {
            throw new IllegalStateException(
                    "the curves cannot be drawn, this Java finds no fonts: install some (Debian: apt-get install "
                            + "fontconfig fonts-dejavu-core) and start again, what is computed is kept",
                    e);
        }
    }

    /** The picture of one recipe. */
    XYChart of(Recipe recipe) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(comparison.setup().model() + ", recovery: " + recipe)
                .xAxisTitle("share of " + unit() + " kept, %")
                .yAxisTitle(figure())
                .build();
        style(chart.getStyler());
        List<ComparedCriterion> criteria =
                comparison.curves().stream().map(Curve::criterion).distinct().toList();
        for (Curve curve : comparison.curves()) {
            if (curve.recipe().equals(recipe)) {
                int place = criteria.indexOf(curve.criterion());
                double aside = seeds() == 1 ? 0 : ASIDE * (place - (criteria.size() - 1) / 2.0);
                CurveStyle.of(place).applyTo(add(chart, curve, aside));
            }
        }
        addOriginal(chart, recipe);
        return chart;
    }

    /**
     * From the smallest cut model to the whole one, which all curves share.
     *
     * @param aside by how much cut models are moved, so that what is spread around the same share can be told apart
     */
    private XYSeries add(XYChart chart, Curve curve, double aside) {
        List<Curve.Point> points = new ArrayList<>(curve.points());
        points.add(new Curve.Point(1, comparison.measureOfOriginal(), 0));
        double[] kept = points.stream()
                .mapToDouble(point -> PERCENT * point.kept() + aside)
                .toArray();
        kept[kept.length - 1] = PERCENT;
        double[] means =
                points.stream().mapToDouble(point -> shown(point.mean())).toArray();
        double[] deviations =
                points.stream().mapToDouble(point -> shown(point.deviation())).toArray();
        String name = curve.criterion().toString();
        return seeds() == 1 ? chart.addSeries(name, kept, means) : chart.addSeries(name, kept, means, deviations);
    }

    private void addOriginal(XYChart chart, Recipe recipe) {
        double least = comparison.curves().stream()
                .filter(curve -> curve.recipe().equals(recipe))
                .mapToDouble(curve -> PERCENT * curve.points().get(0).kept())
                .min()
                .orElse(0);
        double value = shown(comparison.measureOfOriginal());
        XYSeries original = chart.addSeries("original", new double[] {least, PERCENT}, new double[] {value, value});
        original.setMarker(SeriesMarkers.NONE);
        original.setLineColor(Color.DARK_GRAY);
        original.setLineStyle(SeriesLines.DASH_DOT);
    }

    /** What is no number leaves a gap; an infinite one would leave no room for the others. */
    private double shown(double value) {
        return !Double.isFinite(value) ? Double.NaN : comparison.measure().isShare() ? PERCENT * value : value;
    }

    private static void style(XYStyler styler) {
        styler.setBaseFont(TEXT);
        styler.setChartTitleFont(TITLE);
        styler.setAxisTitleFont(TEXT);
        styler.setAxisTickLabelsFont(TEXT);
        styler.setLegendFont(TEXT);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleBoxVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendSeriesLineLength(LEGEND_LINE);
        styler.setMarkerSize(MARKER);
        styler.setErrorBarsColorSeriesColor(true);
        styler.setXAxisDecimalPattern("0.#");
        styler.setLocale(Locale.ROOT);
    }

    private String figure() {
        return String.format(
                Locale.ROOT,
                "%s on %,d test inputs%s%s",
                comparison.measure(),
                comparison.original().testInputs(),
                comparison.measure().isShare() ? ", %" : "",
                seeds() == 1 ? "" : ": mean and standard deviation of " + seeds() + " seeds");
    }

    private int seeds() {
        return comparison.medians().stream().mapToInt(Median::seeds).max().orElse(1);
    }

    private String unit() {
        return comparison.setup().metric() == Policy.Metric.MACS ? "MACs" : "parameters";
    }
}
