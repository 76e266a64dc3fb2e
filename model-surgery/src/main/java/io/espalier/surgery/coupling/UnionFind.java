package io.espalier.surgery.coupling;

import java.util.Arrays;

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

    void join(int a, int b) {
        int first = find(a);
        int second = find(b);
        parent[Math.max(first, second)] = Math.min(first, second);
    }
}
