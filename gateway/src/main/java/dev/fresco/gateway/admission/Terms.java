package dev.fresco.gateway.admission;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.gateway.config.LimitSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a form is held against.
 *
 * @param card of the model that the form names, or null if there is no such model
 * @param families of all known models, by their id
 * @param sources what the form names, as found
 * @param now the time that a deadline must be after
 * @param drawnSeed for a form without a seed, at least 0
 */
record Terms(
    ModelCard card,
    Map<String, String> families,
    LimitSettings limits,
    Sources sources,
    Instant now,
    long drawnSeed) {

  static Map<String, String> familiesOf(List<ModelCard> models) {
    return models.stream().collect(Collectors.toMap(ModelCard::id, ModelCard::family));
  }

  /** The model as errors name it. */
  String model() {
    return "model " + card.id();
  }

  /** The steps that a form asks for, or those of the model. */
  long steps(JobForm form) {
    return form.steps() == null ? Math.min(card.defaultSteps(), limits.maxSteps()) : form.steps();
  }
}
