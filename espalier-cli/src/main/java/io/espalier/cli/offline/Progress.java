package io.espalier.cli.offline;

import io.espalier.runtime.recovery.RecoveryProgress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error when somebody looks at a terminal, and nothing otherwise. */
public final class Progress implements AutoCloseable {
    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    public static Progress of(String task, long steps) {
        // From Java 22 on, System.console() says nothing of terminals: ./espalier asks the shell.
        if (!Boolean.getBoolean("espalier.terminal")) {
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .build());
    }

    /** Bars one after the other, each begun when the one before is done. */
    public static final class Sequence implements AutoCloseable {
        private Progress current = new Progress(null);

        /** Ends the last bar and returns what moves the next. */
        public RecoveryProgress next(String task) {
            current.close();
            current = Progress.of(task, 1);
            return current::to;
        }

        @Override
        public void close() {
            current.close();
        }
    }

    private void to(int done, int all) {
        if (bar != null) {
            bar.maxHint(all);
            bar.stepTo(done);
        }
    }

    public void step() {
        step(1);
    }

    public void step(long steps) {
        if (bar != null) {
            bar.stepBy(steps);
        }
    }

    /** Says beside the bar what is being done. */
    public void note(String what) {
        if (bar != null) {
            bar.setExtraMessage(what);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
