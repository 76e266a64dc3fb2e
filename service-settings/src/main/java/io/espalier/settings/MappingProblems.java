package io.espalier.settings;

import io.smallrye.config.ConfigValidationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SmallRye's messages name the key and the value, among much that is of no use to who has to mend them. */
final class MappingProblems {
    private static final Pattern CODE = Pattern.compile("SRCFG\\d+: ");
    private static final Pattern WRONG = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted (.*)",
            Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("Cannot convert .* to enum .*, allowed values: (.*)");
    private static final Pattern MISSING = Pattern.compile("The config property (\\S+) is required but ");

    private MappingProblems() {}

    /** The first of the problems, and how many more there are. */
    static SettingsException oneLine(ConfigValidationException e) {
        String more = e.getProblemCount() > 1 ? " (and " + (e.getProblemCount() - 1) + " more)" : "";
        return new SettingsException(oneLine(e.getProblem(0).getMessage()) + more, e);
    }

    private static String oneLine(String problem) {
        String message = CODE.matcher(problem).replaceAll("");
        Matcher wrong = WRONG.matcher(message);
        if (wrong.find()) {
            String mend = WORD.matcher(wrong.group(3)).replaceFirst("give one of $1");
            return wrong.group(1) + " is '" + wrong.group(2) + "': " + mend;
        }
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            String key = missing.group(1);
            return key + " is not set: give it in the file or as environment variable " + SettingKeys.variable(key);
        }
        return message;
    }
}
