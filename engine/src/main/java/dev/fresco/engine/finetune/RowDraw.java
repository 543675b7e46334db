package dev.fresco.engine.finetune;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.sampler.TrainingNoise;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which picture, timestep and noise each row of a training has. All of it depends on the seed and
 * the row's number alone, so a training that goes on later draws what it would have drawn.
 *
 * <p>Pictures come in rounds: each has all of them once, in an order of its own.
 *
 * @param pictures at least one, of one size
 */
record RowDraw(List<EncodedPicture> pictures, TrainingNoise noise, long seed) {
  private static final long ROUNDS = 0x9E3779B97F4A7C15L;

  RowDraw {
    pictures = List.copyOf(pictures);
  }

  /**
   * @param first the number of the first row, counted over the whole training
   */
  TrainingRows rows(long first, int count) {
    long[] shape = pictures.get(0).latents().mean().shape();
    int each = pictures.get(0).latents().mean().data().length;
    float[] noisy = new float[count * each];
    float[] target = new float[count * each];
    float[] timesteps = new float[count];
    List<TextStates> texts = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      EncodedPicture picture = pictures.get(picture(first + row));
      SplittableRandom random = new SplittableRandom(mixed() + (first + row));
      int timestep = random.nextInt(noise.timesteps());
      float[] clean = picture.clean(TorchNoise.standardNormal(random.nextInt(), shape));
      float[] drawn = TorchNoise.standardNormal(random.nextInt(), shape).data();
      TrainingNoise.Level level = noise.at(timestep);
      for (int i = 0; i < each; i++) {
        noisy[row * each + i] =
            (float) (level.sample().signal() * clean[i] + level.sample().noise() * drawn[i]);
        target[row * each + i] =
            (float) (level.target().signal() * clean[i] + level.target().noise() * drawn[i]);
      }
      timesteps[row] = timestep;
      texts.add(picture.text());
    }
    long[] sizes = {count, shape[0], shape[1], shape[2]};
    return new TrainingRows(
        HostTensor.of(noisy, sizes), timesteps, texts, HostTensor.of(target, sizes));
  }

  /** Neighbouring seeds must not draw the same rows one place further. */
  private long mixed() {
    return new SplittableRandom(seed).nextLong();
  }

  private int picture(long row) {
    int all = pictures.size();
    int[] order = new int[all];
    SplittableRandom random = new SplittableRandom(mixed() ^ (ROUNDS * (1 + row / all)));
    for (int i = 0; i < all; i++) { // Fisher and Yates' shuffle, from the inside out
      int place = random.nextInt(i + 1);
      order[i] = order[place];
      order[place] = i;
    }
    return order[(int) (row % all)];
  }
}
