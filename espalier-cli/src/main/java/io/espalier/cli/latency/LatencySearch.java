package io.espalier.cli.latency;

import io.espalier.runtime.latency.RepeatedTiming;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a plan whose measured share of the time is that of the target. The prediction decides what a plan removes, and
 * measurements what to ask of the prediction: its share at which a line through the nearest measurements below and above
 * the target meets the target. Nothing kept is taken to take no time, and everything kept takes all of it, so the first
 * line is the prediction itself, and a measurement that went wrong leads nowhere beyond its neighbours.
 */
final class LatencySearch {
    private static final int ROUNDS = 3;

    private final Predictor predictor;
    private final Stopwatch stopwatch;

    LatencySearch(Predictor predictor, Stopwatch stopwatch) {
        this.predictor = predictor;
        this.stopwatch = stopwatch;
    }

    /**
     * A plan and its predicted share of the time.
     *
     * @param remove per group the unit indices
     */
    record Prediction(Map<String, List<Integer>> remove, double share) {}

    /** The share that a plan was predicted to keep, and the share that was measured then. */
    private record Point(double keep, double measured) {
        /** Where the line to another point, which is not below the target, meets it. */
        double meets(Point other, double target) {
            return keep + (other.keep - keep) * (target - measured) / (other.measured - measured);
        }
    }

    /** Plans for a share of the time, by prediction. */
    interface Predictor {
        /** The smallest cut predicted to keep at most this share, or none within the limits. */
        Optional<Prediction> plan(double keep) throws IOException;
    }

    /** Times the whole model before and after a plan. */
    interface Stopwatch {
        RepeatedTiming.Pair compare(Map<String, List<Integer>> remove) throws IOException;
    }

    /**
     * The plan that comes closest to the target from below, or else from above, within {@value #ROUNDS} rounds; none when
     * no plan within the limits is predicted to reach it.
     */
    Optional<TimedPlan> find(double target) throws IOException {
        Optional<TimedPlan> best = Optional.empty();
        Point below = new Point(0, 0);
        Point above = new Point(1, 1);
        double keep = target;
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Prediction> prediction = predictor.plan(keep);
            if (prediction.isEmpty()
                    || best.filter(plan -> plan.remove().equals(prediction.get().remove()))
                            .isPresent()) {
                return best;
            }
            TimedPlan timed = time(target, prediction.get());
            best = Optional.of(best.filter(other -> !isBetter(timed.latency(), other.latency()))
                    .orElse(timed));
            if (timed.latency().isClose()) {
                return best;
            }
            Point point = new Point(prediction.get().share(), timed.latency().measured());
            if (point.measured() < target) {
                below = point;
            } else {
                above = point;
            }
            keep = below.meets(above, target);
        }
        return best;
    }

    private TimedPlan time(double target, Prediction prediction) throws IOException {
        RepeatedTiming.Pair times = stopwatch.compare(prediction.remove());
        return new TimedPlan(
                prediction.remove(),
                new Latency(
                        target,
                        prediction.share(),
                        times.share(),
                        times.first().least(),
                        times.second().least(),
                        times.first().median() / times.first().least()));
    }

    /** Of two that reach the target the one that cut less; of two that do not, the faster one. */
    private static boolean isBetter(Latency one, Latency other) {
        if (one.isReached() != other.isReached()) {
            return one.isReached();
        }
        return one.isReached() ? one.measured() > other.measured() : one.measured() < other.measured();
    }
}
