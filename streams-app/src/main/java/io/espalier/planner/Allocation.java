package io.espalier.planner;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * How many units each group keeps, so that the damages of all groups, measured one by one, add up to as little as possible
 * under a target. With a price on the cost, each group in turn takes the count at which its damage and the price of the
 * whole are least, until none changes; the price is bisected until the target is met, and what is left of the target is
 * given back to the group that gains most by it. Costs are products over groups, so each count is priced with the others
 * as they are.
 */
public final class Allocation {
    private static final int SWEEPS = 12;
    private static final int BISECTIONS = 40;

    /** Counts of a group that are looked at, evenly spaced. */
    private static final int COUNTS = 48;

    private final Cost cost;
    private final Map<String, NavigableMap<Integer, Double>> damages;
    private final Map<String, List<Integer>> counts = new LinkedHashMap<>();
    private final Map<String, Integer> all = new HashMap<>();

    /**
     * @param damages per group, by units kept, what was measured; what lies between is interpolated, and a group keeping all
     *     takes none. Groups that are not in it stay whole.
     */
    public Allocation(ModelDescriptor descriptor, Policy policy, Map<String, ? extends Map<Integer, Double>> damages) {
        this(Cost.counted(descriptor, policy.target()), descriptor, policy, damages);
    }

    /** The same for a cost that somebody measured, see {@link Planner#plan}. */
    public Allocation(
            ModelDescriptor descriptor,
            Policy policy,
            ToDoubleFunction<Map<String, Integer>> measured,
            Map<String, ? extends Map<Integer, Double>> damages) {
        this(Cost.measured(descriptor, policy.target(), measured), descriptor, policy, damages);
    }

    private Allocation(
            Cost cost, ModelDescriptor descriptor, Policy policy, Map<String, ? extends Map<Integer, Double>> damages) {
        this.cost = cost;
        this.damages = new HashMap<>();
        KeptUnits limits = new KeptUnits(policy.limits());
        for (Group group : descriptor.groups()) {
            all.put(group.id(), group.units());
            if (damages.containsKey(group.id())) {
                NavigableMap<Integer, Double> curve = new TreeMap<>(damages.get(group.id()));
                curve.put(group.units(), 0.0);
                this.damages.put(group.id(), rising(curve));
                counts.put(group.id(), counts(group, limits, curve.firstKey()));
            }
        }
    }

    /** More units gone do no less damage: what was measured less is noise. */
    private static NavigableMap<Integer, Double> rising(NavigableMap<Integer, Double> curve) {
        NavigableMap<Integer, Double> rising = new TreeMap<>();
        double most = 0;
        for (Map.Entry<Integer, Double> point : curve.descendingMap().entrySet()) {
            most = Math.max(most, point.getValue());
            rising.put(point.getKey(), most);
        }
        return rising;
    }

    private static List<Integer> counts(Group group, KeptUnits limits, int fewest) {
        List<Integer> counts = new ArrayList<>();
        int step = Math.max(1, group.units() / COUNTS);
        for (int wanted = group.units(); wanted >= fewest; wanted -= step) {
            int kept = limits.atLeast(group, wanted);
            if (kept >= fewest && (counts.isEmpty() || counts.get(counts.size() - 1) != kept)) {
                counts.add(kept);
            }
        }
        return counts;
    }

    /** Units kept per group; of the fewest that were measured when even these do not reach the target. */
    public Map<String, Integer> solve() {
        double low = 0;
        double high = 1;
        Map<String, Integer> kept = atPrice(high);
        for (int i = 0; i < BISECTIONS && !cost.isReachedBy(kept); i++) {
            low = high;
            high *= 4;
            kept = atPrice(high);
        }
        if (!cost.isReachedBy(kept)) {
            return kept;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double price = (low + high) / 2;
            Map<String, Integer> tried = atPrice(price);
            if (cost.isReachedBy(tried)) {
                high = price;
                kept = tried;
            } else {
                low = price;
            }
        }
        return filled(kept);
    }

    /** Whether so many units kept meet the target. */
    public boolean reaches(Map<String, Integer> kept) {
        return cost.isReachedBy(kept);
    }

    private Map<String, Integer> atPrice(double price) {
        Map<String, Integer> kept = new HashMap<>(all);
        boolean changed = true;
        for (int sweep = 0; changed && sweep < SWEEPS; sweep++) {
            changed = false;
            for (Map.Entry<String, List<Integer>> group : counts.entrySet()) {
                int before = kept.get(group.getKey());
                int best = before;
                double least = Double.POSITIVE_INFINITY;
                for (int count : group.getValue()) {
                    kept.put(group.getKey(), count);
                    double sum = damage(group.getKey(), count) + price * cost.share(kept);
                    if (sum < least) {
                        least = sum;
                        best = count;
                    }
                }
                kept.put(group.getKey(), best);
                changed |= best != before;
            }
        }
        return kept;
    }

    /** Gives units back while the target allows it, most gain for the cost first. */
    private Map<String, Integer> filled(Map<String, Integer> start) {
        Map<String, Integer> kept = new HashMap<>(start);
        while (true) {
            String best = null;
            int bestCount = 0;
            double most = 0;
            double now = cost.share(kept);
            for (Map.Entry<String, List<Integer>> group : counts.entrySet()) {
                int before = kept.get(group.getKey());
                int at = group.getValue().indexOf(before);
                if (at <= 0) {
                    continue;
                }
                int more = group.getValue().get(at - 1);
                kept.put(group.getKey(), more);
                double gain = damage(group.getKey(), before) - damage(group.getKey(), more);
                double rate = gain / Math.max(1e-12, cost.share(kept) - now);
                if (cost.isReachedBy(kept) && rate > most) {
                    most = rate;
                    best = group.getKey();
                    bestCount = more;
                }
                kept.put(group.getKey(), before);
            }
            if (best == null) {
                return kept;
            }
            kept.put(best, bestCount);
        }
    }

    private double damage(String group, int kept) {
        NavigableMap<Integer, Double> curve = damages.get(group);
        Map.Entry<Integer, Double> below = curve.floorEntry(kept);
        Map.Entry<Integer, Double> above = curve.ceilingEntry(kept);
        if (below.getKey().equals(above.getKey())) {
            return below.getValue();
        }
        double share = (double) (kept - below.getKey()) / (above.getKey() - below.getKey());
        return below.getValue() + share * (above.getValue() - below.getValue());
    }
}
