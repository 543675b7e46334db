package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.AddressSpace;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process of its own, whose allocations fail for real once it has grown by so much. {@link
 * OutOfMemoryTest} starts it.
 */
final class StepsInLittleMemory {
  private static final int MEMBERS = 8;
  private static final List<Integer> ALL = IntStream.range(0, MEMBERS).boxed().toList();
  private static final int SIDE = 8;
  private static final int STEPS = 3;
  private static final int ATTEMPTS = 4;
  private static final long MEBIBYTE = 1 << 20;

  private final LocalModel model;
  private final Conditioning cat;

  private StepsInLittleMemory(LocalModel model) {
    this.model = model;
    this.cat = model.encode(Prompt.of("a cat", ""));
  }

  public static void main(String[] arguments) {
    ModelSettings settings = new ModelSettings("cpu", "fp32", 150, 1024);
    try (LocalModel model = LocalModel.load(Path.of("fixtures/sd21-tiny"), settings)) {
      int failed = new StepsInLittleMemory(model).run();
      assertThat(failed).isGreaterThanOrEqualTo(ATTEMPTS);
      System.out.println(failed + " steps that failed changed nothing");
    }
  }

  private ModelBatch<Integer> batch() {
    int side = model.card().sizeMultiple() * SIDE;
    ModelBatch<Integer> batch = model.newBatch();
    for (int i : ALL) {
      PictureSettings picture = new PictureSettings(side, side, STEPS, 5, "euler-ancestral", i);
      batch.join(i, PictureRequest.of(picture, cat));
    }
    return batch;
  }

  private int run() {
    try (ModelBatch<Integer> undisturbed = batch();
        ModelBatch<Integer> batch = batch()) {
      // Both have run once, so that what is made but once is there.
      undisturbed.step(ALL);
      batch.step(ALL);
      long resident = AddressSpace.resident();
      int failed = 0;
      while (batch.stepsDone(0) < STEPS) {
        if (goesThrough(batch, (1 + failed / ATTEMPTS) * MEBIBYTE)) {
          undisturbed.step(ALL);
        } else {
          failed++;
        }
        requireSame(batch, undisturbed);
      }
      long more = AddressSpace.resident() - resident;
      assertThat(more).as("bytes that stayed").isLessThan(failed * MEBIBYTE);
      return failed;
    }
  }

  private static boolean goesThrough(ModelBatch<Integer> batch, long growth) {
    AddressSpace.limitGrowthTo(growth);
    try {
      batch.step(ALL);
      return true;
    } catch (OutOfMemoryException outOfMemory) {
      System.out.println(outOfMemory.getMessage());
      return false;
    } finally {
      AddressSpace.unlimit();
    }
  }

  private static void requireSame(ModelBatch<Integer> batch, ModelBatch<Integer> other) {
    for (int i : ALL) {
      assertThat(batch.stepsDone(i)).isEqualTo(other.stepsDone(i));
      assertThat(batch.latents(i).data()).isEqualTo(other.latents(i).data());
    }
  }
}
