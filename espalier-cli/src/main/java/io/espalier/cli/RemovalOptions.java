package io.espalier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.protocol.codec.Json;
import io.espalier.streams.maintenance.Maintenance;
import io.espalier.streams.maintenance.Removal;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine.Option;

/** Says what is to be taken away, and takes it away only when told to. */
final class RemovalOptions {
    @Option(names = "--execute", description = "Do it; without, nothing is changed.")
    private boolean execute;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    void run(Maintenance maintenance, Removal removal, PrintWriter out) {
        if (execute) {
            maintenance.execute(removal);
        }
        if (json) {
            out.println(toJson(removal));
        } else {
            print(removal, out);
        }
        out.flush();
    }

    private void print(Removal removal, PrintWriter out) {
        String did = execute ? "deleted " : "would delete ";
        line(out, did + "consumer group ", removal.groups());
        line(out, did + "topic ", removal.topics());
        line(out, did + "folder ", removal.folders());
        if (removal.removesNothing()) {
            out.println("there is nothing to delete");
        } else if (!execute) {
            removal.activeGroups()
                    .forEach(group -> out.println("group " + group + " has active members: stop the services first"));
            out.println("nothing was changed: --execute does it");
        }
    }

    private static void line(PrintWriter out, String start, List<String> names) {
        names.forEach(name -> out.println(start + name));
    }

    private String toJson(Removal removal) {
        try {
            ObjectNode result = Json.mapper().createObjectNode().put("executed", execute);
            result.setAll((ObjectNode) Json.mapper().valueToTree(removal));
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
