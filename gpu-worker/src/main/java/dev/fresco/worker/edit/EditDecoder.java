package dev.fresco.worker.edit;

import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.Region;

/**
 * Decodes what edits painted. An edit with a recording, whose template is edited again and again,
 * decodes only the rectangle that its mask lies in; the norms of the decoder then take what they
 * saw in the template.
 */
final class EditDecoder {
  /** Share of the picture up to which a part, with the margins it depends on, is cheaper. */
  private static final double MOST = 0.5;

  private final DiffusionModel model;
  private final TemplateLatents templates;

  EditDecoder(DiffusionModel model, TemplateLatents templates) {
    this.model = model;
    this.templates = templates;
  }

  /**
   * A picture that is right where the edit's mask lets it through.
   *
   * @param latents after the last step
   * @param masked whether the edit has a recording
   */
  Picture painted(EditTask task, HostTensor latents, boolean masked) {
    Region places = Region.around(task.latentMask()).orElseThrow();
    long[] shape = task.latentMask().shape();
    double share = (double) places.height() * places.width() / (shape[0] * shape[1]);
    if (!masked || share > MOST) {
      return model.decode(latents);
    }
    Picture template = task.canvas().template();
    DecoderStatistics recorded = templates.decoderStatistics(task.image(), template);
    return model.decodeRegion(latents, places, recorded).on(template);
  }
}
