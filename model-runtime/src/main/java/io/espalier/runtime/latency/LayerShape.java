package io.espalier.runtime.latency;

import java.util.List;

/**
 * A layer's operator but for its widths: layers of one shape and the same widths take the same time. Widths are counted
 * along the weight: rows are its outputs, columns the inputs that each output reads.
 *
 * @param input sizes of the input without its channels or features: batch and positions of a convolution, rows of a linear
 * @param kernel one size per spatial dimension, as stride, padding and dilation; empty for a linear
 * @param groups of a convolution, 1 for a linear; 0 for a depthwise one, whose groups are as many as its input's channels
 * @param rowsPerGroup of a depthwise convolution, else 0
 */
public record LayerShape(
        List<Long> input,
        List<Long> kernel,
        List<Long> stride,
        List<Long> padding,
        List<Long> dilation,
        long groups,
        long rowsPerGroup,
        boolean bias) {
    public LayerShape {
        input = List.copyOf(input);
        kernel = List.copyOf(kernel);
        stride = List.copyOf(stride);
        padding = List.copyOf(padding);
        dilation = List.copyOf(dilation);
    }

    static LayerShape linear(long rows, boolean bias) {
        return new LayerShape(List.of(rows), List.of(), List.of(), List.of(), List.of(), 1, 0, bias);
    }

    public boolean isLinear() {
        return kernel.isEmpty();
    }

    /** Groups of the operator when its weight has so many rows. */
    public long groups(long rows) {
        return rowsPerGroup == 0 ? groups : rows / rowsPerGroup;
    }

    /** Rows come and go by so many at once. */
    public long rowStep() {
        return Math.max(groups, Math.max(rowsPerGroup, 1));
    }

    /** Names the operator at these widths, for a table on disk. */
    String key(long rows, long columns) {
        String widths = rows + "x" + columns;
        return isLinear()
                ? "linear " + widths + " on " + input + (bias ? " bias" : "")
                : "convolution " + widths + " kernel " + kernel + " on " + input + " stride " + stride + " padding "
                        + padding + " dilation " + dilation + " groups " + groups(rows) + (bias ? " bias" : "");
    }
}
