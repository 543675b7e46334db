package dev.fresco.engine.parity;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.batch.ModelSettings;
import java.util.List;
import java.util.Locale;

/**
 * {@code FAMILY.seed} and {@code FAMILY.start}: a picture whose noise, at the start and in each
 * step, comes from the seed in the metadata; with {@code mean} and {@code deviation} one that
 * starts from a picture. Compares the latents after each step, and the picture before it is rounded
 * to bytes.
 */
public final class SeededParity implements ParityCheck {
  private static final int ANY_STEPS = 1000;
  private static final int ANY_SIZE = 1024;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("seed") || golden.part().equals("start");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    ModelSettings load =
        new ModelSettings(
            settings.kernels().device(),
            settings.computeType().name().toLowerCase(Locale.ROOT),
            ANY_STEPS,
            ANY_SIZE);
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.pictureLimit());
        LocalModel model = LocalModel.load(golden.checkpoint(), load);
        ModelBatch<String> batch = model.newBatch()) {
      Prompt prompt =
          Prompt.of(
              tensors.metadata("prompt").asString(""), tensors.textIfThere("negative_prompt"));
      batch.join(
          "picture",
          new PictureRequest(
              settings(tensors), model.encode(prompt), start(tensors), List.of(), List.of()));
      for (int i = 0; i < batch.stepsTotal("picture"); i++) {
        batch.step(List.of("picture"));
        tensors.compare("step." + i, batch.latents("picture").data());
      }
      tensors.compare("image", model.decodeUnrounded(batch.latents("picture")).data());
      return tensors.rows();
    }
  }

  private static PictureSettings settings(GoldenTensors tensors) {
    long[] image = tensors.shape("image"); // [1, 3, height, width]
    return new PictureSettings(
        (int) image[3],
        (int) image[2],
        tensors.metadata("steps").asInt(),
        tensors.metadata("guidance_scale").asDouble(),
        tensors.metadata("sampler").asString(),
        tensors.metadata("seed").asLong());
  }

  private static StartLatents start(GoldenTensors tensors) {
    return tensors.has("mean")
        ? new StartLatents(
            latents(tensors, "mean"),
            latents(tensors, "deviation"),
            tensors.metadata("strength").asDouble())
        : null;
  }

  private static HostTensor latents(GoldenTensors tensors, String name) {
    long[] shape = tensors.shape(name); // [1, channels, height, width]
    return HostTensor.of(tensors.values(name), shape[1], shape[2], shape[3]);
  }
}
