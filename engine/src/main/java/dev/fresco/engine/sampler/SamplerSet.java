package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The samplers of a checkpoint: those that its scheduler config allows.
 *
 * @param byName in the order of {@link Samplers}, at least one
 * @param preferred name of the one for requests that choose none
 */
public record SamplerSet(Map<String, Sampler> byName, String preferred) {
  public SamplerSet {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    if (!byName.containsKey(preferred)) {
      throw new IllegalArgumentException(preferred + " is none of " + byName.keySet());
    }
  }

  /**
   * Tries all of the model's kind. Preferred is the one that stands for the config's scheduler
   * class, or the first that works where none does.
   *
   * @throws EngineException why the first of them refuses the config, if all do
   */
  public static SamplerSet of(SchedulerConfig config) {
    Map<String, Sampler> allowed = new LinkedHashMap<>();
    List<EngineException> refusals = new ArrayList<>();
    for (Samplers sampler : Samplers.values()) {
      if (sampler.suits(config)) {
        try {
          allowed.put(sampler.toString(), sampler.from(config));
        } catch (EngineException e) {
          refusals.add(e);
        }
      }
    }
    if (allowed.isEmpty()) {
      throw refusals.get(0);
    }
    String preferred =
        Samplers.configuredBy(config)
            .map(Samplers::toString)
            .filter(allowed::containsKey)
            .orElseGet(() -> allowed.keySet().iterator().next());
    return new SamplerSet(allowed, preferred);
  }

  /** Their names. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /**
   * @throws EngineException if there is none of this name; the message lists those that there are
   */
  public Sampler named(String name) {
    Sampler sampler = byName.get(name);
    if (sampler == null) {
      throw new EngineException(
          "sampler is " + name + "; this model has " + String.join(", ", byName.keySet()));
    }
    return sampler;
  }
}
