package dev.fresco.lora;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Adapter files for tests: real ones from the resources, and small ones made of zeros. */
public final class TestAdapters {
  public static final String PEFT = "sd15-tiny-a.peft.safetensors";
  public static final String KOHYA = "sd15-tiny-b.kohya.safetensors";
  public static final String KOHYA_SDXL = "sdxl-tiny-a.kohya.safetensors";

  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectNode header = JSON.createObjectNode();
  private int dataBytes;

  public static byte[] resource(String name) {
    try (var input = TestAdapters.class.getResourceAsStream("/adapters/" + name)) {
      return input.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a tensor of float zeros. */
  public TestAdapters with(String key, int... shape) {
    int bytes = Float.BYTES;
    ObjectNode entry = header.putObject(key).put("dtype", "F32");
    var sizes = entry.putArray("shape");
    for (int size : shape) {
      sizes.add(size);
      bytes *= size;
    }
    entry.putArray("data_offsets").add(dataBytes).add(dataBytes + bytes);
    dataBytes += bytes;
    return this;
  }

  public TestAdapters metadata(String key, String value) {
    header.withObject("__metadata__").put(key, value);
    return this;
  }

  public byte[] bytes() {
    return file(JSON.writeValueAsString(header), dataBytes);
  }

  /** A file with any text as its header. */
  public static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    file.writeBytes(json);
    file.writeBytes(new byte[dataBytes]);
    return file.toByteArray();
  }

  /** A LoRA of one layer; another rank gives another file. */
  public static byte[] lora(int rank) {
    return new TestAdapters()
        .with("unet.mid.to_q.lora_A.weight", rank, 6)
        .with("unet.mid.to_q.lora_B.weight", 5, rank)
        .bytes();
  }

  /** The outside of a ControlNet with two blocks of one layer, 4 and 8 channels wide. */
  public static TestAdapters controlNet() {
    TestAdapters file =
        new TestAdapters()
            .with("conv_in.weight", 4, 4, 3, 3)
            .with("controlnet_cond_embedding.conv_in.weight", 2, 3, 3, 3)
            .with("down_blocks.0.resnets.0.conv1.weight", 4, 4, 3, 3);
    Map<String, Integer> outlets = new LinkedHashMap<>();
    outlets.put("controlnet_down_blocks.0", 4);
    outlets.put("controlnet_down_blocks.1", 4);
    outlets.put("controlnet_down_blocks.2", 4);
    outlets.put("controlnet_down_blocks.3", 8);
    outlets.put("controlnet_mid_block", 8);
    outlets.forEach(
        (name, width) ->
            file.with(name + ".weight", width, width, 1, 1).with(name + ".bias", width));
    return file;
  }

  public static byte[] controlNetConfig() {
    return """
        {"_class_name": "ControlNetModel", "block_out_channels": [4, 8], "layers_per_block": 1,
         "in_channels": 4, "conditioning_channels": 3,
         "conditioning_embedding_out_channels": [2, 4]}
        """
        .getBytes(StandardCharsets.UTF_8);
  }
}
