package io.espalier.sidecar.http;

import io.espalier.runtime.Tensor;
import io.espalier.sidecar.metrics.RequestMetrics;
import io.espalier.sidecar.metrics.RequestMetrics.Outcome;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.List;

/** One inference request from body to answer, counted by how it ends. */
final class InferenceHandler {
    private final RequestReader reader = new RequestReader();
    private final ModelSignature signature;
    private final InferenceServer.Inference inference;
    private final ResponseWriter writer;
    private final RequestMetrics metrics;

    InferenceHandler(
            ModelSignature signature,
            InferenceServer.Inference inference,
            ResponseWriter writer,
            RequestMetrics metrics) {
        this.signature = signature;
        this.inference = inference;
        this.writer = writer;
        this.metrics = metrics;
    }

    /** @param check refuses requests that are for another model */
    void handle(Context context, Runnable check) {
        long start = System.nanoTime();
        Outcome outcome = Outcome.FAILED;
        try {
            check.run();
            context.result(answer(context.bodyAsBytes()));
            outcome = Outcome.OK;
        } catch (RejectedRequestException e) {
            outcome = Outcome.REJECTED;
            throw e;
        } catch (HttpResponseException e) {
            outcome = e.getStatus() < 500 ? Outcome.REJECTED : Outcome.FAILED;
            throw e;
        } finally {
            metrics.answered(outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private byte[] answer(byte[] body) {
        InferenceRequest request = reader.read(body);
        List<Integer> places = signature.places(request.outputs());
        ModelSignature.Arguments arguments = signature.arguments(request.inputs());
        List<Tensor> outputs = inference.infer(arguments.tensors(), arguments.rows());
        return writer.inference(request.id(), outputs, places);
    }
}
