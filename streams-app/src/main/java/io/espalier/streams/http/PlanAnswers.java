package io.espalier.streams.http;

import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Policy;
import io.espalier.streams.query.ModelQueries;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Plans that are made for whoever asks, of the scores as they are now: nothing is published and nothing remembered. */
final class PlanAnswers {
    private final ModelQueries queries;
    private final ModelAnswers versions;
    private final Planner planner = new Planner();

    PlanAnswers(ModelQueries queries, ModelAnswers versions) {
        this.queries = queries;
        this.versions = versions;
    }

    /**
     * Of each registered version, the plan by a policy; made when it is written.
     *
     * @param body a record of the policies topic; empty for the policy in force
     * @throws BadRequestException when it is no policy
     */
    Iterator<Named> of(String model, byte[] body, String after) {
        NotKnownException.requireKnown(queries, model);
        Policy policy = body.length == 0 ? queries.policy(model) : policy(body);
        return versions.registered(model, after, descriptor -> plan(descriptor, policy));
    }

    private static Policy policy(byte[] body) {
        try {
            return Codecs.POLICY.decode(body);
        } catch (RefusedRecordException e) {
            throw new BadRequestException(
                    "the body is no policy: " + e.getMessage()
                            + ". Send one as on the policies topic (docs/schemas/policy.schema.json), or none for that in force");
        }
    }

    private Views.Plan plan(ModelDescriptor descriptor, Policy policy) {
        Map<String, PointStatistics> points = new TreeMap<>();
        for (CapturePoint point : descriptor.capturePoints()) {
            queries.window(descriptor.key(), point)
                    .ifPresent(window -> points.put(point.name(), PointStatistics.of(window)));
        }
        PlanOutcome outcome = planner.planOrSayWhyNot(descriptor, points, policy);
        return new Views.Plan(
                descriptor.version(),
                outcome.readiness(),
                outcome.saving(),
                outcome.recommendation().orElse(null));
    }
}
