package io.espalier.surgery.fold;

import io.espalier.surgery.Fold;
import io.espalier.surgery.graph.Parameter;
import java.util.List;
import java.util.Map;

/**
 * What to add to stored vectors so that the constants of removed units are not missed.
 *
 * @param shifts per vector, one number for each of its elements, before any cut
 * @param folds what was folded and what was not
 */
public record Folds(Map<Parameter, double[]> shifts, List<Fold> folds) {
    public static final Folds NONE = new Folds(Map.of(), List.of());
}
