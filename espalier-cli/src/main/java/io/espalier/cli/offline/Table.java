package io.espalier.cli.offline;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Aligned columns of text; numbers stand to the right. */
public final class Table {
    private final List<Object[]> rows = new ArrayList<>();
    private final String[] header;

    public Table(String... header) {
        this.header = header;
    }

    public void row(Object... cells) {
        rows.add(cells);
    }

    public void print(PrintWriter out) {
        int[] widths = new int[header.length];
        Arrays.setAll(widths, column -> header[column].length());
        for (Object[] row : rows) {
            Arrays.setAll(
                    widths, column -> Math.max(widths[column], text(row[column]).length()));
        }
        print(out, widths, header);
        rows.forEach(row -> print(out, widths, row));
    }

    private void print(PrintWriter out, int[] widths, Object[] cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < header.length; column++) {
            String text = text(cells[column]);
            String padding = " ".repeat(widths[column] - text.length());
            boolean number = !rows.isEmpty() && rows.get(0)[column] instanceof Number;
            line.append(column == 0 ? "" : "  ").append(number ? padding + text : text + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    private static String text(Object cell) {
        boolean whole = cell instanceof Long || cell instanceof Integer;
        return whole ? String.format(Locale.ROOT, "%,d", ((Number) cell).longValue()) : String.valueOf(cell);
    }
}
