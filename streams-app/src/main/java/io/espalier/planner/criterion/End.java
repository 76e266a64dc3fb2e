package io.espalier.planner.criterion;

/** An end of the interval that holds a value in 95 % of all cases. */
public enum End {
    LOWER(-1),
    UPPER(1);

    /** Of the normal distribution, as the published intervals are. */
    static final double QUANTILE = 1.959964;

    private final int sign;

    End(int sign) {
        this.sign = sign;
    }

    /** The end of a value of known standard error, 0 or more. */
    double of(double value, double error) {
        return Math.max(0, value + sign * QUANTILE * error);
    }

    End opposite() {
        return this == LOWER ? UPPER : LOWER;
    }
}
