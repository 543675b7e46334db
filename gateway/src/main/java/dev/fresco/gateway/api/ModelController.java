package dev.fresco.gateway.api;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.gateway.catalogue.ModelCatalogue;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.image.ImageLimits;
import dev.fresco.platform.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What can be asked for. */
@RestController
@RequestMapping(path = "/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Models")
class ModelController {
  private final ModelCatalogue catalogue;
  private final LimitSettings limits;
  private final GatewaySettings settings;

  ModelController(ModelCatalogue catalogue, LimitSettings limits, GatewaySettings settings) {
    this.catalogue = catalogue;
    this.limits = limits;
    this.settings = settings;
  }

  @GetMapping("/models")
  @Operation(summary = "List the models that workers have announced")
  Models models() {
    return new Models(catalogue.models());
  }

  @GetMapping("/models/{id}")
  @Operation(summary = "Look at one model")
  ModelCard model(@PathVariable String id) {
    return catalogue.find(id).orElseThrow(() -> ProblemException.notFound("model", id));
  }

  @GetMapping("/capabilities")
  @Operation(
      summary = "What can be asked for: kinds of jobs, models with their defaults, limits",
      description = "Each limit names the setting that an operator can change.")
  Capabilities capabilities() {
    List<ModelCard> models = catalogue.models();
    String only = models.size() == 1 ? models.get(0).id() : null;
    return new Capabilities(
        kinds(models),
        settings.defaultModel() == null ? only : settings.defaultModel(),
        models,
        limits());
  }

  /** Those that some model does. */
  private static List<JobKind> kinds(List<ModelCard> models) {
    return Arrays.stream(JobKind.values())
        .filter(kind -> models.stream().anyMatch(card -> card.abilities().kinds().contains(kind)))
        .toList();
  }

  private Map<String, Limit> limits() {
    Map<String, Limit> named = new LinkedHashMap<>();
    named.put(
        "maxPromptCharacters",
        new Limit(limits.maxPromptCharacters(), "fresco.limits.max-prompt-characters"));
    named.put("maxSteps", new Limit(limits.maxSteps(), "fresco.limits.max-steps"));
    named.put("maxCount", new Limit(limits.maxCount(), "fresco.limits.max-count"));
    named.put("maxLabels", new Limit(limits.maxLabels(), "fresco.limits.max-labels"));
    named.put(
        "maxLabelCharacters",
        new Limit(limits.maxLabelCharacters(), "fresco.limits.max-label-characters"));
    named.put("maxLoras", new Limit(limits.maxLoras(), "fresco.limits.max-loras"));
    named.put(
        "maxControlnets", new Limit(limits.maxControlnets(), "fresco.limits.max-controlnets"));
    named.put(
        "maxAdapterScale", new Limit(limits.maxAdapterScale(), "fresco.limits.max-adapter-scale"));
    named.put("maxMaskMargin", new Limit(limits.maxMaskMargin(), "fresco.limits.max-mask-margin"));
    ImageLimits image = limits.image();
    named.put("maxImageBytes", new Limit(image.bytes(), image.bytesKnob()));
    named.put("maxImagePixels", new Limit(image.pixels(), image.pixelsKnob()));
    named.put("maxBodyBytes", new Limit(limits.maxBody().toBytes(), "fresco.limits.max-body"));
    named.put("maxStreams", new Limit(limits.maxStreams(), "fresco.limits.max-streams"));
    named.put("maxPage", new Limit(limits.maxPage(), "fresco.limits.max-page"));
    return named;
  }

  public record Models(List<ModelCard> items) {}

  /**
   * @param defaultModel for requests that name none, or null if they must name one
   */
  public record Capabilities(
      List<JobKind> kinds,
      String defaultModel,
      List<ModelCard> models,
      Map<String, Limit> limits) {}

  /**
   * @param setting that changes it
   */
  public record Limit(Number value, String setting) {}
}
