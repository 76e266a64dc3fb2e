package io.espalier.runtime;

import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ShapeProfile;

/**
 * A model and the shapes of its tensors.
 *
 * @param archive as the recorded run resolves it: the one to analyse and to cut
 * @param runs how often the model ran until its conditions were decided; 1 for straight-line code
 * @param checked whether what control flow was resolved to has been compared with the model as it is; only an engine that
 *     cannot load the model as it is, being older than the file, leaves that out
 */
public record ProfiledModel(ModelArchive archive, ShapeProfile shapes, int runs, boolean checked) {}
