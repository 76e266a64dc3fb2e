package io.espalier.runtime.recovery;

import io.espalier.runtime.DescribedModel;
import io.espalier.surgery.Surgeon;
import io.espalier.surgery.UnitReader;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.refit.Site;
import io.espalier.surgery.refit.Sites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer that reads units and whose weights can be fitted.
 *
 * @param units behind each of its channels, null where nothing may be cut
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record ReadingLayer(Site site, UnitIndex[] units) {
    /** In order of execution. */
    static List<ReadingLayer> of(Subject subject, DescribedModel model) {
        Map<String, UnitReader> byName = new HashMap<>();
        new Surgeon(model.archive(), model.analysis())
                .readers()
                .forEach(reader -> byName.put(reader.weight().name(), reader));
        List<ReadingLayer> layers = new ArrayList<>();
        Sites.of(subject.archive().graph(), subject.shapes()).forEach((name, site) -> {
            UnitReader reader = byName.get(name);
            if (reader != null && reader.dim() == (site.outputsFirst() ? 1 : 0)) {
                layers.add(new ReadingLayer(site, reader.units()));
            }
        });
        return layers;
    }

    /** What else reads units. */
    static List<UnfittedReader> unfitted(List<ReadingLayer> layers, DescribedModel model) {
        return new Surgeon(model.archive(), model.analysis())
                .readers().stream()
                        .filter(reader -> layers.stream().noneMatch(layer -> layer.isOf(reader)))
                        .map(UnfittedReader::new)
                        .toList();
    }

    private boolean isOf(UnitReader reader) {
        return site.weight().equals(reader.weight()) && reader.dim() == (site.outputsFirst() ? 1 : 0);
    }
}
