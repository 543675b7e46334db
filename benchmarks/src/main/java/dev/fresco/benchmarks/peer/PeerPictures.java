package dev.fresco.benchmarks.peer;

import dev.fresco.engine.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Guided pictures of one size, prompt and number of steps, which start from the noise of their
 * seeds.
 *
 * @param latents height and width of the latents
 * @param pixels height and width of the picture, which some networks are told
 */
public record PeerPictures(
    List<Long> seeds, Size latents, Size pixels, int steps, double guidance, Prompt prompt) {

  public record Size(int height, int width) {}

  /**
   * Encoded texts, {@code [tokens, channels]}.
   *
   * @param pooled of networks that take it
   */
  public record Prompt(HostTensor positive, HostTensor negative, Optional<Pooled> pooled) {}

  /** {@code [channels]} each. */
  public record Pooled(HostTensor positive, HostTensor negative) {}

  /** As the script takes it. */
  Map<String, Object> arguments() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("seeds", seeds);
    arguments.put("height", latents.height());
    arguments.put("width", latents.width());
    arguments.put("pixels", pixels);
    arguments.put("steps", steps);
    arguments.put("guidance", guidance);
    arguments.put("positive", PeerTensor.of(prompt.positive()));
    arguments.put("negative", PeerTensor.of(prompt.negative()));
    arguments.put("pooled", prompt.pooled().map(PeerPictures::both).orElse(null));
    return arguments;
  }

  private static Map<String, PeerTensor> both(Pooled pooled) {
    return Map.of(
        "positive", PeerTensor.of(pooled.positive()), "negative", PeerTensor.of(pooled.negative()));
  }
}
