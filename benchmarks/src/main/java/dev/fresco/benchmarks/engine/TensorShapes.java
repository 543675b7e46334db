package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.engine.Architecture.Stage;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of the tensors of a network, as diffusers and transformers name them. */
final class TensorShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private TensorShapes() {}

  /** In the order in which they were put together. */
  Map<String, long[]> byName() {
    return shapes;
  }

  /** {@code UNet2DConditionModel}. */
  static TensorShapes unet(Architecture of, int latentChannels) {
    TensorShapes all = new TensorShapes();
    int first = of.stages().get(0).channels();
    int last = of.stages().size() - 1;
    all.convolution("conv_in", latentChannels, first, 3);
    all.embedding("time_embedding", first, of.timeChannels());
    if (of.toldSizes()) {
      all.embedding("add_embedding", of.additionChannels(), of.timeChannels());
    }
    for (int i = 0; i <= last; i++) {
      all.down(of, i, last);
    }
    int deepest = of.lowest().channels();
    all.resnet("mid_block.resnets.0", deepest, deepest, of);
    all.transformer("mid_block.attentions.0", deepest, of.middleLayers(), of);
    all.resnet("mid_block.resnets.1", deepest, deepest, of);
    for (int i = 0; i <= last; i++) {
      all.up(of, i, last);
    }
    all.norm("conv_norm_out", first);
    all.convolution("conv_out", first, latentChannels, 3);
    return all;
  }

  /**
   * {@code CLIPTextModel} with feed-forwards of four times the channels.
   *
   * @param projected whether it is {@code CLIPTextModelWithProjection}, to as many channels
   */
  static TensorShapes textEncoder(
      int vocabulary, int positions, int channels, int layers, boolean projected) {
    TensorShapes all = new TensorShapes();
    all.put("text_model.embeddings.token_embedding.weight", vocabulary, channels);
    all.put("text_model.embeddings.position_embedding.weight", positions, channels);
    for (int i = 0; i < layers; i++) {
      String layer = "text_model.encoder.layers." + i;
      for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        all.linear(layer + ".self_attn." + part, channels, channels);
      }
      all.norm(layer + ".layer_norm1", channels);
      all.norm(layer + ".layer_norm2", channels);
      all.linear(layer + ".mlp.fc1", channels, channels * 4L);
      all.linear(layer + ".mlp.fc2", channels * 4L, channels);
    }
    all.norm("text_model.final_layer_norm", channels);
    if (projected) {
      all.put("text_projection.weight", channels, channels);
    }
    return all;
  }

  private void down(Architecture of, int index, int last) {
    String name = "down_blocks." + index;
    Stage stage = of.stages().get(index);
    int channels = stage.channels();
    int in = of.stages().get(Math.max(0, index - 1)).channels();
    for (int i = 0; i < of.resnets(); i++) {
      resnet(name + ".resnets." + i, i == 0 ? in : channels, channels, of);
      if (stage.attention()) {
        transformer(name + ".attentions." + i, channels, stage.layers(), of);
      }
    }
    if (index < last) {
      convolution(name + ".downsamplers.0.conv", channels, channels, 3);
    }
  }

  /** Each resnet takes a skip too, the last one that of the stage above. */
  private void up(Architecture of, int index, int last) {
    String name = "up_blocks." + index;
    Stage stage = of.stages().get(last - index);
    int channels = stage.channels();
    int before = of.stages().get(Math.min(last, last - index + 1)).channels();
    int above = of.stages().get(Math.max(0, last - index - 1)).channels();
    for (int i = 0; i <= of.resnets(); i++) {
      int in = i == 0 ? before : channels;
      int skip = i == of.resnets() ? above : channels;
      resnet(name + ".resnets." + i, in + skip, channels, of);
      if (stage.attention()) {
        transformer(name + ".attentions." + i, channels, stage.layers(), of);
      }
    }
    if (index < last) {
      convolution(name + ".upsamplers.0.conv", channels, channels, 3);
    }
  }

  private void embedding(String name, int in, int out) {
    linear(name + ".linear_1", in, out);
    linear(name + ".linear_2", out, out);
  }

  private void resnet(String name, int in, int out, Architecture of) {
    norm(name + ".norm1", in);
    convolution(name + ".conv1", in, out, 3);
    linear(name + ".time_emb_proj", of.timeChannels(), out);
    norm(name + ".norm2", out);
    convolution(name + ".conv2", out, out, 3);
    if (in != out) {
      convolution(name + ".conv_shortcut", in, out, 1);
    }
  }

  private void transformer(String name, int channels, int layers, Architecture of) {
    norm(name + ".norm", channels);
    projection(name + ".proj_in", channels, of);
    for (int i = 0; i < layers; i++) {
      String block = name + ".transformer_blocks." + i;
      norm(block + ".norm1", channels);
      norm(block + ".norm2", channels);
      norm(block + ".norm3", channels);
      attention(block + ".attn1", channels, channels);
      attention(block + ".attn2", channels, of.context());
      linear(block + ".ff.net.0.proj", channels, channels * 8L);
      linear(block + ".ff.net.2", channels * 4L, channels);
    }
    projection(name + ".proj_out", channels, of);
  }

  private void projection(String name, int channels, Architecture of) {
    if (of.linearProjection()) {
      linear(name, channels, channels);
    } else {
      convolution(name, channels, channels, 1);
    }
  }

  private void attention(String name, int channels, int source) {
    put(name + ".to_q.weight", channels, channels);
    put(name + ".to_k.weight", channels, source);
    put(name + ".to_v.weight", channels, source);
    linear(name + ".to_out.0", channels, channels);
  }

  private void norm(String name, long channels) {
    put(name + ".weight", channels);
    put(name + ".bias", channels);
  }

  private void linear(String name, long in, long out) {
    put(name + ".weight", out, in);
    put(name + ".bias", out);
  }

  private void convolution(String name, long in, long out, long width) {
    put(name + ".weight", out, in, width, width);
    put(name + ".bias", out);
  }

  private void put(String name, long... shape) {
    shapes.put(name, shape);
  }
}
