package dev.fresco.benchmarks.mask;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/**
 * Mask ratios that requests really had; where they are from is in {@code mask-ratios/README.md}.
 *
 * @param values each in 0 to 1
 */
public record MaskRatios(String name, double[] values) {
  /** One of {@code production}, {@code public}, {@code inpaint}. */
  public static MaskRatios named(String name) {
    List<String> files =
        switch (name) {
          case "production", "inpaint" -> List.of(name);
          case "public" -> List.of("detail-fix", "inpaint");
          default ->
              throw new IllegalArgumentException(
                  "there are no mask ratios named "
                      + name
                      + "; there are production, public and inpaint");
        };
    return new MaskRatios(
        name, files.stream().flatMapToDouble(file -> read(file + ".csv")).toArray());
  }

  private static DoubleStream read(String file) {
    InputStream resource = MaskRatios.class.getResourceAsStream("/mask-ratios/" + file);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return Arrays.stream(reader.lines().skip(1).mapToDouble(Double::parseDouble).toArray());
    } catch (IOException e) {
      throw new UncheckedIOException("mask ratios " + file + " cannot be read", e);
    }
  }

  public double mean() {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Any of them, each as likely. */
  public double draw(SplittableRandom random) {
    return values[random.nextInt(values.length)];
  }
}
