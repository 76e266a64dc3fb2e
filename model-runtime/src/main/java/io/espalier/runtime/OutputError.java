package io.espalier.runtime;

/** What one output's elements differ by, added up over inputs. */
final class OutputError {
    private double difference;
    private double magnitude;
    private long differing;
    private long compared;
    private long undefined;

    static OutputError between(Tensor actual, Tensor expected) {
        OutputError error = new OutputError();
        for (int i = 0; i < expected.size(); i++) {
            if (expected.type().isFloating()) {
                error.real(actual.real(i), expected.real(i));
            } else {
                error.whole(actual.whole(i), expected.whole(i));
            }
        }
        return error;
    }

    private void real(double actual, double expected) {
        if (Double.isNaN(actual) && Double.isNaN(expected)) {
            undefined++;
            return;
        }
        compared++;
        if (Double.isFinite(actual) && Double.isFinite(expected)) {
            difference = Math.max(difference, Math.abs(actual - expected));
            magnitude = Math.max(magnitude, Math.abs(expected));
        } else if (actual != expected) {
            difference = Double.POSITIVE_INFINITY;
        }
    }

    private void whole(long actual, long expected) {
        compared++;
        differing += actual == expected ? 0 : 1;
    }

    void add(OutputError other) {
        difference = Math.max(difference, other.difference);
        magnitude = Math.max(magnitude, other.magnitude);
        differing += other.differing;
        compared += other.compared;
        undefined += other.undefined;
    }

    /** Takes the elements as equal. */
    void forget() {
        difference = 0;
        differing = 0;
    }

    /** Whether any element could be compared. */
    boolean isProven() {
        return compared > 0;
    }

    /** As {@link Equivalence} defines it, of this output. */
    double relative() {
        if (undefined > 0 && compared == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double real = difference == 0 ? 0 : difference / magnitude;
        return Math.max(real, differing == 0 ? 0 : (double) differing / compared);
    }
}
