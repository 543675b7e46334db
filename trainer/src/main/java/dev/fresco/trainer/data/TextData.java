package dev.fresco.trainer.data;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.engine.training.Microbatch;
import dev.fresco.trainer.spec.DataSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Sequences from random places of a text, byte by byte. */
final class TextData implements TrainingData {
  private final byte[] text;
  private final int rows;
  private final int places;
  private final long seed;

  private TextData(byte[] text, int rows, int places, long seed) {
    this.text = text;
    this.rows = rows;
    this.places = places;
    this.seed = seed;
  }

  static TextData read(DataSpec.Text spec, long seed, LanguageModelShape shape) {
    Path file = Path.of(spec.file());
    byte[] text = bytes(file);
    int places = spec.places();
    if (places > shape.positions()) {
      throw new IllegalArgumentException(
          "places is %d; the model has %d positions".formatted(places, shape.positions()));
    }
    if (text.length <= places) {
      throw new IllegalArgumentException(
          "%s has %d bytes; sequences of %d places need %d"
              .formatted(file, text.length, places, places + 1));
    }
    for (int at = 0; at < text.length; at++) {
      if (Byte.toUnsignedInt(text[at]) >= shape.vocabulary()) {
        throw new IllegalArgumentException(
            "%s: byte %d is %d; the model's vocabulary is %d"
                .formatted(file, at, Byte.toUnsignedInt(text[at]), shape.vocabulary()));
      }
    }
    return new TextData(text, spec.rows(), places, seed);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new EngineException(file + ": cannot be read: " + e, e);
    }
  }

  @Override
  public Microbatch microbatch(long iteration, int replica, int number) {
    SplittableRandom random =
        new SplittableRandom(MicrobatchSeed.of(seed, iteration, replica, number));
    int[][] sequences = new int[rows][places + 1];
    for (int[] sequence : sequences) {
      int start = random.nextInt(text.length - places);
      for (int i = 0; i <= places; i++) {
        sequence[i] = Byte.toUnsignedInt(text[start + i]);
      }
    }
    return Microbatch.of(number, sequences);
  }
}
