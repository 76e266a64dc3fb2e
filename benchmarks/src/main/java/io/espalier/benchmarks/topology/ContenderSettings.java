package io.espalier.benchmarks.topology;

import io.espalier.streams.settings.StreamsSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a contender's process is told.
 *
 * @param prefix of the topics
 * @param publishMs least wall-clock time between two publications, 0: with each commit
 * @param application id, new for each run that shall start from nothing
 */
record ContenderSettings(
        Kind kind,
        String bootstrap,
        String prefix,
        String application,
        String stateDir,
        String guarantee,
        long commitMs,
        long publishMs,
        int threads,
        long paneMs,
        int panes) {
    /** Who runs. */
    enum Kind {
        /** With Kafka's own settings. */
        BARE_LOOP,
        /** With the socket buffers that our service has. */
        BARE_LOOP_OUR_SOCKETS,
        ESPALIER,
        OBVIOUS,
        /** Without Kafka's record cache, and without scores, which it would send for each record then. */
        OBVIOUS_UNCACHED;

        boolean isBareLoop() {
            return this == BARE_LOOP || this == BARE_LOOP_OUR_SOCKETS;
        }
    }

    ContenderSettings withStateDir(String directory) {
        return new ContenderSettings(
                kind,
                bootstrap,
                prefix,
                application,
                directory,
                guarantee,
                commitMs,
                publishMs,
                threads,
                paneMs,
                panes);
    }

    String[] toArguments() {
        return new String[] {
            kind.name(),
            bootstrap,
            prefix,
            application,
            stateDir,
            guarantee,
            Long.toString(commitMs),
            Long.toString(publishMs),
            Integer.toString(threads),
            Long.toString(paneMs),
            Integer.toString(panes)
        };
    }

    static ContenderSettings parse(String[] arguments) {
        return new ContenderSettings(
                Kind.valueOf(arguments[0]),
                arguments[1],
                arguments[2],
                arguments[3],
                arguments[4],
                arguments[5],
                Long.parseLong(arguments[6]),
                Long.parseLong(arguments[7]),
                Integer.parseInt(arguments[8]),
                Long.parseLong(arguments[9]),
                Integer.parseInt(arguments[10]));
    }

    /** As the service would have it: what is not said here is its default. */
    StreamsSettings streams() {
        Map<String, String> settings = new HashMap<>();
        settings.put("espalier.kafka.bootstrap.servers", bootstrap);
        settings.put("espalier.topics.prefix", prefix);
        settings.put("espalier.topics.replication", "1");
        settings.put("espalier.application.id", application);
        settings.put("espalier.state.dir", stateDir);
        settings.put("espalier.processing.guarantee", guarantee);
        settings.put("espalier.commit.interval", Duration.ofMillis(commitMs).toString());
        settings.put("espalier.publish.interval", Duration.ofMillis(publishMs).toString());
        settings.put("espalier.threads", Integer.toString(threads));
        settings.put("espalier.window.pane", Duration.ofMillis(paneMs).toString());
        settings.put("espalier.window.panes", Integer.toString(panes));
        return StreamsSettings.of(settings);
    }
}
