package io.espalier.streams.topology;

import io.espalier.planner.Planner;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.ModelVersion.State;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Regret;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.topology.PlanningInput.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Keeps the latest records of each model; on a timer, plans for the versions of which something changed. */
final class PlanningProcessor implements Processor<String, PlanningInput, String, Object> {
    private final PlanningSettings settings;
    private final Planner planner;
    private final ModelMeters meters;
    private final Set<VersionKey> changed = new HashSet<>();
    private final Set<VersionKey> known = new HashSet<>();
    private final NextLook nextLook = new NextLook();
    private ProcessorContext<String, Object> context;
    private PlanningStores stores;
    private ModelRecords records;
    private ReadinessReport readiness;
    private Announcements announcements;
    private VersionPlanning planning;
    private boolean isStarting;

    PlanningProcessor(PlanningSettings settings, Planner planner, ModelMeters meters) {
        this.settings = settings;
        this.planner = planner;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
        stores = PlanningStores.of(context);
        records = new ModelRecords(stores);
        readiness = new ReadinessReport(meters.evidence());
        announcements = new Announcements(isAtLeastOnce(context), stores.plans());
        planning = new VersionPlanning(
                settings, planner, meters, stores, records, announcements, readiness, this::publish);
        isStarting = true;
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
        // What ends in order ends with a commit; where a send has failed, this write fails with it.
        announcements.committed();
        known.forEach(meters::forget);
    }

    private void lookAtChanges(long nowMs) {
        if (isStarting) {
            isStarting = false;
            announcements.open().forEach(this::publish);
        } else {
            announcements.committed();
        }
        changed.addAll(nextLook.due(nowMs));
        for (VersionKey version : List.copyOf(changed)) {
            lookAt(version, nowMs);
            changed.remove(version);
        }
        if (announcements.isWaiting()) {
            // Before the next look.
            context.commit();
        }
    }

    private static boolean isAtLeastOnce(ProcessorContext<?, ?> context) {
        return !StreamsConfig.EXACTLY_ONCE_V2.equals(
                context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }

    private void lookAt(VersionKey version, long nowMs) {
        Optional<ModelVersion> verdict = Optional.ofNullable(stores.versions().get(version.toString()));
        Optional<ModelDescriptor> descriptor = records.descriptor(version);
        if (verdict.filter(record -> record.state() == State.RETIRED).isPresent()) {
            forget(version);
            return;
        }
        if (descriptor.isEmpty() && verdict.isEmpty() && !records.hasScores(version)) {
            // Of one that fell silent before or after its descriptor went, something may be left.
            forget(version);
            return;
        }
        known.add(version);
        verdict.ifPresent(meters.versions()::judged);
        if (descriptor.isPresent()) {
            meters.versions().described(descriptor.get());
            nextLook.at(version, planning.plan(descriptor.get(), nowMs));
        } else if (verdict.isEmpty()) {
            Readiness reported = readiness.report(Silence.unregistered(version), false, nowMs);
            stores.plans().put(version.toString(), PlanState.silent(reported));
        }
    }

    private void publish(Object record) {
        context.forward(new Record<>(keyOf(record), record, context.currentSystemTimeMs()));
    }

    private static String keyOf(Object record) {
        if (record instanceof SamplingDirective directive) {
            return new VersionKey(directive.model(), directive.version()).toString();
        }
        return record instanceof Regret regret ? regret.model() : ((Recommendation) record).model();
    }

    private void forget(VersionKey version) {
        records.forget(version);
        planning.forget(version);
        readiness.forget(version);
        meters.forget(version);
        known.remove(version);
        nextLook.never(version);
    }
}
