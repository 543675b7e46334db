package dev.fresco.engine.parity;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.text.ClipOutput;
import dev.fresco.engine.text.ClipTextEncoder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** {@code FAMILY.text}: a CLIP text encoder's states from given tokens. */
public final class TextParity implements ParityCheck {
  private static final Set<String> PARTS = Set.of("text", "text1");

  @Override
  public boolean reads(GoldenFile golden) {
    return PARTS.contains(golden.part());
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        ClipTextEncoder encoder =
            ClipTextEncoder.load(
                golden.component("text_encoder"), settings.kernels(), settings.computeType())) {
      List<ClipOutput> outputs = texts(tensors).stream().map(encoder::encodeFully).toList();
      tensors.compare("last_hidden_state", joined(outputs, ClipOutput::last));
      tensors.compare("penultimate", joined(outputs, ClipOutput::penultimate));
      tensors.compare("pooler_output", joined(outputs, ClipOutput::pooled));
      return tensors.rows();
    }
  }

  private static List<int[]> texts(GoldenTensors tensors) {
    float[] ids = tensors.values("input_ids");
    int length = (int) tensors.shape("input_ids")[1];
    List<int[]> texts = new ArrayList<>();
    for (int start = 0; start < ids.length; start += length) {
      int[] text = new int[length];
      for (int i = 0; i < length; i++) {
        text[i] = (int) ids[start + i];
      }
      texts.add(text);
    }
    return texts;
  }

  private static float[] joined(List<ClipOutput> outputs, Function<ClipOutput, HostTensor> which) {
    List<float[]> parts = outputs.stream().map(output -> which.apply(output).data()).toList();
    FloatBuffer all = FloatBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(all::put);
    return all.array();
  }
}
