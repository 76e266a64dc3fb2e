package io.espalier.protocol.record;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param order per group all units, in the order in which they go; where the policy has sizes searched for, else empty, and
 *     absent in JSON
 * @param withdraws the recommendation that this one takes back: then it removes nothing itself, and whoever does not look at
 *     this field does nothing; else missing
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
        long macsAfter,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<Integer>> order,
        Withdrawal withdraws) {
    public Recommendation {
        Names.require("id", id);
        Names.require("model", model);
        Names.require("version", version);
        Required.present("policy", policy);
        evidence = Map.copyOf(Required.present("evidence", evidence));
        remove = Map.copyOf(Required.present("remove", remove));
        order = order == null ? Map.of() : Map.copyOf(order);
        if (withdraws != null && !remove.isEmpty()) {
            throw new IllegalArgumentException("a withdrawal must have an empty field 'remove'");
        }
    }

    /** A recommendation whose sizes stand. */
    public Recommendation(
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
        this(
                id,
                model,
                version,
                policy,
                evidence,
                remove,
                units,
                unitsRemoved,
                paramsBefore,
                paramsAfter,
                macsBefore,
                macsAfter,
                Map.of(),
                null);
    }

    /** Takes this one back, under an id of its own. */
    public Recommendation withdrawn(String withId, Withdrawal why) {
        return new Recommendation(
                withId,
                model,
                version,
                policy,
                evidence,
                Map.of(),
                units,
                0,
                paramsBefore,
                paramsBefore,
                macsBefore,
                macsBefore,
                Map.of(),
                why);
    }

    public VersionKey versionKey() {
        return new VersionKey(model, version);
    }

    /**
     * Why a recommendation no longer stands.
     *
     * @param recommendation its id
     * @param reason one line
     */
    public record Withdrawal(String recommendation, String reason) {
        public Withdrawal {
            Names.require("withdraws.recommendation", recommendation);
            Required.present("withdraws.reason", reason);
        }
    }
}
