package io.espalier.cli;

import io.espalier.runtime.ModelRuntimeException;
import io.espalier.settings.SettingsException;
import io.espalier.surgery.IllegalPlanException;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Every failure is one line on standard error. What the user can mend exits with 2, what they cannot with 1. */
final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final int WRONG_INPUT = 2;
    private static final int FAILED = 1;

    private final BooleanSupplier debug;

    OneLineErrors(BooleanSupplier debug) {
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        print(e.getCommandLine(), oneLine(e.getMessage()) + " (see: " + command + " --help)", e);
        return WRONG_INPUT;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        if (isMendable(e)) {
            print(commandLine, message(e), e);
            return WRONG_INPUT;
        }
        // An illegal state is what we say ourselves when something went wrong; anything else is a surprise.
        boolean expected = e instanceof IllegalStateException && e.getMessage() != null;
        String kind = expected ? "" : e.getClass().getSimpleName() + ": ";
        print(commandLine, "failed: " + kind + oneLine(e.getMessage()) + " (--debug shows where)", e);
        return FAILED;
    }

    private static boolean isMendable(Exception e) {
        return e instanceof ModelFormatException
                || e instanceof ModelInputException
                || e instanceof ModelRuntimeException
                || e instanceof IllegalPlanException
                || e instanceof SettingsException
                || e instanceof IllegalArgumentException
                || e instanceof IOException;
    }

    private static String message(Exception e) {
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return "no such file: " + e.getMessage();
        }
        if (e instanceof AccessDeniedException) {
            return "no permission: " + e.getMessage();
        }
        return oneLine(e.getMessage());
    }

    private static String oneLine(String message) {
        return message == null ? "no more is known" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private void print(CommandLine commandLine, String line, Exception e) {
        PrintWriter err = commandLine.getErr();
        err.println("espalier: " + line);
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
        err.flush();
    }
}
