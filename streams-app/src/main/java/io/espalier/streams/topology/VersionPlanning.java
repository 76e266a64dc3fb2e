package io.espalier.streams.topology;

import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.drift.Cut;
import io.espalier.planner.drift.DriftDetector;
import io.espalier.planner.drift.RegretDetector;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.metrics.ModelMeters;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What there is to say of a registered version: a recommendation, its withdrawal, a regret, or why there is none. */
final class VersionPlanning {
    /** How long what is said of a version without traffic may be out of date. */
    private static final long LOOK_AGAIN_MS = 60_000;

    private final PlanningSettings settings;
    private final Planner planner;
    private final ModelMeters meters;
    private final PlanningStores stores;
    private final ModelRecords records;
    private final Announcements announcements;
    private final ReadinessReport readiness;
    private final DriftWatch drift;
    private final Withdrawals withdrawals;
    private final RegretWatch regrets;
    private final SamplingControl control;
    private final Cadence cadence;
    private final Consumer<Object> output;

    /** {@code output}: takes the records that are to be published. */
    VersionPlanning(
            PlanningSettings settings,
            Planner planner,
            ModelMeters meters,
            PlanningStores stores,
            ModelRecords records,
            Announcements announcements,
            ReadinessReport readiness,
            Consumer<Object> output) {
        this.settings = settings;
        this.planner = planner;
        this.meters = meters;
        this.stores = stores;
        this.records = records;
        this.announcements = announcements;
        this.readiness = readiness;
        this.output = output;
        drift = new DriftWatch(
                stores.baselines(), new DriftDetector(settings.drift(), settings.pane()), meters.drift());
        withdrawals = new Withdrawals(drift, meters.drift(), output);
        regrets = new RegretWatch(stores, new RegretDetector(settings.drift(), settings.pane()), meters.drift());
        control = new SamplingControl(stores.directives(), settings.control(), settings.pane(), settings.windowPanes());
        cadence = new Cadence(settings.coolDown());
    }

    /** Says it; returns when there may be something new to say though no record came, in milliseconds since the epoch. */
    long plan(ModelDescriptor descriptor, long nowMs) {
        VersionKey version = descriptor.key();
        Map<String, Expressiveness> windows = records.windows(descriptor);
        Map<String, PointStatistics> points = new TreeMap<>();
        windows.forEach((point, window) -> {
            points.put(point, PointStatistics.of(window));
            meters.windows().scored(version, point, window);
        });
        meters.windows().keepOnly(version, windows.keySet());
        meters.drift().keepOnly(version, windows.keySet());
        PlanState stored = stores.plans().get(version.toString());
        PlanState last = withdrawals.withdrawnIfDrifted(descriptor, windows, stored, nowMs);
        Policy policy = Optional.ofNullable(stores.policies().get(version.model()))
                .orElseGet(() -> settings.policies().apply(version.model()));
        PlanOutcome outcome = outcome(descriptor, windows, points, policy, last);
        String basis = Cadence.basis(descriptor, policy);
        Optional<Recommendation> fresh =
                outcome.recommendation().filter(plan -> cadence.allows(last, basis, plan, nowMs));
        boolean held = outcome.recommendation()
                .filter(plan -> cadence.holdsBack(last, basis, plan, nowMs))
                .isPresent();
        Readiness planned =
                held ? Silence.heldBack(outcome.readiness(), cadence.standsUntil(last, policy)) : outcome.readiness();
        Readiness reported = readiness.report(planned, records.isWindowFull(version, settings.windowPanes()), nowMs);
        PlanState standing = last == null ? PlanState.silent(reported) : last.with(reported);
        PlanState next = fresh.map(plan -> new PlanState(basis, plan, nowMs, reported, 0L))
                .orElse(standing);
        if (fresh.isPresent() || !Objects.equals(last, stored)) {
            next = announcements.made(version, next);
        }
        if (!next.equals(stored)) {
            stores.plans().put(version.toString(), next);
        }
        meters.plans().planned(descriptor, Optional.ofNullable(next.recommendation()));
        meters.plans()
                .saves(
                        version,
                        Outstanding.saving(outcome, descriptor, policy, records.smaller(version)),
                        policy.thresholds().alert());
        boolean isDrifting = next.isWithdrawn() && next.isFromBefore(windows.values());
        meters.drift().drifting(version, isDrifting);
        fresh.ifPresent(plan -> publish(plan, outcome, windows, nowMs));
        regrets.look(descriptor, points).forEach(output);
        control.direct(descriptor, windows, reported, isDrifting, nowMs).ifPresent(output);
        return held ? cadence.standsUntil(last, policy) : nowMs + LOOK_AGAIN_MS;
    }

    void forget(VersionKey version) {
        drift.forget(version);
        regrets.forget(version);
        control.forget(version);
    }

    private void publish(Recommendation plan, PlanOutcome outcome, Map<String, Expressiveness> windows, long nowMs) {
        Policy policy = plan.policy();
        drift.planned(plan.versionKey(), windows);
        regrets.planned(
                plan.versionKey(),
                new Cut(
                        plan.id(),
                        policy.criterion(),
                        policy.ranking() == Policy.Ranking.GLOBAL,
                        plan.remove(),
                        outcome.cutLines(),
                        nowMs));
        output.accept(plan);
        meters.plans().published();
    }

    private PlanOutcome outcome(
            ModelDescriptor descriptor,
            Map<String, Expressiveness> windows,
            Map<String, PointStatistics> points,
            Policy policy,
            PlanState last) {
        if (last != null && last.isFromBefore(windows.values())) {
            return PlanOutcome.silent(
                    Silence.drifted(descriptor, windows, policy.evidence().minSamples(), last.notBeforeMs()));
        }
        return planner.planOrSayWhyNot(descriptor, points, policy);
    }
}
