package dev.fresco.benchmarks.cacheload;

import dev.fresco.planning.cacheload.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Layers to plan for.
 *
 * @param name in the table
 */
record LoadingCase(String name, List<Layer> layers) {
  /**
   * Layers that are all alike, of InstGenIE's measured whole (arXiv:2505.20600): 1.06 s of
   * computing with the recording, 1.08 s of loading (2.14 s one after the other), and 2.2 times the
   * computing without a recording, as measured for SDXL at a mask of .2.
   */
  static LoadingCase ofThePaper(int layers) {
    return alike("the paper's, alike", layers, 1060.0, 2.2 * 1060, 1080.0);
  }

  /** The same where storage has half the bandwidth. */
  static LoadingCase ofThePaperOnSlowStorage(int layers) {
    return alike("half the bandwidth", layers, 1060.0, 2.2 * 1060, 2160.0);
  }

  /**
   * The same wholes spread as a UNet spreads them: layers of few tokens and many channels inside,
   * where computing is little and the recording small, and of many tokens outside.
   */
  static LoadingCase unet(int layers) {
    List<Layer> all = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < layers; i++) {
      sum += tokens(i, layers);
    }
    for (int i = 0; i < layers; i++) {
      double share = tokens(i, layers) / sum;
      // Attention within a layer grows with its tokens squared, what is loaded only with the
      // tokens.
      double uncached = 2.2 * 1060 * (.5 / layers + .5 * share);
      all.add(new Layer("layer " + i, uncached / 2.2, uncached, 1080 * share));
    }
    return new LoadingCase("the paper's, as a UNet", all);
  }

  /** Tokens of a layer relative to the innermost: 16, 4, 1, 4, 16. */
  private static double tokens(int layer, int layers) {
    int level = Math.min(2, 5 * Math.min(layer, layers - 1 - layer) / layers);
    return Math.pow(4, 2.0 - level);
  }

  /** Layers alike, their times drawn: with a recording 1 ms, without 1 to 5, loading 0 to 5. */
  static LoadingCase randomAlike(int layers, SplittableRandom random) {
    double uncached = 1 + 4 * random.nextDouble();
    return alike("alike", layers, layers, uncached * layers, 5 * random.nextDouble() * layers);
  }

  /** Each layer's times drawn. */
  static LoadingCase randomMixed(int layers, SplittableRandom random) {
    List<Layer> all = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      double cached = .2 + 1.8 * random.nextDouble();
      double uncached = cached * (1 + 4 * random.nextDouble());
      all.add(new Layer("layer " + i, cached, uncached, 5 * random.nextDouble()));
    }
    return new LoadingCase("mixed", all);
  }

  private static LoadingCase alike(
      String name, int layers, double cached, double uncached, double load) {
    List<Layer> all = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      all.add(new Layer("layer " + i, cached / layers, uncached / layers, load / layers));
    }
    return new LoadingCase(name, all);
  }

  /** Every layer loaded first, then every layer computed: the sum of both. */
  double sequentialMillis() {
    return idealMillis() + layers.stream().mapToDouble(Layer::loadMillis).sum();
  }

  /** With every recording at hand from the start. */
  double idealMillis() {
    return layers.stream().mapToDouble(Layer::cachedMillis).sum();
  }

  /** Without any recording. */
  double denseMillis() {
    return layers.stream().mapToDouble(Layer::uncachedMillis).sum();
  }
}
