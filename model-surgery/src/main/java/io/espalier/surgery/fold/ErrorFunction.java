package io.espalier.surgery.fold;

/** The error function to double precision. */
final class ErrorFunction {
    /** Beyond this it is 1 to the last bit. */
    private static final double ONE = 6;

    private ErrorFunction() {}

    /** By Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.6, whose terms are all of one sign. */
    static double erf(double x) {
        if (Math.abs(x) > ONE) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
