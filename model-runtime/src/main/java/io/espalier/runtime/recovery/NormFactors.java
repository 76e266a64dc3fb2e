package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.surgery.refit.NormSite;
import java.util.Arrays;
import java.util.Optional;

/** By what a norm multiplies each channel. */
final class NormFactors {
    private NormFactors() {}

    static double[] of(NormSite norm, Weights weights) {
        return of(norm, weights, weights.get(norm.variance()).reals());
    }

    /** With other variances than its own. */
    static double[] of(NormSite norm, Weights weights, double[] variances) {
        Optional<double[]> scale = norm.scale().map(weights::get).map(Tensor::reals);
        double[] factors = new double[variances.length];
        Arrays.setAll(factors, c -> scale.map(s -> s[c]).orElse(1.0) / Math.sqrt(variances[c] + norm.epsilon()));
        return factors;
    }
}
