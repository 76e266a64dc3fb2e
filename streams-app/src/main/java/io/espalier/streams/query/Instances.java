package io.espalier.streams.query;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Which instance of the application has the state of which models. */
public interface Instances {
    /** Where others reach this one; empty when they cannot. */
    Optional<HostInfo> self();

    /**
     * The other instance that has a model; empty when it is this one, known to the model or not.
     *
     * @throws UnavailableException when nobody has it at the moment, or it cannot be told who
     */
    Optional<HostInfo> owner(String model);

    /** All others that have some models. */
    List<HostInfo> others();

    /** How many partitions the models of all instances are in; throws {@link UnavailableException} while it is not known. */
    int partitions();
}
