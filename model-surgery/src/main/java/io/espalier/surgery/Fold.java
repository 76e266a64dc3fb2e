package io.espalier.surgery;

/**
 * What became of the constant that a removed unit lets through to one layer, although its filter (or row, or norm scale) is
 * zero. A unit that varies with the input, or is zero where it is read, has none.
 *
 * @param group id of its group
 * @param reader the weight that reads the unit, by its name in the archive
 * @param folded whether the pruned model's layer computes what it computed with the unit
 * @param into the bias or running mean that holds the constant now; empty when it is lost
 * @param reason why it is lost; empty when it is not
 */
public record Fold(String group, int unit, String reader, boolean folded, String into, String reason) {
    public static Fold into(String group, int unit, String reader, String into) {
        return new Fold(group, unit, reader, true, into, "");
    }

    public static Fold lost(String group, int unit, String reader, String reason) {
        return new Fold(group, unit, reader, false, "", reason);
    }
}
