package dev.fresco.engine.batch;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.MemoryRecording;
import dev.fresco.engine.recording.Recording;
import java.util.List;

/** Edits of one template with one model. */
record Edits(LocalModel model, StartLatents template, int width, int height, int steps) {
  static final long NOISE_SEED = 7;

  /** Of a picture that the model paints itself. */
  static Edits ofPainted(LocalModel model, int width, int height, int steps) {
    PictureSettings settings = new PictureSettings(width, height, steps, 5, "ddim", 3);
    Conditioning text = model.encode(Prompt.of("a red apple", ""));
    try (DenoisingBatch<String> batch = model.newBatch()) {
      batch.join("template", PictureRequest.of(settings, text));
      while (batch.stepsDone("template") < steps) {
        batch.step(List.of("template"));
      }
      Picture picture = model.decode(batch.latents("template"));
      StartLatents encoded = model.encodePicture(picture, 1);
      return new Edits(model, new StartLatents(encoded.mean(), null, 1), width, height, steps);
    }
  }

  /** A rectangle of a share of the latents' places, in their middle. */
  HostTensor mask(double ratio) {
    int high = (int) template.mean().shape()[1];
    int wide = (int) template.mean().shape()[2];
    int tall = (int) Math.round(high * Math.sqrt(ratio));
    int broad = (int) Math.round(wide * Math.sqrt(ratio));
    float[] mask = new float[high * wide];
    for (int y = (high - tall) / 2; y < (high - tall) / 2 + tall; y++) {
      for (int x = (wide - broad) / 2; x < (wide - broad) / 2 + broad; x++) {
        mask[y * wide + x] = 1;
      }
    }
    return HostTensor.of(mask, high, wide);
  }

  PictureSettings settings(String sampler, double guidance, long seed) {
    return new PictureSettings(width, height, steps, guidance, sampler, seed);
  }

  PictureRequest request(
      String prompt,
      PictureSettings settings,
      HostTensor mask,
      Recording recording,
      List<AdapterUse> adapters) {
    return new PictureRequest(
        settings,
        model.encode(Prompt.of(prompt, ""), adapters),
        template.keeping(new KeptPart(mask, NOISE_SEED, recording)),
        adapters,
        List.of());
  }

  MemoryRecording recording(String prompt, PictureSettings settings, List<AdapterUse> adapters) {
    MemoryRecording recording = new MemoryRecording();
    PictureRequest plain = request(prompt, settings, mask(0), null, adapters);
    PictureRequest request =
        new PictureRequest(
            plain.settings(),
            plain.conditioning(),
            plain.start(),
            recording,
            plain.adapters(),
            plain.controls());
    try (DenoisingBatch<String> batch = model.newBatch()) {
      batch.join("recording", request);
      while (batch.stepsDone("recording") < steps) {
        batch.step(List.of("recording"));
      }
    }
    return recording;
  }

  /** The latents after so many steps. */
  HostTensor painted(PictureRequest request, int steps) {
    try (DenoisingBatch<String> batch = model.newBatch()) {
      batch.join("edit", request);
      for (int i = 0; i < steps; i++) {
        batch.step(List.of("edit"));
      }
      return batch.latents("edit");
    }
  }

  /** Only where a mask is 1. */
  static HostTensor inside(HostTensor latents, HostTensor mask) {
    float[] values = latents.data().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= mask.data()[i % mask.data().length];
    }
    return new HostTensor(latents.shape(), values);
  }
}
