package io.espalier.benchmarks;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A Markdown table, printed row by row as it is measured. */
public final class Table {
    private final int columns;

    /** Prints the head. */
    public Table(String... titles) {
        columns = titles.length;
        print(List.of(titles));
        print(Collections.nCopies(columns, "---"));
    }

    /** Prints a row; of as many cells as the table has columns. */
    public void row(Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + columns + " columns");
        }
        print(Arrays.stream(cells).map(String::valueOf).toList());
    }

    private static void print(List<String> cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
        System.out.flush();
    }
}
