package dev.fresco.engine.finetune;

import dev.fresco.engine.adapter.LoraListing;
import dev.fresco.engine.training.AdamW;
import java.nio.file.Path;

/**
 * What a LoRA is trained from and how.
 *
 * @param places where things are
 * @param lora its size
 * @param size of the pictures in training, of which each is a centred part at the model's scale
 * @param course how long and in which portions
 * @param optimiser AdamW of all factors
 */
public record FineTuneSettings(
    Places places, Lora lora, Size size, Course course, AdamW optimiser) {

  /**
   * Files and the device.
   *
   * @param model a checkpoint with a UNet
   * @param pictures a folder of captioned pictures, see {@link PictureFolder}
   * @param folder that exists, for the checkpoint and the finished LoRA
   * @param device {@code cpu}, {@code cuda:0} and so on
   */
  public record Places(Path model, Path pictures, Path folder, String device) {}

  /**
   * The size of a LoRA (arXiv:2106.09685): the network's attention gets {@code alpha / rank * B A}.
   *
   * @param rank 1 to 1024
   * @param alpha above 0; a common choice is the rank itself
   */
  public record Lora(int rank, double alpha) {
    public Lora {
      require("rank", rank, rank >= 1 && rank <= LoraListing.LARGEST_RANK, "1 to 1024");
      require("alpha", alpha, alpha > 0 && alpha <= 1e6, "above 0 and at most 1000000");
    }

    double scale() {
      return alpha / rank;
    }
  }

  /**
   * Pixels of a picture.
   *
   * @param width 8 to 4096, a multiple of the model's {@code sizeMultiple}
   * @param height likewise
   */
  public record Size(int width, int height) {
    public Size {
      require("width", width, width >= 8 && width <= 4096, "8 to 4096");
      require("height", height, height >= 8 && height <= 4096, "8 to 4096");
    }
  }

  /**
   * The way through the training.
   *
   * @param steps of the optimiser in all, 1 to 1,000,000
   * @param rows pictures that go through the network together, 1 to 64
   * @param accumulation such portions in a step, 1 to 1024
   * @param normLimit of the gradient's norm, above 0; infinite for no clipping
   * @param seed of the first factors, the order of the pictures, noise and timesteps
   * @param checkpointEvery steps between two checkpoints, 1 or more
   */
  public record Course(
      int steps, int rows, int accumulation, double normLimit, long seed, int checkpointEvery) {
    public Course {
      require("steps", steps, steps >= 1 && steps <= 1_000_000, "1 to 1000000");
      require("rows", rows, rows >= 1 && rows <= 64, "1 to 64");
      require("accumulation", accumulation, accumulation >= 1 && accumulation <= 1024, "1 to 1024");
      require("normLimit", normLimit, normLimit > 0, "above 0");
      require("checkpointEvery", checkpointEvery, checkpointEvery >= 1, "1 or more");
    }
  }

  private static void require(String name, Object value, boolean fits, String range) {
    if (!fits) {
      throw new IllegalArgumentException("%s is %s; it must be %s".formatted(name, value, range));
    }
  }

  /** What decides about the numbers; the number of steps and checkpoints does not. */
  String fingerprint() {
    return "%s %s rows=%d accumulation=%d normLimit=%s seed=%d %s"
        .formatted(
            lora,
            size,
            course.rows(),
            course.accumulation(),
            course.normLimit(),
            course.seed(),
            optimiser);
  }
}
