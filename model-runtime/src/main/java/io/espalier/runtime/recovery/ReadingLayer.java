package io.espalier.runtime.recovery;

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
    /** In order of execution, of what reads units those that can be fitted. */
    static List<ReadingLayer> of(Subject subject, List<UnitReader> readers) {
        Map<String, UnitReader> byName = new HashMap<>();
        readers.forEach(reader -> byName.put(reader.weight().name(), reader));
        List<ReadingLayer> layers = new ArrayList<>();
        Sites.of(subject.archive().graph(), subject.shapes()).forEach((name, site) -> {
            UnitReader reader = byName.get(name);
            if (reader != null && reads(site, reader)) {
                layers.add(new ReadingLayer(site, reader.units()));
            }
        });
        return layers;
    }

    boolean isOf(UnitReader reader) {
        return site.weight().equals(reader.weight()) && reads(site, reader);
    }

    private static boolean reads(Site site, UnitReader reader) {
        return reader.dim() == (site.outputsFirst() ? 1 : 0);
    }
}
