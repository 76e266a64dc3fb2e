package io.espalier.cli.compare;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How the curve of a criterion is drawn. The colours are those of Okabe and Ito, "Color universal design" (2008), which
 * people who see fewer colours tell apart too, black, grey, a purple and a brown; marker and stroke together tell the same a
 * second time.
 */
record CurveStyle(Color colour, Marker marker, BasicStroke stroke) {
    private static final float WIDTH = 2;

    private static final List<CurveStyle> STYLES = List.of(
            style(0xD55E00, SeriesMarkers.CIRCLE, SeriesLines.SOLID),
            style(0x0072B2, SeriesMarkers.SQUARE, SeriesLines.SOLID),
            style(0x56B4E9, SeriesMarkers.DIAMOND, SeriesLines.SOLID),
            style(0x009E73, SeriesMarkers.TRIANGLE_UP, SeriesLines.SOLID),
            style(0xE69F00, SeriesMarkers.TRIANGLE_DOWN, SeriesLines.SOLID),
            style(0xCC79A7, SeriesMarkers.CROSS, SeriesLines.DASH_DASH),
            style(0xB8A800, SeriesMarkers.PLUS, SeriesLines.DASH_DASH),
            style(0x000000, SeriesMarkers.TRAPEZOID, SeriesLines.SOLID),
            style(0x808080, SeriesMarkers.OVAL, SeriesLines.DOT_DOT),
            style(0x7F3C8D, SeriesMarkers.RECTANGLE, SeriesLines.SOLID),
            style(0x8C510A, SeriesMarkers.CIRCLE, SeriesLines.DASH_DOT));

    private static CurveStyle style(int colour, Marker marker, BasicStroke line) {
        return new CurveStyle(
                new Color(colour),
                marker,
                new BasicStroke(
                        WIDTH,
                        line.getEndCap(),
                        line.getLineJoin(),
                        line.getMiterLimit(),
                        line.getDashArray(),
                        line.getDashPhase()));
    }

    /** Of the criterion at that place; from the twelfth on they come again. */
    static CurveStyle of(int place) {
        return STYLES.get(place % STYLES.size());
    }

    void applyTo(XYSeries series) {
        series.setLineColor(colour);
        series.setLineStyle(stroke);
        series.setMarkerColor(colour);
        series.setMarker(marker);
    }
}
