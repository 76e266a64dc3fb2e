package io.espalier.surgery.coupling;

import java.util.Arrays;
import java.util.BitSet;

/** Disjoint sets of labels 1, 2, ...; label 0 stands for "untracked" and is never joined. The root is the smallest. */
final class UnionFind {
    private int[] parent = new int[64];
    private int size = 1;

    /** A new label in a set of its own. */
    int add() {
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, 2 * size);
        }
        parent[size] = size;
        return size++;
    }

    /** One more than the largest label. */
    int size() {
        return size;
    }

    int find(int label) {
        int root = label;
        while (parent[root] != root) {
            root = parent[root];
        }
        int at = label;
        while (parent[at] != root) {
            int next = parent[at];
            parent[at] = root;
            at = next;
        }
        return root;
    }

    UnionFind copy() {
        UnionFind copy = new UnionFind();
        copy.parent = parent.clone();
        copy.size = size;
        return copy;
    }

    /** Joins labels as they were joined at some time before; whatever was joined to them since must be among them. */
    void restore(BitSet labels, UnionFind before) {
        labels.stream().forEach(label -> parent[label] = before.find(label));
    }

    void join(int a, int b) {
        int first = find(a);
        int second = find(b);
        parent[Math.max(first, second)] = Math.min(first, second);
    }
}
