package dev.fresco.engine.parity;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import java.util.List;

/**
 * {@code FAMILY.edit}: a picture of which all but the mask stays, computed densely, from the
 * picture's latents {@code z0} and a noise {@code eps}. Compares the latents after each step.
 */
public final class EditParity implements ParityCheck {
  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("edit");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.pictureLimit());
        LocalModel model = EndToEndParity.load(golden, settings);
        ModelBatch<String> batch = model.newBatch()) {
      HostTensor picture = latents(tensors, "z0");
      PictureSettings wanted = settings(tensors, model.card().sizeMultiple(), picture);
      PictureRequest request =
          new PictureRequest(
              wanted,
              model.encode(
                  Prompt.of(
                      tensors.metadata("prompt").asString(""),
                      tensors.metadata("negative_prompt").asString(""))),
              new StartLatents(picture, null, 1, new KeptPart(mask(tensors), 0, null)),
              List.of(),
              List.of());
      batch.join("edit", request, latents(tensors, "eps"));
      tensors.compare("start", batch.latents("edit").data());
      for (int i = 0; i < wanted.steps(); i++) {
        batch.step(List.of("edit"));
        tensors.compare("step." + i, batch.latents("edit").data());
      }
      return tensors.rows();
    }
  }

  private static PictureSettings settings(GoldenTensors tensors, int multiple, HostTensor picture) {
    return new PictureSettings(
        (int) picture.shape()[2] * multiple,
        (int) picture.shape()[1] * multiple,
        tensors.metadata("steps").asInt(),
        tensors.metadata("guidance_scale").asDouble(),
        tensors.metadata("sampler").asString(""),
        0);
  }

  /** Without the leading axis of one. */
  private static HostTensor latents(GoldenTensors tensors, String name) {
    long[] shape = tensors.shape(name);
    return HostTensor.of(tensors.values(name), shape[1], shape[2], shape[3]);
  }

  private static HostTensor mask(GoldenTensors tensors) {
    long[] shape = tensors.shape("mask"); // [1, 1, height, width]
    return HostTensor.of(tensors.values("mask"), shape[2], shape[3]);
  }
}
