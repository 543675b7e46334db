package dev.fresco.engine.parity;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.batch.LocalModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The request of a golden run. Beside prompts and settings its file may have a picture to start
 * from, as {@code start} or as {@code mean} and {@code deviation}; {@code adapters} of the folder
 * {@code lora} with their scales; {@code controls}, each by {@code FAMILY-sketch} on its {@code
 * picture.N}. Pictures are bytes, {@code [height, width, 3]}.
 */
final class GoldenRequest implements AutoCloseable {
  private final GoldenFile golden;
  private final GoldenTensors tensors;
  private final LocalModel model;
  private final List<ControlNet> nets = new ArrayList<>();

  /**
   * @param model of the checkpoint
   */
  GoldenRequest(GoldenFile golden, GoldenTensors tensors, LocalModel model) {
    this.golden = golden;
    this.tensors = tensors;
    this.model = model;
  }

  PictureRequest read() {
    Prompt prompt =
        Prompt.of(tensors.metadata("prompt").asString(""), tensors.textIfThere("negative_prompt"));
    List<AdapterUse> adapters = adapters();
    return new PictureRequest(
        settings(), model.encode(prompt, adapters), start(), adapters, controls());
  }

  private PictureSettings settings() {
    long[] image = tensors.shape("image"); // [1, 3, height, width]
    return new PictureSettings(
        (int) image[3],
        (int) image[2],
        tensors.metadata("steps").asInt(),
        tensors.metadata("guidance_scale").asDouble(),
        tensors.metadata("sampler").asString(),
        tensors.metadata("seed").asLong());
  }

  private StartLatents start() {
    if (tensors.has("start")) {
      return model.encodePicture(picture("start"), tensors.metadata("strength").asDouble());
    }
    return tensors.has("mean")
        ? new StartLatents(
            latents("mean"), latents("deviation"), tensors.metadata("strength").asDouble())
        : null;
  }

  private List<AdapterUse> adapters() {
    List<AdapterUse> uses = new ArrayList<>();
    if (tensors.hasMetadata("adapters")) {
      for (Map.Entry<String, JsonNode> scale : tensors.metadata("adapters").properties()) {
        Path file =
            golden
                .folder()
                .resolve("lora/%s-%s.kohya.safetensors".formatted(golden.family(), scale.getKey()));
        uses.add(new AdapterUse(model.loadAdapter(file), scale.getValue().asDouble()));
      }
    }
    return uses;
  }

  private List<ControlUse> controls() {
    List<ControlUse> uses = new ArrayList<>();
    if (tensors.hasMetadata("controls")) {
      for (JsonNode use : tensors.metadata("controls")) {
        ControlNet net = model.loadControlNet(golden.folder().resolve(golden.family() + "-sketch"));
        nets.add(net);
        uses.add(
            new ControlUse(
                net,
                picture("picture." + use.get("picture").asInt()),
                use.get("scale").asDouble(),
                use.get("start").asDouble(),
                use.get("end").asDouble()));
      }
    }
    return uses;
  }

  private Picture picture(String name) {
    float[] values = tensors.values(name);
    byte[] rgb = new byte[values.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i];
    }
    long[] shape = tensors.shape(name);
    return new Picture((int) shape[1], (int) shape[0], rgb);
  }

  private HostTensor latents(String name) {
    long[] shape = tensors.shape(name); // [1, channels, height, width]
    return HostTensor.of(tensors.values(name), shape[1], shape[2], shape[3]);
  }

  /** Frees the ControlNets. */
  @Override
  public void close() {
    nets.forEach(ControlNet::close);
  }
}
