package dev.fresco.engine.parity;

import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.batch.ModelSettings;
import java.util.List;
import java.util.Locale;

/**
 * {@code FAMILY.seed}, {@code FAMILY.start} and {@code FAMILY.run-NAME}: a picture whose noise, at
 * the start and in each step, comes from the seed in the metadata, with all else that the file
 * tells of the request. Compares the latents after each step, and the picture before it is rounded
 * to bytes.
 */
public final class SeededParity implements ParityCheck {
  private static final int ANY_STEPS = 1000;
  private static final int ANY_SIZE = 1024;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("seed")
        || golden.part().equals("start")
        || golden.part().startsWith("run-");
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
        GoldenRequest request = new GoldenRequest(golden, tensors, model);
        ModelBatch<String> batch = model.newBatch()) {
      batch.join("picture", request.read());
      for (int i = 0; i < batch.stepsTotal("picture"); i++) {
        batch.step(List.of("picture"));
        tensors.compare("step." + i, batch.latents("picture").data());
      }
      tensors.compare("image", model.decodeUnrounded(batch.latents("picture")).data());
      return tensors.rows();
    }
  }
}
