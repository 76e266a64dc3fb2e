package io.espalier.zoo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.protocol.codec.Json;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.ModelRuntimeException;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.surgery.IllegalPlanException;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The surgery for the zoo's Python, in one process that stays: a request and an answer are a line of JSON each. An answer is
 * {@code ok}, or {@code refused} with the one line that a user would get, or {@code crashed} with a trace, which is a defect.
 */
public final class ZooServer {
    private final ObjectMapper mapper = Json.mapper();
    private final ZooModels models;

    private ZooServer(ModelRuntime runtime) {
        this.models = new ZooModels(runtime);
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // What a library prints must not stand among the answers.
        System.setOut(System.err);
        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1));
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ZooServer server = new ZooServer(runtime);
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(server.mapper.writeValueAsString(server.answer(line)));
                answers.flush();
            }
        }
    }

    private Map<String, Object> answer(String line) {
        try {
            return Map.of("ok", models.serve(mapper.readValue(line, ZooModels.Request.class)));
        } catch (ModelFormatException | ModelInputException | ModelRuntimeException | IllegalPlanException e) {
            return Map.of("refused", String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException | Error e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return Map.of("crashed", trace.toString());
        }
    }
}
