package io.espalier.protocol.record;

import io.espalier.protocol.Names;
import java.time.Duration;
import java.util.Map;

/**
 * How much of a version's activations is wanted; published on {@link io.espalier.protocol.Topics#control}. The latest holds
 * until it was not renewed for a few times {@link #RENEWAL}: then nobody is in control any more, and all are wanted.
 *
 * @param rates per capture point, the share of the sampled requests whose activations are wanted there, in [0, 1]; all of
 *     them where a capture point is not named
 */
public record SamplingDirective(String model, String version, Map<String, Double> rates) {
    /** A directive that still holds is published again after about so long. */
    public static final Duration RENEWAL = Duration.ofMinutes(5);

    public SamplingDirective {
        Names.require("model", model);
        Names.require("version", version);
        rates = Map.copyOf(Required.present("rates", rates));
        rates.forEach((point, rate) -> Required.share("rates." + point, rate));
    }
}
