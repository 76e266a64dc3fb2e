package io.espalier.streams.topology;

import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.topology.PlanningInput.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the latest records of each model; on a timer, plans for the versions of which something changed. */
final class PlanningProcessor implements Processor<String, PlanningInput, String, Recommendation> {
    private static final Logger LOG = LoggerFactory.getLogger(PlanningProcessor.class);

    /** How long what is said of a version without traffic may be out of date. */
    private static final long LOOK_AGAIN_MS = 60_000;

    private final PlanningSettings settings;
    private final Planner planner;
    private final ModelMeters meters;
    private final Cadence cadence;
    private final Set<VersionKey> changed = new HashSet<>();
    private final Set<VersionKey> known = new HashSet<>();
    private final NextLook nextLook = new NextLook();
    private ProcessorContext<String, Recommendation> context;
    private PlanningStores stores;
    private ModelRecords records;
    private ReadinessReport readiness;

    PlanningProcessor(PlanningSettings settings, Planner planner, ModelMeters meters) {
        this.settings = settings;
        this.planner = planner;
        this.meters = meters;
        this.cadence = new Cadence(settings.coolDown());
    }

    @Override
    public void init(ProcessorContext<String, Recommendation> processorContext) {
        context = processorContext;
        stores = PlanningStores.of(context);
        records = new ModelRecords(stores);
        readiness = new ReadinessReport(meters.evidence());
        changed.addAll(records.versions());
        context.schedule(settings.interval(), PunctuationType.WALL_CLOCK_TIME, this::lookAtChanges);
    }

    @Override
    public void process(Record<String, PlanningInput> input) {
        changed.addAll(records.apply(input.value()));
        if (input.value().kind() == Kind.MODEL && input.value().isTombstone()) {
            forget(VersionKey.parse(input.value().key()));
        }
    }

    @Override
    public void close() {
        known.forEach(meters::forget);
    }

    private void lookAtChanges(long nowMs) {
        changed.addAll(nextLook.due(nowMs));
        for (VersionKey version : List.copyOf(changed)) {
            lookAt(version, nowMs);
            changed.remove(version);
        }
    }

    private void lookAt(VersionKey version, long nowMs) {
        Optional<ModelVersion> verdict = Optional.ofNullable(stores.versions().get(version.toString()));
        Optional<ModelDescriptor> descriptor = records.descriptor(version);
        if (verdict.filter(record -> record.state() == State.RETIRED).isPresent()) {
            forget(version);
            return;
        }
        if (descriptor.isEmpty() && verdict.isEmpty() && !records.hasScores(version)) {
            return;
        }
        known.add(version);
        verdict.ifPresent(meters.versions()::judged);
        if (descriptor.isPresent()) {
            meters.versions().described(descriptor.get());
            plan(descriptor.get(), nowMs);
        } else if (verdict.isEmpty()) {
            Readiness reported = readiness.report(Silence.unregistered(version), false, nowMs);
            stores.plans().put(version.toString(), PlanState.silent(reported));
        }
    }

    private void plan(ModelDescriptor descriptor, long nowMs) {
        VersionKey version = descriptor.key();
        Map<String, PointStatistics> scores = records.scores(descriptor);
        scores.forEach((point, known) -> known.expressiveness()
                .ifPresent(score -> meters.windows().scored(version, point, known.samples(), score)));
        Policy policy = Optional.ofNullable(stores.policies().get(version.model()))
                .orElseGet(() -> settings.policies().apply(version.model()));
        PlanOutcome outcome = outcome(descriptor, scores, policy);
        PlanState last = stores.plans().get(version.toString());
        String basis = Cadence.basis(descriptor, policy);
        Optional<Recommendation> fresh =
                outcome.recommendation().filter(plan -> cadence.allows(last, basis, plan, nowMs));
        boolean held = outcome.recommendation()
                .filter(plan -> cadence.holdsBack(last, basis, plan, nowMs))
                .isPresent();
        Readiness planned =
                held ? Silence.heldBack(outcome.readiness(), cadence.standsUntil(last, policy)) : outcome.readiness();
        Readiness reported = readiness.report(planned, records.isWindowFull(version, settings.windowPanes()), nowMs);
        nextLook.at(version, held ? cadence.standsUntil(last, policy) : nowMs + LOOK_AGAIN_MS);
        PlanState standing = last == null ? PlanState.silent(reported) : last.with(reported);
        PlanState next =
                fresh.map(plan -> new PlanState(basis, plan, nowMs, reported)).orElse(standing);
        if (!next.equals(last)) {
            stores.plans().put(version.toString(), next);
        }
        meters.plans().planned(descriptor, Optional.ofNullable(next.recommendation()));
        fresh.ifPresent(plan -> publish(plan, nowMs));
    }

    /** A descriptor that contradicts itself must not keep other models from their plan. */
    private PlanOutcome outcome(ModelDescriptor descriptor, Map<String, PointStatistics> scores, Policy policy) {
        try {
            return planner.plan(descriptor, scores, policy);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be planned for", descriptor.key(), e);
            return new PlanOutcome(Silence.unplannable(descriptor, e), Optional.empty());
        }
    }

    private void publish(Recommendation plan, long nowMs) {
        context.forward(new Record<>(plan.model(), plan, nowMs));
        meters.plans().published();
    }

    private void forget(VersionKey version) {
        records.forget(version);
        readiness.forget(version);
        meters.forget(version);
        known.remove(version);
        nextLook.never(version);
    }
}
