package io.espalier.surgery.graph;

/**
 * What an operator defines or the caller gives.
 *
 * @param id position among the graph's values, in order of definition
 * @param tensor position among the graph's tensor values, or -1 when the type is not {@link Type#TENSOR}
 */
public record Value(int id, int tensor, String name, Type type) {
    /** What can be known of a value without running the graph. */
    public enum Type {
        TENSOR,
        TENSOR_LIST,
        SCALAR,
        OTHER
    }
}
