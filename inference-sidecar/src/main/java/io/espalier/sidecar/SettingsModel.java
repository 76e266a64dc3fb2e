package io.espalier.sidecar;

import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.InputShapes;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.settings.SettingsException;
import io.espalier.sidecar.settings.SidecarSettings;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;

/** The model that the settings name. */
final class SettingsModel {
    private SettingsModel() {}

    /** Errors about inputs name the setting where it is missing; a model of several rows at once is refused. */
    static DescribedModel describe(SidecarSettings.Model model, ModelRuntime runtime) throws IOException {
        try {
            DescribedModel described = new ModelDescriber(runtime)
                    .describe(
                            model.path(),
                            model.name(),
                            model.version(),
                            model.inputShapes().orElse(InputShapes.OF_ARCHIVE));
            if (described.inputs().stream().anyMatch(input -> input.shape()[0] != 1)) {
                throw new ModelInputException("the model was traced with " + described.inputs()
                        + ": give shapes whose first size, the batch, is 1");
            }
            return described;
        } catch (ModelInputException e) {
            throw model.inputShapes().isPresent()
                    ? e
                    : new SettingsException("espalier.model.input-shape is not set, and " + e.getMessage(), e);
        }
    }
}
