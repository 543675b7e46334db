package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.block.EntryConvolution;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import java.util.ArrayList;
import java.util.List;

/**
 * The way down and the middle, which a UNet and a ControlNet have in common, with the embeddings
 * that both need.
 */
final class Encoder {
  private final TimeEmbedding time;
  private final EntryConvolution entry;
  private final List<DownStage> down = new ArrayList<>();
  private final MiddleStage middle;

  Encoder(WeightSet weights, UNetConfig config) {
    UNetConfig.Ends ends = config.ends();
    List<Stage> stages = config.stages().down();
    int channels = stages.get(0).channels();
    time = new TimeEmbedding(weights, config);
    entry = new EntryConvolution(weights, "conv_in", ends.inChannels(), channels, ends.inKernel());
    for (int i = 0; i < stages.size(); i++) {
      boolean last = i == stages.size() - 1;
      down.add(new DownStage(weights, "down_blocks." + i, config, stages.get(i), channels, last));
      channels = stages.get(i).channels();
    }
    middle = new MiddleStage(weights, config);
  }

  TimeEmbedding time() {
    return time;
  }

  void attend(AttendedText text, List<NDArray> contexts, AdapterTerms terms) {
    down.forEach(stage -> stage.attend(text, contexts, terms));
    middle.attend(text, contexts, terms);
  }

  /** A pass with the embeddings of its rows. */
  Activations begin(NDManager scope, UNetInput input, LayerListener listener) {
    return new Activations(scope, time(scope, input, listener), input.text(), input.terms());
  }

  /** The time embedding as resnets take it, {@code [rows, time channels]}. */
  NDArray time(NDManager scope, UNetInput input, LayerListener listener) {
    long[] rows = input.samples().rows();
    try (NDArray embedding = // [rows, time channels]
        time.forward(scope, input.timesteps(), rows, input.terms())) {
      listener.heard("time_embedding", embedding);
      return time.activated(scope, embedding, input.added());
    }
  }

  /**
   * The entry, the stages and the middle on active tokens; the pass keeps the skips.
   *
   * @return the middle's tokens
   */
  NDArray active(ActivePass pass, UNetInput input) {
    NDArray last = entry.active(pass, input.samples());
    pass.skips().push(last);
    for (int i = 0; i < down.size(); i++) {
      last = down.get(i).active(pass, input.text(), i, last);
    }
    return middle.active(pass, input.text(), down.size() - 1, last);
  }

  Maps entry(NDManager scope, UNetInput input) {
    return entry.forward(scope, input.samples(), input.terms());
  }

  /**
   * The stages and the middle; the pass keeps the skips.
   *
   * @param maps of the entry, a skip already
   * @return the middle's maps
   */
  Maps descend(Activations pass, Maps maps, LayerListener listener) {
    Maps last = maps;
    for (int i = 0; i < down.size(); i++) {
      last = down.get(i).forward(pass, last);
      listener.heard("down_blocks." + i, last);
    }
    last = middle.forward(pass, last);
    listener.heard("mid_block", last);
    return last;
  }
}
