package io.espalier.runtime.recovery;

import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.stage.Stage;
import io.espalier.surgery.stage.Staging;
import io.espalier.surgery.stage.Tap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network that runs over some batches stop by stop, so that what comes behind a stop can be given other weights. At a stop
 * it keeps what it needs to go on, where that is little enough; otherwise it goes on from the last stop where it was.
 */
final class StagedNetwork implements AutoCloseable {
    /**
     * A place to stop at.
     *
     * @param place index of the operator before which it stops
     * @param taps what to look at from there, at this place or behind it
     */
    record Stop(int place, List<Tap> taps) {}

    /** How a stop is reached, and looked at. */
    private record Leg(Optional<Stage> advance, Stage look) {}

    /** Bytes that may be kept at a stop: of two networks, beside the sums of a wide layer, it leaves a process below 2 GB. */
    private static final long MEMORY = 200L << 20;

    private final List<Leg> legs;
    private final LoadedModel model;
    private final List<Map<Value, Tensor>> kept = new ArrayList<>();
    private int next;
    private Stage look;

    /**
     * @param stops in order of execution
     * @param given stored tensors whose numbers may change on the way
     */
    StagedNetwork(
            ModelRuntime runtime, Subject network, List<Stop> stops, Set<Parameter> given, List<List<Tensor>> batches)
            throws IOException {
        List<Value> inputs = network.archive().graph().inputs();
        for (List<Tensor> batch : batches) {
            Map<Value, Tensor> values = new HashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                values.put(inputs.get(i), batch.get(i));
            }
            kept.add(values);
        }
        long samples =
                batches.stream().mapToLong(batch -> batch.get(0).shape()[0]).sum();
        legs = legs(network, stops, given, MEMORY / Math.max(1, samples));
        List<Stage> stages = new ArrayList<>();
        legs.forEach(leg -> {
            leg.advance().ifPresent(stages::add);
            stages.add(leg.look());
        });
        model = runtime.loadWritten(file -> network.archive().writeStages(stages, file));
    }

    private static List<Leg> legs(Subject network, List<Stop> stops, Set<Parameter> given, long memory) {
        Staging staging = new Staging(network.archive().graph(), given);
        List<Leg> legs = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            List<Tap> ahead = stops.subList(i, stops.size()).stream()
                    .flatMap(s -> s.taps().stream())
                    .toList();
            Optional<List<Value>> keepable =
                    staging.keepable(stop.place(), ahead).filter(values -> bytes(network, values) <= memory);
            Optional<Stage> advance = Optional.empty();
            if (keepable.isPresent() && stop.place() > from) {
                advance = Optional.of(staging.advance("advance_" + i, from, stop.place(), keepable.get()));
                from = stop.place();
            }
            legs.add(new Leg(advance, staging.look("look_" + i, from, stop.taps())));
        }
        return legs;
    }

    private static long bytes(Subject network, List<Value> values) {
        return values.stream()
                .mapToLong(value -> Float.BYTES
                        * Arrays.stream(network.shapes().get(value.tensor())).reduce(1, Math::multiplyExact))
                .sum();
    }

    /** Goes on to the next stop, with the weights as they are now. */
    void advance(Weights weights) {
        Leg leg = legs.get(next++);
        look = leg.look();
        leg.advance()
                .ifPresent(stage -> kept.replaceAll(values -> {
                    List<Tensor> results = run(stage, values, weights);
                    Map<Value, Tensor> behind = new HashMap<>();
                    for (int i = 0; i < results.size(); i++) {
                        behind.put(stage.results().get(i), results.get(i));
                    }
                    return behind;
                }));
    }

    /** What this stop's taps show of a batch, each float32 [batch, units, positions]. */
    List<Tensor> look(int batch, Weights weights) {
        return run(look, kept.get(batch), weights);
    }

    private List<Tensor> run(Stage stage, Map<Value, Tensor> values, Weights weights) {
        List<Tensor> inputs = new ArrayList<>();
        stage.inputs().forEach(input -> inputs.add(values.get(input)));
        stage.given().forEach(parameter -> inputs.add(weights.get(parameter)));
        return model.call(stage.name(), inputs);
    }

    @Override
    public void close() {
        model.close();
    }
}
