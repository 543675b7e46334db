package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * How a golden file writes the latents of one picture: as maps, or packed as Flux's pipeline keeps
 * them, squares of two by two places in one row with all their channels.
 *
 * @param packed {@code [1, places / 4, channels * 4]}, else {@code [1, channels, height, width]}
 */
record LatentForm(int channels, int height, int width, boolean packed) {
  private static final int SIDE = 2;

  /**
   * @param latents shape in the file
   * @param image shape of the picture, {@code [1, 3, height, width]}; its sides are to each other
   *     as those of the latents
   * @throws EngineException if the latents are not those of one picture
   */
  static LatentForm of(long[] latents, long[] image) {
    if (latents[0] != 1 || latents.length != 3 && latents.length != 4) {
      throw new EngineException(
          "latents have shape " + Arrays.toString(latents) + "; they must be those of one picture");
    }
    if (latents.length == 4) {
      return new LatentForm((int) latents[1], (int) latents[2], (int) latents[3], false);
    }
    long places = latents[1] * SIDE * SIDE;
    double factor = Math.sqrt((double) image[2] * image[3] / places);
    return new LatentForm(
        (int) latents[2] / (SIDE * SIDE),
        (int) Math.round(image[2] / factor),
        (int) Math.round(image[3] / factor),
        true);
  }

  /** {@code [channels, height, width]} from the file's numbers. */
  HostTensor read(float[] numbers) {
    float[] map = new float[numbers.length];
    for (int i = 0; i < map.length; i++) {
      map[i] = numbers[place(i)];
    }
    return HostTensor.of(map, channels, height, width);
  }

  /** The numbers as the file writes them. */
  float[] write(HostTensor map) {
    float[] numbers = new float[map.data().length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[place(i)] = map.data()[i];
    }
    return numbers;
  }

  /** Where a number of the map stands in the file. */
  private int place(int index) {
    if (!packed) {
      return index;
    }
    int channel = index / (height * width);
    int y = index / width % height;
    int x = index % width;
    int row = y / SIDE * (width / SIDE) + x / SIDE;
    return ((row * channels + channel) * SIDE + y % SIDE) * SIDE + x % SIDE;
  }
}
