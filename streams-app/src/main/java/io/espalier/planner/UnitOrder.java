package io.espalier.planner;

import io.espalier.planner.criterion.Criteria;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.criterion.UnitCriterion;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The order in which each group's units go, whichever number of them does. */
public final class UnitOrder {
    private final Policy.Limits limits;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, Ranking> rankings = new LinkedHashMap<>();

    /** {@code values}: per group and unit; the lower, the sooner it goes. Groups that are not in it stay whole. */
    public UnitOrder(ModelDescriptor descriptor, Map<String, double[]> values, Policy.Limits limits) {
        this.limits = limits;
        for (Group group : descriptor.groups()) {
            if (values.containsKey(group.id())) {
                groups.put(group.id(), group);
                rankings.put(
                        group.id(),
                        Ranking.of(List.of(group), List.of(values.get(group.id())), Policy.Ranking.UNIFORM));
            }
        }
    }

    /**
     * What a criterion says of the groups that it can rank.
     *
     * @param scores of all capture points, with all that the criterion asks for
     */
    public static Map<String, double[]> values(
            ModelDescriptor descriptor, Map<String, PointStatistics> scores, Criterion criterion) {
        UnitCriterion units = Criteria.of(criterion, false);
        List<Group> groups = Unranked.of(descriptor, units).others(descriptor);
        List<double[]> values = units.score(groups, scores);
        Map<String, double[]> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            byGroup.put(groups.get(i).id(), values.get(i));
        }
        return byGroup;
    }

    /** The groups that have an order. */
    public List<Group> groups() {
        return List.copyOf(groups.values());
    }

    /**
     * Values that order units as a recommendation's lists of them do: the number of the place.
     *
     * @param order per group of the descriptor the units, first the one that goes first; what is not in it goes last
     */
    public static Map<String, double[]> values(ModelDescriptor descriptor, Map<String, List<Integer>> order) {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Group group : descriptor.groups()) {
            if (order.containsKey(group.id())) {
                List<Integer> units = order.get(group.id());
                double[] places = new double[group.units()];
                Arrays.fill(places, group.units());
                for (int place = 0; place < units.size(); place++) {
                    places[units.get(place)] = place;
                }
                values.put(group.id(), places);
            }
        }
        return values;
    }

    /** How many units a group keeps at least when so many are wanted, by the limits. */
    public int atLeast(Group group, int wanted) {
        return new KeptUnits(limits).atLeast(group, wanted);
    }

    /** The units to remove so that these remain; groups that lose none are left out. */
    public Map<String, List<Integer>> removed(Map<String, Integer> kept) {
        Map<String, List<Integer>> removed = new TreeMap<>();
        kept.forEach((id, count) -> {
            if (rankings.containsKey(id)) {
                removed.putAll(rankings.get(id).removed(Map.of(id, count)));
            }
        });
        return removed;
    }
}
