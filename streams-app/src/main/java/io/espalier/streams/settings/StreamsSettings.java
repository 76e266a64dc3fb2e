package io.espalier.streams.settings;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Ranking;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.settings.KafkaProperties;
import io.espalier.settings.SettingsReader;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.GroupProtocol;

/**
 * The settings of the streams service, all under {@code espalier.}. Durations are ISO-8601 ({@code PT1M}), sizes bytes.
 */
@ConfigMapping(prefix = "espalier")
public interface StreamsSettings {
    /**
     * Reads a properties or YAML file and, over it, the environment.
     *
     * @param file null to go by the environment alone
     * @throws io.espalier.settings.SettingsException when a setting is missing, unknown or cannot be used
     */
    static StreamsSettings read(Path file, Map<String, String> environment) {
        return reader(Defaults.OF_THE_SERVICE).read(file, environment);
    }

    /**
     * Takes settings by their full keys.
     *
     * @throws io.espalier.settings.SettingsException when a setting is missing, unknown or cannot be used
     */
    static StreamsSettings of(Map<String, String> settings) {
        return reader(Defaults.OF_THE_SERVICE).of(settings);
    }

    /**
     * As {@link #read}, for a process that is the compressor alone: it takes another port unless told, and all processors.
     * What is set of the rest of the service says nothing here, so that both can have the same file.
     */
    static StreamsSettings readForCompressor(Path file, Map<String, String> environment) {
        return reader(Defaults.OF_A_COMPRESSOR).read(file, environment);
    }

    private static SettingsReader<StreamsSettings> reader(Map<String, String> defaults) {
        return new SettingsReader<>(StreamsSettings.class, defaults, StreamsSettingsCheck::check);
    }

    KafkaProperties kafka();

    TopicSettings topics();

    /** Names the consumer groups, internal topics and transactions: one per installation. */
    @WithName("application.id")
    @WithDefault("espalier-streams")
    String applicationId();

    /**
     * {@code host:port} at which other instances reach the HTTP port of this one. When it is not set, {@code http.host}, or
     * for one that stands for all addresses the machine's own, and {@code http.port}.
     */
    @WithName("application.server")
    Optional<String> applicationServer();

    /** Where the streams keep their local state. */
    @WithName("state.dir")
    @WithDefault("espalier-data/state")
    Path stateDir();

    /** What the windows counted by this instance may take together, in bytes; half of the heap unless set. */
    @WithName("state.max-bytes")
    long stateMaxBytes();

    /** Where compressed versions are written, as {@code model-version.pt}. */
    @WithName("artifacts.dir")
    @WithDefault("espalier-data/artifacts")
    Path artifactsDir();

    HttpSettings http();

    WindowPart window();

    /** Least wall-clock time between two publications of scores, which go out with a commit; zero: with each. */
    @WithName("publish.interval")
    @WithDefault("PT0S")
    Duration publishInterval();

    /**
     * Time between commits. State is written once per commit, so this trades changelog volume for latency: under
     * exactly-once nobody sees a score before it is committed.
     */
    @WithName("commit.interval")
    @WithDefault("PT1S")
    Duration commitInterval();

    /** {@code exactly_once_v2} or {@code at_least_once}. */
    @WithName("processing.guarantee")
    @WithConverter(GuaranteeConverter.class)
    @WithDefault("exactly_once_v2")
    String processingGuarantee();

    /** How members share the work: {@code classic}, or {@code streams}, where the brokers assign the tasks. */
    @WithName("group.protocol")
    @WithDefault("classic")
    GroupProtocol groupProtocol();

    /** Copies of the state that other instances keep up to date, to take over with; they need as many instances more. */
    @WithDefault("0")
    int standbyReplicas();

    /** Stream threads of each topology. */
    @WithDefault("1")
    int threads();

    PlanSettings plan();

    DriftPart drift();

    ControlPart control();

    /** The policy of models that have none on the policies topic. */
    PolicySettings policy();

    /** A YAML or JSON file of policies by model, each as a record of the policies topic has it. */
    @WithName("policies.file")
    Optional<Path> policiesFile();

    CompressorSettings compressor();

    /** How long {@code close()} may take before threads are left behind. */
    @WithName("shutdown.timeout")
    @WithDefault("PT30S")
    Duration shutdownTimeout();

    /** Of topics that are made at start; topics that exist stay as they are. */
    interface TopicSettings {
        @WithDefault("espalier.")
        String prefix();

        @WithDefault("4")
        int partitions();

