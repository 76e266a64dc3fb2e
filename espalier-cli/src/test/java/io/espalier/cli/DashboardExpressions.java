package io.espalier.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Every expression that the Grafana dashboard and the Prometheus rules file hold: panels, variables, recording rules and
 * alerts. On a healthy, busy system each gives numbers, an alert's left side included.
 */
final class DashboardExpressions {
    /** What Grafana would put for its own variables: a range that two scrapes fit in, at one a second. */
    private static final Map<String, String> BUILT_IN =
            Map.of("__rate_interval", "15s", "__interval", "15s", "__range", "1m");

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)(?::\\w+)?}|(\\w+))");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+),\\s*(\\w+)\\)", Pattern.DOTALL);

    private final List<Expression> expressions;

    private DashboardExpressions(List<Expression> expressions) {
        this.expressions = List.copyOf(expressions);
    }

    /**
     * One expression, ready for Prometheus.
     *
     * @param owner where it stands: {@code panel "Stream lag" B}, say
     * @param returnsData whether it gives numbers on a healthy system; a whole alert does not
     */
    record Expression(String owner, String text, boolean returnsData) {}

    /**
     * Reads the committed files, found from the working directory upwards.
     *
     * @throws IllegalArgumentException when an alert is not of the form {@link AlertCondition} or an expression has a
     *     variable that the dashboard does not define
     */
    static DashboardExpressions committed() throws IOException {
        return read(committedDashboard(), committedRules());
    }

    static Path committedDashboard() {
        return dashboards().resolve("grafana/espalier.json");
    }

    static Path committedRules() {
        return dashboards().resolve("prometheus/espalier-rules.yaml");
    }

    static DashboardExpressions read(Path dashboard, Path rules) throws IOException {
        List<Expression> expressions = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        JsonNode root = mapper.readTree(dashboard.toFile());
        List<String> variables = root.path("templating").path("list").findValuesAsText("name");
        for (JsonNode variable : root.path("templating").path("list")) {
            addVariable(variable, variables, expressions);
        }
        addPanels(root.path("panels"), variables, expressions);
        try (Reader reader = Files.newBufferedReader(rules)) {
            Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            addRules(mapper.valueToTree(yaml), expressions);
        }
        return new DashboardExpressions(expressions);
    }

    List<Expression> all() {
        return expressions;
    }

    /**
     * Evaluates all of them now.
     *
     * @return one line for each that does not parse, or gives no finite number though it should; empty when all is well
     */
    List<String> silentOrBroken(PrometheusServer server) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Expression expression : expressions) {
            PrometheusServer.Answer answer = server.query(expression.text());
            if (answer.error().isPresent()) {
                lines.add(line(expression, "is refused (" + answer.error().get() + ")"));
            } else if (expression.returnsData() && answer.numbers() == 0) {
                lines.add(line(expression, answer.series() == 0 ? "returns nothing" : "returns no finite number"));
            }
        }
        return lines;
    }

    private static String line(Expression expression, String fault) {
        return expression.owner() + " " + fault + ": "
                + expression.text().replaceAll("\\s+", " ").strip();
    }

    private static void addVariable(JsonNode variable, List<String> variables, List<Expression> expressions) {
        if (!variable.path("type").asText().equals("query")) {
            return;
        }
        String name = variable.path("name").asText();
        String query = variable.path("query").path("query").asText();
        Matcher labelValues = LABEL_VALUES.matcher(query);
        if (!labelValues.matches()) {
            throw new IllegalArgumentException(
                    "variable " + name + " asks '" + query + "': write label_values(SERIES, LABEL)");
        }
        String owner = "variable " + name;
        String series = substituted(owner, labelValues.group(1), variables);
        expressions.add(new Expression(owner, "group by (" + labelValues.group(2) + ") (" + series + ")", true));
    }

    private static void addPanels(JsonNode panels, List<String> variables, List<Expression> expressions) {
        for (JsonNode panel : panels) {
            addPanels(panel.path("panels"), variables, expressions);
            for (JsonNode target : panel.path("targets")) {
                String owner = "panel \"" + panel.path("title").asText() + "\" "
                        + target.path("refId").asText();
                String text = substituted(owner, target.path("expr").asText(), variables);
                expressions.add(new Expression(owner, text, true));
            }
        }
    }

    private static void addRules(JsonNode file, List<Expression> expressions) {
        for (JsonNode group : file.path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                String text = rule.path("expr").asText();
                if (rule.has("alert")) {
                    String owner = "alert " + rule.path("alert").asText();
                    expressions.add(
                            new Expression(owner, AlertCondition.parse(text).measured(), true));
                    expressions.add(new Expression(owner, text, false));
                } else {
                    expressions.add(
                            new Expression("record " + rule.path("record").asText(), text, true));
                }
            }
        }
    }

    /** The dashboard's variables stand in regular expressions and at their value "All"; hence {@code .*}. */
    private static String substituted(String owner, String expression, List<String> variables) {
        return VARIABLE.matcher(expression).replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            if (!BUILT_IN.containsKey(name) && !variables.contains(name)) {
                throw new IllegalArgumentException(owner + " has the variable $" + name
                        + ", which the dashboard does not define: add it under templating or mend its name");
            }
            return Matcher.quoteReplacement(BUILT_IN.getOrDefault(name, ".*"));
        });
    }

    private static Path dashboards() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve("dashboards"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no folder dashboards in " + here + " or above it"));
    }
}
