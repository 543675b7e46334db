package dev.fresco.engine.finetune;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Turns pictures and captions into what the denoising network meets, once for a whole training. */
record PictureEncoding(FineTuneSettings settings, BooleanSupplier stop) {

  /**
   * Loads the whole model and closes it afterwards.
   *
   * @return fewer than there are if it was stopped
   * @throws EngineException if the size does not suit the model, a picture cannot be read, or all
   *     together take too much memory
   */
  List<EncodedPicture> of(PictureFolder pictures) {
    FineTuneSettings.Size size = settings.size();
    int largest = Math.max(size.width(), size.height());
    ModelSettings loading = new ModelSettings(settings.places().device(), "fp32", 1, largest);
    try (LocalModel model = LocalModel.load(settings.places().model(), loading)) {
      requireSize(model.card().sizeMultiple());
      List<EncodedPicture> encoded = new ArrayList<>();
      for (int i = 0; i < pictures.count() && !stop.getAsBoolean(); i++) {
        CaptionedPicture next = pictures.read(i, size);
        encoded.add(
            new EncodedPicture(
                model.encodePicture(next.picture(), 1),
                model.encode(Prompt.of(next.caption(), "")).positive()));
        requireRoom(encoded.get(0).bytes() * pictures.count());
      }
      return encoded;
    }
  }

  private void requireSize(int multiple) {
    int width = settings.size().width();
    int height = settings.size().height();
    if (width % multiple != 0 || height % multiple != 0) {
      throw new EngineException(
          "pictures of %d x %d: the model wants multiples of %d"
              .formatted(width, height, multiple));
    }
  }

  private static void requireRoom(long bytes) {
    long limit = Runtime.getRuntime().maxMemory() / 2;
    if (bytes > limit) {
      throw new EngineException(
          "the pictures' latents and states take %d bytes; the limit is %d, half of the heap (-Xmx)"
              .formatted(bytes, limit));
    }
  }
}
