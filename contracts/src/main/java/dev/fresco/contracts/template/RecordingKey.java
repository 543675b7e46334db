package dev.fresco.contracts.template;

import dev.fresco.contracts.Require;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a template's recorded activations depend on; edits with an equal key may use them.
 *
 * @param modelRevision of the checkpoint
 * @param templateSha256 of the template's bytes
 * @param width pixels
 * @param height pixels
 * @param steps of the whole schedule, whatever the strength
 * @param guided whether there are rows for a negative prompt
 * @param adapters digest and scale of each, in order, as {@code sha256*scale}
 */
public record RecordingKey(
    String modelRevision,
    String templateSha256,
    int width,
    int height,
    String sampler,
    int steps,
    boolean guided,
    List<String> adapters) {
  public RecordingKey {
    Require.text("modelRevision", modelRevision);
    Require.text("templateSha256", templateSha256);
    Require.text("sampler", sampler);
    Require.atLeast("steps", steps, 1);
    adapters = List.copyOf(adapters);
  }

  /** Names the recording in files, events and URLs: {@code rec_} and 32 hexadecimal digits. */
  public String id() {
    String text =
        String.join(
            "\n",
            modelRevision,
            templateSha256,
            width + "x" + height,
            sampler,
            Integer.toString(steps),
            Boolean.toString(guided),
            String.join(",", adapters));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "rec_" + HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
