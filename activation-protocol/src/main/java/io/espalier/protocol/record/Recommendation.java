package io.espalier.protocol.record;

import io.espalier.protocol.Names;
import io.espalier.protocol.VersionKey;
import java.util.List;
import java.util.Map;

/**
 * Which units to remove from which groups; published on {@link io.espalier.protocol.Topics#recommendations}. A dry run by nature: it
 * changes nothing by itself.
 *
 * @param id the same for the same descriptor, policy and plan
 * @param evidence samples per capture point the scores were taken from
 * @param remove per group the unit indices to remove, ascending; groups that lose nothing are left out
 */
public record Recommendation(
        String id,
        String model,
        String version,
        Policy policy,
        Map<String, Long> evidence,
        Map<String, List<Integer>> remove,
        int units,
        int unitsRemoved,
        long paramsBefore,
        long paramsAfter,
        long macsBefore,
        long macsAfter) {
    public Recommendation {
        Names.require("id", id);
        Names.require("model", model);
        Names.require("version", version);
        Required.present("policy", policy);
        evidence = Map.copyOf(Required.present("evidence", evidence));
        remove = Map.copyOf(Required.present("remove", remove));
    }

    public VersionKey versionKey() {
        return new VersionKey(model, version);
    }
}
