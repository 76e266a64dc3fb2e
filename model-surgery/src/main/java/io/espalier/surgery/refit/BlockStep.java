package io.espalier.surgery.refit;

import io.espalier.surgery.refit.Observations.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Fits one block of features of some groups, the rest of their weights as they are. */
final class BlockStep {
    /** From hardly any penalty, for layers that can be fitted exactly, to one that leaves weights about as they were. */
    private static final double[] PENALTIES = {1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1};

    /** From so many features on, solving takes long enough to try few penalties. */
    private static final int WIDE = 2048;

    private static final double[] PENALTIES_OF_WIDE = {1e-4, 1e-2};

    private final LinearAlgebra algebra;
    private final Observations observations;
    private final boolean intercept;
    private final int firstGroup;
    private final Block block;
    private final List<LinearFit> starts;

    /**
     * @param firstGroup index of the first of the groups
     * @param starts the groups' weights to stay near to
     */
    BlockStep(
            LinearAlgebra algebra,
            Observations observations,
            boolean intercept,
            int firstGroup,
            Block block,
            List<LinearFit> starts) {
        this.algebra = algebra;
        this.observations = observations;
        this.intercept = intercept;
        this.firstGroup = firstGroup;
        this.block = block;
        this.starts = starts;
    }

    /** Changes {@code fits}; returns what the error of these groups on the inputs held out then is. */
    double run(List<LinearFit> fits) {
        double left = 0;
        List<List<Correction>> tried = tried(fits);
        double[][] errors = errors(fits, tried);
        for (int group = 0; group < errors.length; group++) {
            int best = 0;
            for (int i = 1; i < errors[group].length; i++) {
                best = errors[group][i] < errors[group][best] ? i : best;
            }
            if (best > 0) {
                int at = firstGroup + group;
                fits.set(at, tried.get(group).get(best - 1).added(fits.get(at)));
            }
            left += errors[group][best];
        }
        tried.forEach(corrections -> corrections.forEach(Correction::close));
        return left;
    }

    private List<List<Correction>> tried(List<LinearFit> fits) {
        List<ResidualSums> sums = starts.stream()
                .map(start -> new ResidualSums(algebra, block.first(), block.end(), start.outputs()))
                .toList();
        each(
                Part.FITTED,
                fits,
                (group, seen, residual) -> sums.get(group - firstGroup).add(seen, residual));
        List<List<Correction>> tried = new ArrayList<>();
        for (int group = 0; group < sums.size(); group++) {
            try (ResidualSums own = sums.get(group)) {
                tried.add(
                        block.features() == 0
                                ? List.of(own.centring())
                                : solved(own, starts.get(group), fits.get(firstGroup + group)));
            }
        }
        return tried;
    }

    private List<Correction> solved(ResidualSums sums, LinearFit start, LinearFit now) {
        try (Matrix back = start.columns(algebra, block.first(), block.end());
                Matrix gone = now.columns(algebra, block.first(), block.end())) {
            back.addScaled(-1, gone);
            return Arrays.stream(block.features() < WIDE ? PENALTIES : PENALTIES_OF_WIDE)
                    .mapToObj(penalty -> sums.solve(penalty, back, intercept))
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /** For each group the squared error on the inputs held out as it is, and with each correction. */
    private double[][] errors(List<LinearFit> fits, List<List<Correction>> tried) {
        double[][] errors = tried.stream()
                .map(corrections -> new double[corrections.size() + 1])
                .toArray(double[][]::new);
        each(Part.HELD_OUT, fits, (group, seen, residual) -> {
            double[] own = errors[group - firstGroup];
            own[0] += residual.sumOfSquares();
            for (int i = 1; i < own.length; i++) {
                try (Matrix corrected = residual.copy()) {
                    tried.get(group - firstGroup).get(i - 1).takeFrom(corrected, seen);
                    own[i] += corrected.sumOfSquares();
                }
            }
        });
        return errors;
    }

    /** Gives rows, and what the layer as it is lacks of its targets. */
    private void each(Part part, List<LinearFit> fits, Observations.Rows rows) {
        int end = firstGroup + starts.size();
        List<Matrix> now = fits.subList(firstGroup, end).stream()
                .map(fit -> fit.columns(algebra))
                .toList();
        observations.each(part, firstGroup, end, (group, seen, targets) -> {
            targets.addProduct(-1, seen, now.get(group - firstGroup));
            rows.take(group, seen, targets);
        });
        now.forEach(Matrix::close);
    }
}
