package io.espalier.runtime.recovery;

import io.espalier.runtime.InputShapes;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.ProfiledModel;
import io.espalier.runtime.Profiler;
import io.espalier.surgery.ModelArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A network and the sizes of its tensors.
 *
 * @param shapes of the graph's tensor values in order, for a batch of 1
 */
record Subject(ModelArchive archive, List<long[]> shapes) {
    static Subject of(ModelRuntime runtime, Path file, InputShapes inputs) throws IOException {
        ProfiledModel profiled = new Profiler(runtime).profile(ModelArchive.open(file), inputs);
        return new Subject(profiled.archive(), profiled.shapes().shapes());
    }
}
