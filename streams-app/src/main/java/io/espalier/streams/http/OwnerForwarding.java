package io.espalier.streams.http;

import io.espalier.streams.query.Instances;
import io.espalier.streams.query.UnavailableException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Sends a request about a model on to the instance that has it, before any endpoint sees it. */
final class OwnerForwarding implements Handler {
    /** Of answers: the instance that gave it. */
    static final String INSTANCE = "Espalier-Instance";

    private static final List<String> ANSWER_HEADERS =
            List.of("Content-Type", NextPage.HEADER, HttpApi.RETRY_AFTER, INSTANCE);

    private final Instances instances;
    private final Peers peers;

    OwnerForwarding(Instances instances, Peers peers) {
        this.instances = instances;
        this.peers = peers;
    }

    @Override
    public void handle(Context context) {
        String model = context.pathParam("model");
        Optional<HostInfo> owner = instances.owner(model);
        if (owner.isEmpty()) {
            instances.self().ifPresent(self -> context.header(INSTANCE, self.host() + ":" + self.port()));
            return;
        }
        if (Peers.isForwarded(context)) {
            throw new UnavailableException("model '" + model + "' moves between instances: try again shortly", null);
        }
        context.skipRemainingHandlers();
        context.future(() -> peers.send(context, owner.get()).thenAccept(answer -> copy(answer, context)));
    }

    private static void copy(HttpResponse<byte[]> answer, Context context) {
        context.status(answer.statusCode()).result(answer.body());
        for (String name : ANSWER_HEADERS) {
            answer.headers().firstValue(name).ifPresent(value -> context.header(name, value));
        }
    }
}
