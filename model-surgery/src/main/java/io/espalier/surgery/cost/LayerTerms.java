package io.espalier.surgery.cost;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was counted of each layer. */
final class LayerTerms {
    private final List<CostTerm> params = new ArrayList<>();
    private final List<CostTerm> macs = new ArrayList<>();
    private final Map<String, String> opOfLayer = new LinkedHashMap<>();

    /** Names a layer that has no name yet after its operator. */
    void name(String layer, String op) {
        opOfLayer.putIfAbsent(layer, op);
    }

    void rename(String layer, String op) {
        opOfLayer.put(layer, op);
    }

    void addParams(CostTerm term) {
        params.add(term);
    }

    void addMacs(CostTerm term) {
        macs.add(term);
    }

    List<CostTerm> params() {
        return params;
    }

    List<CostTerm> macs() {
        return macs;
    }

    /** Layers in execution order, with their totals when nothing is cut. */
    List<Layer> layers(Map<String, Integer> all) {
        Map<String, Long> params = totals(this.params, all);
        Map<String, Long> macs = totals(this.macs, all);
        return opOfLayer.entrySet().stream()
                .map(e -> new Layer(
                        e.getKey(),
                        e.getValue(),
                        params.getOrDefault(e.getKey(), 0L),
                        macs.getOrDefault(e.getKey(), 0L)))
                .toList();
    }

    private static Map<String, Long> totals(List<CostTerm> terms, Map<String, Integer> all) {
        Map<String, Long> totals = new HashMap<>();
        terms.forEach(term -> totals.merge(term.layer(), term.count(all), Math::addExact));
        return totals;
    }
}
