package io.espalier.protocol.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.espalier.protocol.Names;
import io.espalier.protocol.VersionKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the planner and the compressor know of a served model; published on {@link io.espalier.protocol.Topics#models}.
 *
 * @param params trainable parameters (running statistics of norms are not)
 * @param macs multiply-accumulates of convolutions and linear layers, for one sample of the shapes of {@code inputs}
 * @param groups only groups whose units can all be removed
 * @param paramTerms add up to {@code params}, and tell how they shrink
 * @param macTerms add up to {@code macs}, and tell how they shrink
 * @param protectedUnits what cannot be cut, and why
 */
public record ModelDescriptor(
        String model,
        String version,
        Artifact artifact,
        List<Input> inputs,
        long params,
        long macs,
        List<Layer> layers,
        List<Group> groups,
        List<CapturePoint> capturePoints,
        List<CostTerm> paramTerms,
        List<CostTerm> macTerms,
        List<ProtectedUnits> protectedUnits) {
    public ModelDescriptor {
        Names.require("model", model);
        Names.require("version", version);
        Required.present("artifact", artifact);
        inputs = Required.list("inputs", inputs);
        layers = Required.list("layers", layers);
        groups = Required.list("groups", groups);
        capturePoints = Required.list("capture_points", capturePoints);
        paramTerms = Required.list("param_terms", paramTerms);
        macTerms = Required.list("mac_terms", macTerms);
        protectedUnits = Required.list("protected_units", protectedUnits);
        for (Group group : groups) {
            for (String name : group.capturePoints()) {
                requirePoint(capturePoints, group, name);
            }
        }
    }

    public VersionKey key() {
        return new VersionKey(model, version);
    }

    public Optional<CapturePoint> capturePoint(String name) {
        return find(capturePoints, name);
    }

    private static void requirePoint(List<CapturePoint> capturePoints, Group group, String name) {
        if (find(capturePoints, name)
                .filter(point -> point.units() == group.units())
                .isEmpty()) {
            throw new IllegalArgumentException("group " + group.id() + " of " + group.units()
                    + " units is seen at capture point '" + name + "', and there is none of that name and size");
        }
    }

    private static Optional<CapturePoint> find(List<CapturePoint> capturePoints, String name) {
        return capturePoints.stream().filter(point -> point.name().equals(name)).findFirst();
    }

    /**
     * The file of a version.
     *
     * @param uri where it lies, readable by the compressor; {@code file:} today
     * @param sha256 lower-case hexadecimal
     */
    public record Artifact(String uri, String sha256) {
        public Artifact {
            Required.present("artifact.uri", uri);
            Required.present("artifact.sha256", sha256);
        }
    }

    /**
     * An input tensor.
     *
     * @param datatype as the Open Inference Protocol names it, {@code FP32} say
     * @param shape with a batch dimension of 1
     */
    public record Input(String name, String datatype, List<Long> shape) {
        public Input {
            Required.present("inputs.name", name);
            Required.present("inputs.datatype", datatype);
            shape = Required.list("inputs.shape", shape);
        }
    }

    /** A layer and its cost; {@code op} is the operator, {@code conv2d} say. */
    public record Layer(String name, String op, long params, long macs) {}

    /**
     * Units that must go together, of all tensors they run through.
     *
     * @param importance what weights alone say, a value per unit, 0 or more, by name: {@code l1} and {@code l2}, norms of
     *     the weights that make a unit; {@code consumer_l2}, the norm of those that read it; {@code bn_scale}, the mean of
     *     the absolute scales of its batch norms. The last two are missing where some unit has none, and all may be in
     *     descriptors of older versions
     * @param blocks empty, and absent in JSON, when any units may go; else a partition of the units into equally large
     *     blocks (the groups of a grouped convolution, the halves of a chunk): a plan removes equally many of each. With
     *     {@code widths}, the blocks may be of different sizes
     * @param widths empty, and absent in JSON, when blocks are equally large; else how many units of each block a plan may
     *     keep together, from the full sizes down, none above that of the list before (the stages of a network that halves
     *     and shuffles its channels again and again)
     */
    public record Group(
            String id,
            int units,
            List<Member> members,
            List<String> capturePoints,
            Map<String, float[]> importance,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<Integer>> blocks,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<Integer>> widths) {
        public Group {
            Names.require("group", id);
            Required.atLeastOne("units of group " + id, units);
            members = Required.list("groups.members", members);
            capturePoints = Required.list("groups.capture_points", capturePoints);
            importance = importance == null ? Map.of() : Map.copyOf(importance);
            for (Map.Entry<String, float[]> entry : importance.entrySet()) {
                if (entry.getValue().length != units) {
                    throw new IllegalArgumentException("group " + id + " has " + units + " units, but "
                            + entry.getValue().length + " values of importance " + entry.getKey());
                }
            }
            blocks = Blocks.copy(blocks);
            widths = Blocks.copy(widths);
            if (widths.isEmpty()) {
                Blocks.requireEqual(id, blocks);
            } else {
                Blocks.requireWidths(id, blocks, widths);
            }
            Blocks.requirePartition(id, units, blocks);
        }
    }

    /** A dimension of a parameter or buffer, by its name in the archive. */
    public record Member(String tensor, int dim) {}

    /** A sampled tensor: unit {@code u} of the capture point is unit {@code u} of the group. */
    public record CapturePoint(String name, String group, int units, int positions) {
        public CapturePoint {
            Names.require("capture point", name);
            Names.require("group", group);
            Required.atLeastOne("units of " + name, units);
            Required.atLeastOne("positions of " + name, positions);
        }
    }

    /**
     * Units that are never cut: the tensor, the operator and its place in the source, and the reason.
     *
     * @param distinct how many of the units are not tied to units that are listed before, with another tensor; null when all
     *     of them are
     */
    public record ProtectedUnits(
            String tensor,
            int units,
            String op,
            String where,
            String reason,
            @JsonInclude(JsonInclude.Include.NON_NULL) Integer distinct) {
        public ProtectedUnits {
            distinct = distinct != null && distinct == units ? null : distinct;
        }

        /** Units that no entry before has counted. */
        public int countedFirst() {
            return distinct == null ? units : distinct;
        }
    }
}