        /** Replicas of each topic, internal ones included; -1 leaves it to the broker. */
        @WithDefault("-1")
        short replication();

        /** Largest record of every topic; a shard whose state could pass it is refused. */
        @WithDefault("8388608")
        int maxMessageBytes();
    }

    interface HttpSettings {
        @WithDefault("0.0.0.0")
        String host();

        /** 0 for any free port. */
        int port();
    }

    /** Names {@code espalier.window.*}. */
    interface WindowPart {
        /** Length of a pane in event time. */
        @WithDefault("PT1M")
        Duration pane();

        /** Panes of a window. */
        @WithDefault("60")
        int panes();

        /** How late a batch may be, behind the newest of its shard; never more than the window. */
        @WithDefault("PT1H")
        Duration grace();

        /** Time without traffic after which a shard, and with it a version, is forgotten. */
        @WithDefault("P7D")
        Duration retention();
    }

    interface PlanSettings {
        /** Wall-clock time between two looks at the models that changed. */
        @WithDefault("PT1S")
        Duration interval();

        /** How long a recommendation stands before new scores alone may replace it. */
        @WithDefault("PT1H")
        Duration coolDown();
    }

    /** Names {@code espalier.drift.*}. */
    interface DriftPart {
        /** Time in which a capture point of unchanged traffic gives one false alarm at most. */
        @WithDefault("P30D")
        Duration runLength();

        /** Of a unit's score: less is of no consequence. */
        @WithDefault("0.02")
        double minChange();

        /** Share of a capture point's units that must have changed. */
        @WithDefault("0.05")
        double minUnits();
    }

    /** Names {@code espalier.control.*}. */
    interface ControlPart {
        /** Whether sidecars are told how much of each capture point is wanted. */
        @WithDefault("true")
        boolean enabled();

        /** Time between two of a version, at the least. */
        @WithDefault("PT10S")
        Duration interval();

        /** Lowest rate of a capture point: at that drift is still seen. */
        @WithDefault("0.005")
        double floor();

        /** What the activations of a version may take. */
        @WithDefault("10000000")
        double bytesPerSecond();
    }

    /** As the record {@link Policy}, flat. */
    interface PolicySettings {
        /** {@code macs=0.5} or {@code params=0.4}: the share to keep at most. */
        @WithConverter(TargetConverter.class)
        @WithDefault("macs=0.5")
        Target target();

        @WithConverter(CriterionConverter.class)
        @WithDefault("expressiveness")
        Criterion criterion();

        @WithDefault("uniform")
        Ranking ranking();

        @WithDefault("0.9")
        double maxRemoved();

        @WithDefault("2")
        int minKept();

        @WithDefault("1")
        int multipleOf();

        @WithDefault("256")
        long minSamples();

        /** At which a unit must be on its side of the cut. */
        @WithDefault("0.95")
        double confidence();

        /** Share of all units that may be on either side of it. */
        @WithDefault("0.1")
        double maxUndecided();

        /** With {@code false} the compressor makes a version of each recommendation. */
        @WithDefault("true")
        boolean dryRun();

        /** Saving from which an outstanding plan is alerted on. */
        @WithDefault("0.1")
        double alert();

        /** Saving from which a plan is recommended. */
        @WithDefault("0")
        double act();

        /** {@code ridge,distil}: how a cut model is recovered with the inputs of the inputs topic; not at all unless given. */
        Optional<List<RecoveryStep>> recovery();
    }

    interface CompressorSettings {
        @WithDefault("true")
        boolean enabled();

        /** Random inputs that a new version is compared on. */
        @WithDefault("4")
        int randomInputs();

        /** Newest inputs of the inputs topic that it is compared on, when there are some. */
        @WithDefault("16")
        int sampledInputs();

        /** Threads of libtorch; 0 for one per processor. */
        int threads();

        /** A file of this machine that is locked during a job, so that there is one at a time. */
        Path lock();

        RecoverySettings recovery();
    }

    /** Of models whose policy asks for recovery. */
    interface RecoverySettings {
        /** Fewer inputs are not enough to recover with. */
        @WithDefault("256")
        int minInputs();

        /** The newest that are used. */
        @WithDefault("512")
        int maxInputs();

        /** How long a job waits for {@code min-inputs}, before it goes on without recovery. */
        @WithName("wait")
        @WithDefault("PT10M")
        Duration waitingTime();

        /** How long a model is distilled. */
        @WithDefault("PT10M")
        Duration timeLimit();
    }
}
