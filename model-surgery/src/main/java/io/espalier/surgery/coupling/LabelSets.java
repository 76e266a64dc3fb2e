package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Which labels go together and which never go. What is joined with a protected label is protected too. */
final class LabelSets {
    private final UnionFind joined = new UnionFind();
    private final Map<Integer, Protection> protections = new HashMap<>();

    /** New labels, each in a set of its own. */
    int[] add(int count) {
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> joined.add());
        return labels;
    }

    int root(int label) {
        return label == 0 ? 0 : joined.find(label);
    }

    /** Joins index by index. Where one side never goes, the other is protected. */
    int[] join(int[] a, int[] b, Operator operator, String reason) {
        int[] result = a.clone();
        for (int i = 0; i < a.length; i++) {
            if (a[i] != 0 && b[i] != 0) {
                joined.join(a[i], b[i]);
            } else if (a[i] != b[i]) {
                protect(new int[] {a[i], b[i]}, operator, reason);
                result[i] = a[i] + b[i];
            }
        }
        return result;
    }

    void protect(int[] labels, Operator operator, String reason) {
        Protection protection = Protection.of(operator, reason);
        for (int label : labels) {
            if (label != 0) {
                protections.putIfAbsent(label, protection);
            }
        }
    }

    UnionFind joined() {
        return joined;
    }

    /** By label; the first reason that was found. */
    Map<Integer, Protection> protections() {
        return protections;
    }
}
