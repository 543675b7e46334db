package dev.fresco.engine.adapter;

import dev.fresco.engine.checkpoint.SafetensorsBytes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/** Writes LoRA files for tests. */
final class LoraFileMaker {
  private final SafetensorsBytes file = new SafetensorsBytes();
  private final Random random = new Random(1);

  /** A tensor of normal numbers. */
  LoraFileMaker with(String key, long... shape) {
    float[] numbers = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    file.floats(key, numbers, shape);
    return this;
  }

  /** A tensor that counts from 1. */
  LoraFileMaker counting(String key, long... shape) {
    float[] numbers = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i + 1;
    }
    file.floats(key, numbers, shape);
    return this;
  }

  LoraFileMaker filled(String key, float value, long... shape) {
    float[] numbers = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    Arrays.fill(numbers, value);
    file.floats(key, numbers, shape);
    return this;
  }

  LoraFileMaker metadata(String key, String text) {
    file.metadata(key, text);
    return this;
  }

  /** Both halves for a weight of this shape, as kohya's trainer names them. */
  LoraFileMaker kohya(String name, int rank, long... weight) {
    long[] inner = weight.clone();
    inner[0] = rank;
    long[] outer = LongStream.of(weight).map(size -> 1).toArray();
    outer[0] = weight[0];
    outer[1] = rank;
    return with(name + ".lora_down.weight", inner).with(name + ".lora_up.weight", outer);
  }

  SafetensorsBytes bytes() {
    return file;
  }

  Path writeTo(Path folder) {
    return file.writeTo(folder.resolve("lora.safetensors"));
  }
}
