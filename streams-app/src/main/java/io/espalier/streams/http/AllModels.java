package io.espalier.streams.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import io.espalier.streams.query.Instances;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;

/** The models of all instances, each of which is asked for its own; that one did not answer is an error, said with the rest. */
final class AllModels implements Handler {
    /** Of answers to other instances: the partitions that were read, separated by commas. */
    private static final String PARTITIONS = "Espalier-Partitions";

    private final ModelAnswers answers;
    private final Instances instances;
    private final Peers peers;
    private final JsonAnswers json;
    private final JsonMapper mapper = Json.mapper();

    AllModels(ModelAnswers answers, Instances instances, Peers peers, JsonAnswers json) {
        this.answers = answers;
        this.instances = instances;
        this.peers = peers;
        this.json = json;
    }

    @Override
    public void handle(Context context) {
        PageRequest page = PageRequest.of(context);
        ModelsPart own = answers.models(page.after(), page.limit());
        if (Peers.isForwarded(context)) {
            context.header(
                    PARTITIONS, own.partitions().stream().map(String::valueOf).collect(Collectors.joining(",")));
            json.write(context, own.elements(), own.more(), page);
            return;
        }
        GatheredModels gathered = new GatheredModels(instances.partitions());
        gathered.add(own);
        List<CompletableFuture<Void>> asked = instances.others().stream()
                .map(peer ->
                        peers.send(context, peer).handle((answer, failure) -> add(peer, answer, failure, gathered)))
                .toList();
        context.future(() -> CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenRun(() -> write(context, page, gathered)));
    }

    private Void add(HostInfo peer, HttpResponse<byte[]> answer, Throwable failure, GatheredModels gathered) {
        String name = peer.host() + ":" + peer.port();
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            gathered.silent(cause.getMessage());
        } else if (answer.statusCode() != HttpStatus.OK.getCode()) {
            gathered.silent("instance " + name + " answers with status " + answer.statusCode());
        } else {
            try {
                gathered.add(part(answer));
            } catch (IOException | NumberFormatException e) {
                gathered.silent("instance " + name + " answers with what is no list of models: is it another version?");
            }
        }
        return null;
    }

    private ModelsPart part(HttpResponse<byte[]> answer) throws IOException {
        Set<Integer> partitions = Arrays.stream(
                        answer.headers().firstValue(PARTITIONS).orElse("").split(","))
                .filter(text -> !text.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
        boolean more = answer.headers().firstValue(NextPage.HEADER).isPresent();
        return new ModelsPart(List.of(mapper.readValue(answer.body(), Views.Model[].class)), more, partitions);
    }

    private void write(Context context, PageRequest page, GatheredModels gathered) {
        ModelsPart all = gathered.joined();
        gathered.missing()
                .ifPresentOrElse(
                        missing -> {
                            HttpApi.tryLater(context);
                            json.write(
                                    context,
                                    new Views.PartOfModels(
                                            missing,
                                            all.models().stream()
                                                    .limit(page.limit())
                                                    .toList()),
                                    page);
                        },
                        () -> json.write(context, all.elements(), all.more(), page));
    }
}
