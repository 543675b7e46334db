package dev.fresco.engine.text;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.text.tokenizer.ClipTokenizer;
import dev.fresco.engine.text.tokenizer.FramedText;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A CLIP text encoder with its tokenizer: from texts to states. Threads may share it. */
public final class ClipText implements AutoCloseable {
  private final ClipTokenizer tokenizer;
  private final ClipTextEncoder encoder;

  /** Owns both from now on. */
  public ClipText(ClipTokenizer tokenizer, ClipTextEncoder encoder) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
  }

  /**
   * Loads both from their folders.
   *
   * @throws EngineException naming what is wrong with a folder and where; nothing stays allocated
   */
  public static ClipText load(
      Path tokenizerFolder,
      Component encoderFolder,
      KernelLibrary kernels,
      ComputeType computeType) {
    ClipTextEncoder encoder = ClipTextEncoder.load(encoderFolder, kernels, computeType);
    try {
      return new ClipText(
          ClipTokenizer.load(tokenizerFolder, encoder.config().positions()), encoder);
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * A text and what to read of it.
   *
   * @param text framed by {@link #frame}
   */
  record Reading(FramedText text, ClipReading states) {}

  /**
   * The shapes of the weights that adapters may change, {@code [out, in]}, by the layers' names as
   * trainers write them.
   */
  public SortedMap<String, long[]> adaptableLayers() {
    SortedMap<String, long[]> layers = new TreeMap<>();
    for (int i = 0; i < config().layers(); i++) {
      String layer = "text_model.encoder.layers." + i + ".";
      ClipTextEncoder.linears(config().widths())
          .forEach((name, shape) -> layers.put(layer + name, shape));
    }
    return layers;
  }

  public ClipTextConfig config() {
    return encoder.config();
  }

  FramedText frame(String text, LongPrompt longPrompt) {
    return tokenizer.encode(text, longPrompt);
  }

  /** What the adapters add to this encoder, the family's n-th from 0. */
  LayerTerms terms(List<TextAdapter> adapters, int encoderIndex) {
    return LayerTerms.of(config(), adapters, encoderIndex);
  }

  /**
   * Encodes texts, in one pass all those of which the same is read.
   *
   * @return one for each reading: the states of its chunks one after the other, and the first
   *     chunk's pooled state
   */
  List<TextStates> encode(List<Reading> readings, LayerTerms terms) {
    Map<ClipReading, List<Reading>> passes = new LinkedHashMap<>();
    for (Reading reading : readings) {
      passes.computeIfAbsent(reading.states(), states -> new ArrayList<>()).add(reading);
    }
    Map<Reading, TextStates> results = new LinkedHashMap<>();
    passes.forEach((states, texts) -> encode(texts, states, terms, results));
    return readings.stream().map(results::get).toList();
  }

  private void encode(
      List<Reading> readings,
      ClipReading states,
      LayerTerms terms,
      Map<Reading, TextStates> results) {
    List<int[]> chunks = readings.stream().flatMap(each -> each.text().chunks().stream()).toList();
    List<TextStates> encoded = encoder.encode(chunks, states, terms);
    int from = 0;
    for (Reading reading : readings) {
      int to = from + reading.text().chunks().size();
      results.put(reading, joined(encoded.subList(from, to)));
      from = to;
    }
  }

  private static TextStates joined(List<TextStates> chunks) {
    TextStates first = chunks.get(0);
    if (chunks.size() == 1) {
      return first;
    }
    int tokens = (int) first.states().shape()[0];
    int channels = (int) first.states().shape()[1];
    FloatBuffer all = FloatBuffer.allocate(chunks.size() * tokens * channels);
    chunks.forEach(chunk -> all.put(chunk.states().data()));
    return new TextStates(
        HostTensor.of(all.array(), (long) chunks.size() * tokens, channels), first.pooled());
  }

  /**
   * Refuses a prompt that leaves out more than there is.
   *
   * @param ownSkip layers that the family leaves out by itself
   */
  void requireLayers(Prompt prompt, int ownSkip) {
    int most = config().layers() - ownSkip;
    if (prompt.clipSkip() > most) {
      throw new EngineException(
          "clipSkip is %d; this model's text encoder of %d layers allows 0 to %d"
              .formatted(prompt.clipSkip(), config().layers(), most));
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    encoder.close();
  }
}
