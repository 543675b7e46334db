package dev.fresco.benchmarks.pipeline;

import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.trainer.spec.DataSpec;
import dev.fresco.trainer.spec.ModelSpec;
import dev.fresco.trainer.spec.OptimiserSpec;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A language model, byte by byte, that learns sentences of a few words.
 *
 * @param layers blocks; each piece of a pipeline needs one
 * @param channels of a token's state
 * @param places of a sequence
 * @param rows sequences of a microbatch
 */
record TrainedModel(int layers, int channels, int places, int rows) {
  private static final int VOCABULARY = 128;
  private static final int HEADS = 4;
  private static final int TEXT_LENGTH = 100_000;
  private static final double LEARNING_RATE = 3e-3;
  private static final long SEED = 7;
  private static final String[] WORDS = {
    "the ",
    "a ",
    "pipeline ",
    "stage ",
    "link ",
    "waits ",
    "sends ",
    "computes ",
    "for ",
    "to ",
    "slow ",
    "next ",
    "gradient. ",
    "message. ",
    "microbatch. "
  };

  /** A block takes about a millisecond of one core for a forward: far less than it is held for. */
  static TrainedModel light(int layers) {
    return new TrainedModel(layers, 32, 16, 1);
  }

  /** A block takes some milliseconds of one core for a forward. */
  static TrainedModel heavy(int layers) {
    return new TrainedModel(layers, 256, 64, 4);
  }

  /**
   * The training of it.
   *
   * @param folder that gets the text
   */
  TrainingSpec spec(Path folder, ModelChunks chunks, int microbatches, long iterations)
      throws IOException {
    Path text = folder.resolve("text.txt");
    Files.writeString(text, text());
    return new TrainingSpec(
        new ModelSpec.LanguageModel(
            new LanguageModelShape(VOCABULARY, places, channels, HEADS, 4 * channels, layers)),
        new DataSpec.Text(text.toString(), rows, places),
        new PipelineSpec(1, chunks, microbatches),
        new OptimiserSpec(AdamW.withRate(LEARNING_RATE), 1),
        SEED,
        iterations);
  }

  private static String text() {
    Random random = new Random(SEED);
    StringBuilder text = new StringBuilder();
    while (text.length() < TEXT_LENGTH) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
