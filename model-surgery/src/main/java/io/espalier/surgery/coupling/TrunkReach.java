package io.espalier.surgery.coupling;

import java.util.BitSet;

/** Which places the units of a trunk reach, and which labels are one unit, at one width. */
final class TrunkReach {
    private final Trunk trunk;
    private final UnionFind joined = new UnionFind();
    private final BitSet[] reached;

    /** {@code labels}: one more than the largest label. */
    TrunkReach(Trunk trunk, int labels) {
        this.trunk = trunk;
        this.reached = new BitSet[labels];
        while (joined.size() < labels) {
            joined.add();
        }
    }

    void note(int label, int place) {
        if (trunk.labels().get(label)) {
            reach(label).set(place);
        }
    }

    void note(int[] labels, int place) {
        for (int label : labels) {
            note(label, place);
        }
    }

    void join(int a, int b) {
        joined.join(a, b);
    }

    /** Adds what labels reach to what their units reach; when all is noted. */
    void gather(int[] labels) {
        for (int label : labels) {
            int unit = unit(label);
            if (unit != label && reached[label] != null) {
                reach(unit).or(reached[label]);
            }
        }
    }

    /** The first of the labels that are one unit. */
    int unit(int label) {
        return joined.find(label);
    }

    /** Numbers of the places that a unit reaches. */
    BitSet by(int label) {
        return reach(unit(label));
    }

    private BitSet reach(int label) {
        if (reached[label] == null) {
            reached[label] = new BitSet();
        }
        return reached[label];
    }
}
