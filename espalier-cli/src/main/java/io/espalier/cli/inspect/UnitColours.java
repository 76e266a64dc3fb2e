package io.espalier.cli.inspect;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.graph.Parameter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which coupling group a layer's units belong to, with a colour for each, or why they are protected. */
final class UnitColours {
    /** Neighbouring groups get hues far apart: multiples of it are spread evenly (the golden ratio). */
    private static final double HUE_STEP = 0.618034;

    /** Layers whose second dimension holds what they give. */
    private static final Set<String> SECOND =
            Set.of("conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "embedding", "embedding_bag");

    private final Map<ModelDescriptor.Member, String> groups = new HashMap<>();
    private final Map<String, String> colours = new HashMap<>();
    private final Map<String, String> reasons = new HashMap<>();

    UnitColours(ModelDescriptor model) {
        List<ModelDescriptor.Group> all = model.groups();
        for (int i = 0; i < all.size(); i++) {
            String id = all.get(i).id();
            all.get(i).members().forEach(member -> groups.putIfAbsent(member, id));
            colours.put(id, String.format(Locale.ROOT, "%.3f 0.35 1.000", i * HUE_STEP % 1));
        }
        model.protectedUnits()
                .forEach(p -> reasons.putIfAbsent(p.tensor(), p.reason() + " (" + p.op() + " at " + p.where() + ")"));
    }

    /** The group of the units that a weight gives; empty when they are in none. */
    Optional<String> group(Parameter weight, String op) {
        int dim = SECOND.contains(op) ? 1 : 0;
        return Optional.ofNullable(groups.get(new ModelDescriptor.Member(weight.name(), dim)));
    }

    /** As Graphviz writes it: hue, saturation, value. */
    String colour(String group) {
        return colours.get(group);
    }

    Optional<String> protection(Parameter weight) {
        return Optional.ofNullable(reasons.get(weight.name()));
    }
}
