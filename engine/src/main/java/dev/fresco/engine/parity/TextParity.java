package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.text.ClipOutput;
import dev.fresco.engine.text.ClipTextEncoder;
import dev.fresco.engine.text.tokenizer.ClipTokenizer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** {@code FAMILY.text}: prompts to tokens, and a CLIP text encoder's states from given tokens. */
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
      tensors.judge("input_ids", shareOfWrongIds(golden, tensors, encoder), 0);
      tensors.compare("last_hidden_state", joined(outputs, ClipOutput::last));
      tensors.compare("penultimate", joined(outputs, ClipOutput::penultimate));
      tensors.compare("pooler_output", joined(outputs, ClipOutput::pooled));
      return tensors.rows();
    }
  }

  /** Of the prompts in the metadata, through the checkpoint's own tokenizer. */
  private static double shareOfWrongIds(
      GoldenFile golden, GoldenTensors tensors, ClipTextEncoder encoder) {
    List<int[]> expected = texts(tensors);
    JsonNode prompts = tensors.metadata("prompts");
    if (prompts.size() != expected.size()) {
      throw new EngineException(
          "%s: has %d prompts, but input_ids of %d"
              .formatted(golden.path(), prompts.size(), expected.size()));
    }
    int wrong = 0;
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(
            golden.checkpoint().resolve("tokenizer"), encoder.config().positions())) {
      for (int i = 0; i < expected.size(); i++) {
        long[] ids = tokenizer.encodePadded(prompts.get(i).asString("")).ids();
        long[] reference = Arrays.stream(expected.get(i)).asLongStream().toArray();
        wrong += Arrays.equals(ids, reference) ? 0 : 1;
      }
    }
    return wrong / (double) expected.size();
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
