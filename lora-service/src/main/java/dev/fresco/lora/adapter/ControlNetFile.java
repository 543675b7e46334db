package dev.fresco.lora.adapter;

import dev.fresco.engine.checkpoint.StoredTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whether a file's keys and shapes are those of a ControlNet in the diffusers layout
 * (arXiv:2302.05543), as its config.json describes it. Only what names its outside is held to the
 * config: the input, the picture's embedding and the outlets to the UNet; the network's inside is
 * checked by the engine that loads it.
 */
public final class ControlNetFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CLASS = "ControlNetModel";
  private static final Set<String> PARTS =
      Set.of(
          "conv_in",
          "time_embedding",
          "add_embedding",
          "class_embedding",
          "controlnet_cond_embedding",
          "controlnet_down_blocks",
          "controlnet_mid_block",
          "down_blocks",
          "mid_block");

  private ControlNetFile() {}

  /**
   * Describes a ControlNet.
   *
   * @param config the bytes of config.json
   * @throws dev.fresco.platform.web.ProblemException 422 naming the key and what is wrong
   */
  public static AdapterDescription describe(TensorListing listing, byte[] config) {
    JsonNode settings = settings(config);
    List<Long> channels = sizes(settings, "block_out_channels");
    List<Long> embedding = sizes(settings, "conditioning_embedding_out_channels");
    long layersPerBlock = size(settings, "layers_per_block");

    for (String key : listing.tensors().keySet()) {
      if (!PARTS.contains(key.split("\\.", 2)[0])) {
        throw Refusal.ofKey(Refusal.FILE, key, "is not of a ControlNet; its parts are " + PARTS);
      }
    }
    require(listing, "conv_in.weight", channels.get(0), size(settings, "in_channels"), 3L, 3L);
    require(
        listing,
        "controlnet_cond_embedding.conv_in.weight",
        embedding.get(0),
        size(settings, "conditioning_channels"),
        3L,
        3L);
    List<Long> outlets = outlets(channels, layersPerBlock);
    for (int i = 0; i < outlets.size(); i++) {
      requireOutlet(listing, "controlnet_down_blocks." + i, outlets.get(i));
    }
    String oneMore = "controlnet_down_blocks." + outlets.size() + ".weight";
    if (listing.tensors().containsKey(oneMore)) {
      throw Refusal.ofKey(
          Refusal.FILE, oneMore, "is one more than the " + outlets.size() + " of the config");
    }
    requireOutlet(listing, "controlnet_mid_block", channels.get(channels.size() - 1));
    return new AdapterDescription(
        "controlnet",
        null,
        List.of(),
        List.of("unet"),
        outlets.size() + 1,
        ModelFamily.ofControlNet(settings.path("addition_embed_type").asString(null)));
  }

  private static JsonNode settings(byte[] config) {
    JsonNode settings;
    try {
      settings = JSON.readTree(config);
    } catch (JacksonException e) {
      throw Refusal.of(Refusal.CONFIG, "is not JSON: " + e.getOriginalMessage());
    }
    String name = settings.path("_class_name").asString("");
    if (!name.equals(CLASS)) {
      throw Refusal.ofKey(Refusal.CONFIG, "_class_name", "is '" + name + "'; it must be " + CLASS);
    }
    return settings;
  }

  /** Channels of what goes to the UNet: the input's, then those of each layer and downsampler. */
  private static List<Long> outlets(List<Long> channels, long layersPerBlock) {
    List<Long> outlets = new ArrayList<>();
    outlets.add(channels.get(0));
    for (int block = 0; block < channels.size(); block++) {
      boolean last = block == channels.size() - 1;
      for (int i = 0; i < layersPerBlock + (last ? 0 : 1); i++) {
        outlets.add(channels.get(block));
      }
    }
    return outlets;
  }

  private static void requireOutlet(TensorListing listing, String layer, long channels) {
    require(listing, layer + ".weight", channels, channels, 1L, 1L);
    require(listing, layer + ".bias", channels);
  }

  private static void require(TensorListing listing, String key, long... shape) {
    StoredTensor found = listing.tensors().get(key);
    if (found == null) {
      throw Refusal.of(Refusal.FILE, "lacks the key " + key + " of a ControlNet");
    }
    if (!Arrays.equals(found.shape(), shape)) {
      throw Refusal.ofKey(
          Refusal.FILE,
          key,
          "has the shape %s; by the config it must be %s"
              .formatted(Arrays.toString(found.shape()), Arrays.toString(shape)));
    }
  }

  private static List<Long> sizes(JsonNode settings, String key) {
    List<Long> sizes = new ArrayList<>();
    settings.path(key).forEach(node -> sizes.add(size(key, node)));
    if (sizes.isEmpty() || sizes.size() > 16) {
      throw Refusal.ofKey(Refusal.CONFIG, key, "must be a list of 1 to 16 sizes");
    }
    return sizes;
  }

  private static long size(JsonNode settings, String key) {
    return size(key, settings.path(key));
  }

  private static long size(String key, JsonNode node) {
    if (!node.isInt() || node.asInt() < 1 || node.asInt() > 1 << 16) {
      throw Refusal.ofKey(
          Refusal.CONFIG, key, "is " + node + "; it must be a size of 1 to " + (1 << 16));
    }
    return node.asInt();
  }
}
