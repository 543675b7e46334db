package dev.fresco.engine.parity;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.sampler.Samplers;
import dev.fresco.engine.sampler.SchedulerConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code FAMILY.e2e}: a picture from given latents and the prompts in the metadata, with the
 * sampler that the checkpoint's scheduler configuration names. Compares the latents after each
 * step, and the picture before it is rounded to bytes.
 */
public final class EndToEndParity implements ParityCheck {
  private static final int ANY_STEPS = 1000;
  private static final int ANY_SIZE = 1024;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("e2e");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    if (!golden.supported()) {
      return List.of(ParityRow.unsupported(golden, "a pipeline that the engine does not run"));
    }
    SchedulerConfig scheduler =
        SchedulerConfig.read(golden.checkpoint().resolve("scheduler/scheduler_config.json"));
    Optional<Samplers> sampler = Samplers.configuredBy(scheduler);
    if (sampler.isEmpty()) {
      return List.of(ParityRow.unsupported(golden, "scheduler " + scheduler.className()));
    }
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.pictureLimit());
        LocalModel model = load(golden, settings)) {
      paint(tensors, model, sampler.get());
      return tensors.rows();
    }
  }

  static LocalModel load(GoldenFile golden, ParitySettings settings) {
    return LocalModel.load(
        golden.checkpoint(),
        new ModelSettings(
            settings.kernels().device(),
            settings.computeType().name().toLowerCase(Locale.ROOT),
            ANY_STEPS,
            ANY_SIZE));
  }

  private static void paint(GoldenTensors tensors, LocalModel model, Samplers sampler) {
    PictureSettings settings = settings(tensors, sampler);
    Conditioning conditioning =
        model.encode(
            Prompt.of(
                tensors.metadata("prompt").asString(""), tensors.textIfThere("negative_prompt")));
    LatentForm form = LatentForm.of(tensors.shape("latents"), tensors.shape("image"));
    HostTensor noise = form.read(tensors.values("latents"));
    try (ModelBatch<String> batch = model.newBatch()) {
      batch.join("picture", PictureRequest.of(settings, conditioning), noise);
      for (int i = 0; i < settings.steps(); i++) {
        batch.step(List.of("picture"));
        tensors.compare("step." + i, form.write(batch.latents("picture")));
      }
      tensors.compare("image", model.decodeUnrounded(batch.latents("picture")).data());
    }
  }

  private static PictureSettings settings(GoldenTensors tensors, Samplers sampler) {
    long[] image = tensors.shape("image"); // [1, 3, height, width]
    return new PictureSettings(
        (int) image[image.length - 1],
        (int) image[image.length - 2],
        tensors.metadata("steps").asInt(),
        tensors.metadata("guidance_scale").asDouble(),
        sampler.toString(),
        0);
  }
}
