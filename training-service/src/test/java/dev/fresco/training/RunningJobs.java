package dev.fresco.training;

import dev.fresco.platform.RunningService;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/** A service that runs jobs, and a text that they can be trained on. */
final class RunningJobs {
  private RunningJobs() {}

  static RunningService start(Path folder, String... more) {
    String[] properties = new String[more.length + 2];
    properties[0] = "fresco.training.folder=" + folder.resolve("runs");
    properties[1] = "fresco.training.models=" + Path.of("../models").toAbsolutePath().normalize();
    System.arraycopy(more, 0, properties, 2, more.length);
    return RunningService.start(
        TrainingApplication.class, "training-service", folder.resolve("objects"), properties);
  }

  /** Uploads a text of a few words; gives its id. */
  static String text(RunningService service) {
    String[] words = {"the ", "pipeline ", "waits ", "for ", "a ", "slow ", "link. "};
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < 4_000) {
      text.append(words[random.nextInt(words.length)]);
    }
    return TrainingDataTest.upload(
            service, "text/plain", text.toString().getBytes(StandardCharsets.UTF_8))
        .field("id");
  }

  /** Uploads pictures as latents of noise; gives the id of the data. */
  static String latents(RunningService service, int pictures, int channels, int height, int width) {
    int count = pictures * channels * height * width;
    byte[] head =
        "{\"latents\":{\"dtype\":\"F32\",\"shape\":[%d,%d,%d,%d],\"data_offsets\":[0,%d]}}"
            .formatted(pictures, channels, height, width, count * Float.BYTES)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + head.length + count * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(head.length).put(head);
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      file.putFloat((float) random.nextGaussian());
    }
    return TrainingDataTest.upload(service, "application/octet-stream", file.array()).field("id");
  }

  /** A tiny language model over two stages. */
  static String job(String data, int iterations) {
    return """
        {"kind": "language-model", "model": "words", "stages": 2, "microbatches": 4,
         "iterations": %d,
         "setup": {"data": "%s", "rows": 2, "seed": 7, "checkpointEvery": 10,
           "sizes": {"channels": 8, "heads": 2, "layers": 4, "positions": 8},
           "optimizer": {"learningRate": 0.003}}}
        """
        .formatted(iterations, data);
  }
}
