package io.espalier.streams.topology;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.drift.Cut;
import io.espalier.planner.drift.RegretDetector;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Regret;
import io.espalier.streams.metrics.DriftMeters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/** Watches in a version the units that its smaller versions lack. */
final class RegretWatch {
    /** Versions that serve or may. */
    private static final Set<State> LIVE = EnumSet.of(State.CANDIDATE, State.CANARY, State.ACTIVE);

    /** Of one version; a smaller version comes minutes after its recommendation, not sixteen recommendations after it. */
    private static final int CUTS_KEPT = 16;

    private final PlanningStores stores;
    private final RegretDetector detector;
    private final DriftMeters meters;

    RegretWatch(PlanningStores stores, RegretDetector detector, DriftMeters meters) {
        this.stores = stores;
        this.detector = detector;
        this.meters = meters;
    }

    /** Remembers where a recommendation cuts. */
    void planned(VersionKey version, Cut cut) {
        KeyValueStore<String, Cut> cuts = stores.cuts();
        cuts.put(key(version, cut.recommendation()), cut);
        List<KeyValue<String, Cut>> all = StoreKeys.entries(cuts, version + "/");
        all.stream()
                .sorted(Comparator.comparingLong((KeyValue<String, Cut> entry) -> entry.value.madeAtMs())
                        .reversed())
                .skip(CUTS_KEPT)
                .filter(entry -> !isOfALiveVersion(version, entry.value))
                .forEach(entry -> cuts.delete(entry.key));
    }

    /** The regrets of the smaller versions of {@code parent} that are others than they were. */
    List<Regret> look(ModelDescriptor parent, Map<String, PointStatistics> points) {
        List<Regret> news = new ArrayList<>();
        for (KeyValue<String, ModelVersion> entry : StoreKeys.entries(stores.versions(), parent.model() + "@")) {
            ModelVersion version = entry.value;
            if (!version.parent().equals(parent.version())) {
                continue;
            }
            if (!LIVE.contains(version.state())) {
                meters.notServing(version.key());
                continue;
            }
            Cut cut = stores.cuts().get(key(parent.key(), version.recommendation()));
            if (cut == null || cut.lines().isEmpty()) {
                continue;
            }
            Map<String, List<Integer>> removed =
                    version.search() == null || version.search().remove().isEmpty()
                            ? cut.remove()
                            : version.search().remove();
            Regret last = stores.regrets().get(entry.key);
            Map<String, Regret.Units> before = last == null ? Map.of() : last.groups();
            Map<String, Regret.Units> now = detector.find(parent, points, cut, removed, before);
            Regret regret =
                    new Regret(version.model(), version.version(), version.parent(), version.recommendation(), now);
            meters.regretted(version.key(), regret.units());
            if (!now.equals(before)) {
                stores.regrets().put(entry.key, regret);
                news.add(regret);
            }
        }
        return news;
    }

    /** Forgets what is known of a version, as a parent and as a smaller one. */
    void forget(VersionKey version) {
        StoreKeys.deleteAll(stores.cuts(), version + "/");
        stores.regrets().delete(version.toString());
    }

    private boolean isOfALiveVersion(VersionKey parent, Cut cut) {
        return StoreKeys.entries(stores.versions(), parent.model() + "@").stream()
                .map(entry -> entry.value)
                .anyMatch(version -> version.parent().equals(parent.version())
                        && version.recommendation().equals(cut.recommendation())
                        && LIVE.contains(version.state()));
    }

    private static String key(VersionKey version, String recommendation) {
        return version + "/" + recommendation;
    }
}
