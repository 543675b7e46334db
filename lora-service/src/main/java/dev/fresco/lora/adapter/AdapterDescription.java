package dev.fresco.lora.adapter;

import java.util.List;

/**
 * What validation learns about an adapter.
 *
 * @param format {@code peft}, {@code diffusers}, {@code kohya} or {@code controlnet}
 * @param baseModel what the file says it was made for, or null
 * @param ranks distinct, ascending; empty for a ControlNet
 * @param targets the parts of a model that it changes
 * @param layers how many layers it changes
 * @param family of the models that it fits, or null if nothing says so
 */
public record AdapterDescription(
    String format,
    String baseModel,
    List<Integer> ranks,
    List<String> targets,
    int layers,
    String family) {
  public AdapterDescription {
    ranks = List.copyOf(ranks);
    targets = List.copyOf(targets);
  }
}
