package dev.fresco.benchmarks.rates;

import dev.fresco.benchmarks.rates.Operation.Attention;
import dev.fresco.benchmarks.rates.Operation.Convolution;
import dev.fresco.benchmarks.rates.Operation.Linear;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The products of one pass through a UNet, and how often each occurs.
 *
 * <p>Left out is what an engine need not do in every step: the keys and values of the prompt, and
 * the embedding of sizes and pooled prompt, which stay the same. Left out as well is all that is no
 * product: norms, activations, residuals. So the time of these products is less than any engine can
 * take.
 */
public final class StepOperations {
  private final UNetConfig config;
  private final Pass pass;
  private final Map<Operation, Integer> counts = new LinkedHashMap<>();

  /**
   * What goes through the network.
   *
   * @param rows of the batch: two a guided picture
   * @param height of the latents
   * @param width of the latents
   * @param words of a prompt
   */
  public record Pass(int rows, int height, int width, int words) {}

  private record Size(int height, int width) {
    Size half() {
      return new Size((height + 1) / 2, (width + 1) / 2);
    }

    int places() {
      return height * width;
    }
  }

  private StepOperations(UNetConfig config, Pass pass) {
    this.config = config;
    this.pass = pass;
  }

  /** Each product with its number, in the order in which they first occur. */
  public static Map<Operation, Integer> of(UNetConfig config, Pass pass) {
    StepOperations all = new StepOperations(config, pass);
    all.count();
    return Collections.unmodifiableMap(all.counts);
  }

  /** Multiplications and additions of them all. */
  public static double total(Map<Operation, Integer> counts) {
    return counts.entrySet().stream()
        .mapToDouble(entry -> entry.getKey().operations() * entry.getValue())
        .sum();
  }

  private void count() {
    List<Stage> down = config.stages().down();
    List<Size> sizes = sizes(down.size());
    UNetConfig.Ends ends = config.ends();
    int first = down.get(0).channels();
    linear(pass.rows(), config.time().waves(), config.time().channels());
    linear(pass.rows(), config.time().channels(), config.time().channels());
    convolution(ends.inChannels(), first, ends.inKernel(), 1, sizes.get(0));
    for (int i = 0; i < down.size(); i++) {
      down(down.get(i), i == 0 ? first : down.get(i - 1).channels(), sizes.get(i));
      if (i < down.size() - 1) {
        convolution(down.get(i).channels(), down.get(i).channels(), 3, 2, sizes.get(i));
      }
    }
    middle(config.stages().middle(), sizes.get(sizes.size() - 1));
    for (int i = 0; i < down.size(); i++) {
      up(i, sizes);
    }
    convolution(first, ends.outChannels(), ends.outKernel(), 1, sizes.get(0));
  }

  private List<Size> sizes(int stages) {
    List<Size> sizes = new ArrayList<>(List.of(new Size(pass.height(), pass.width())));
    while (sizes.size() < stages) {
      sizes.add(sizes.get(sizes.size() - 1).half());
    }
    return sizes;
  }

  private void down(Stage stage, int in, Size size) {
    for (int i = 0; i < stage.resnets(); i++) {
      resnet(i == 0 ? in : stage.channels(), stage.channels(), size);
      if (stage.attention()) {
        transformer(stage, size);
      }
    }
  }

  private void middle(Stage stage, Size size) {
    resnet(stage.channels(), stage.channels(), size);
    transformer(stage, size);
    resnet(stage.channels(), stage.channels(), size);
  }

  /** Each resnet takes a skip too, the last one that of the stage above. */
  private void up(int index, List<Size> sizes) {
    List<Stage> up = config.stages().up();
    int last = up.size() - 1;
    Stage stage = up.get(index);
    Size size = sizes.get(last - index);
    int below = up.get(Math.max(index - 1, 0)).channels();
    int above = up.get(Math.min(index + 1, last)).channels();
    for (int i = 0; i < stage.resnets(); i++) {
      int in = i == 0 ? below : stage.channels();
      int skip = i == stage.resnets() - 1 ? above : stage.channels();
      resnet(in + skip, stage.channels(), size);
      if (stage.attention()) {
        transformer(stage, size);
      }
    }
    if (index < last) {
      convolution(stage.channels(), stage.channels(), 3, 1, sizes.get(last - index - 1));
    }
  }

  private void resnet(int in, int out, Size size) {
    convolution(in, out, 3, 1, size);
    linear(pass.rows(), config.time().channels(), out);
    convolution(out, out, 3, 1, size);
    if (in != out) {
      convolution(in, out, 1, 1, size);
    }
  }

  private void transformer(Stage stage, Size size) {
    int channels = stage.channels();
    int tokens = pass.rows() * size.places();
    linear(tokens, channels, channels);
    for (int i = 0; i < stage.layers(); i++) {
      layer(stage, size.places());
    }
    linear(tokens, channels, channels);
  }

  private void layer(Stage stage, int places) {
    int channels = stage.channels();
    int tokens = pass.rows() * places;
    attention(stage, places, stage.onlyCross() ? pass.words() : places);
    attention(stage, places, pass.words());
    // Queries and outputs of both; keys and values of the first, unless they are the prompt's.
    for (int i = 0; i < (stage.onlyCross() ? 4 : 6); i++) {
      linear(tokens, channels, channels);
    }
    linear(tokens, channels, channels * 8);
    linear(tokens, channels * 4, channels);
  }

  private void attention(Stage stage, int queries, int keys) {
    int width = stage.channels() / stage.heads();
    add(new Attention(pass.rows(), stage.heads(), queries, keys, width));
  }

  private void linear(int tokens, int in, int out) {
    add(new Linear(tokens, in, out));
  }

  private void convolution(int in, int out, int kernel, int stride, Size size) {
    add(new Convolution(pass.rows(), in, out, kernel, stride, size.height(), size.width()));
  }

  private void add(Operation operation) {
    counts.merge(operation, 1, Integer::sum);
  }
}
