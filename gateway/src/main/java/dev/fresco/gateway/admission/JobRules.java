package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.FieldProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds a form against a model and the limits, and fills in the defaults. Decides only; knows no
 * clock, no network.
 */
final class JobRules {
  private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final JobForm form;
  private final ModelCard card;
  private final LimitSettings limits;
  private final List<Fault> faults = new ArrayList<>();

  private JobRules(JobForm form, ModelCard card, LimitSettings limits) {
    this.form = form;
    this.card = card;
    this.limits = limits;
  }

  /**
   * What came of a form.
   *
   * @param request the whole request, or null if there are faults
   */
  record Ruling(JobRequest request, List<Fault> faults) {}

  /**
   * @param card of the model that the form names, or null if there is no such model: then what
   *     holds for every model is checked, and there is no request
   * @param now the time that a deadline must be after
   * @param drawnSeed for a form without a seed, at least 0
   */
  static Ruling apply(
      JobForm form, ModelCard card, LimitSettings limits, Instant now, long drawnSeed) {
    JobRules rules = new JobRules(form, card, limits);
    rules.checkWords();
    rules.checkKindAndNames();
    rules.checkNumbers();
    if (card != null) {
      rules.checkAgainstCard();
    }
    rules.checkSeed();
    rules.checkDeadline(now);
    rules.checkLabels();
    boolean sound = card != null && rules.faults.isEmpty();
    return new Ruling(sound ? rules.request(drawnSeed) : null, List.copyOf(rules.faults));
  }

  private void checkWords() {
    int limit = limits.maxPromptCharacters();
    String knob = "fresco.limits.max-prompt-characters";
    if (form.prompt() == null || form.prompt().isBlank()) {
      faults.add(Fault.missing("prompt", limit, "say what to paint"));
    } else if (Fault.length(form.prompt()) > limit) {
      faults.add(Fault.tooLong("prompt", form.prompt(), limit, knob));
    }
    if (form.negativePrompt() != null && Fault.length(form.negativePrompt()) > limit) {
      faults.add(Fault.tooLong("negativePrompt", form.negativePrompt(), limit, knob));
    }
  }

  private void checkKindAndNames() {
    oneOf("kind", form.kind(), kinds(), null);
    oneOf("priority", form.priority(), priorities(), null);
  }

  private void oneOf(String field, String value, List<String> known, String source) {
    if (value != null && !known.contains(value)) {
      faults.add(Fault.notOneOf(field, value, known, source));
    }
  }

  private void checkNumbers() {
    boolean cardIsStricter = card != null && card.maxSteps() < limits.maxSteps();
    range(
        "steps",
        form.steps(),
        cardIsStricter ? card.maxSteps() : limits.maxSteps(),
        cardIsStricter ? model() : "fresco.limits.max-steps");
    range("count", form.count(), limits.maxCount(), "fresco.limits.max-count");
    Double guidance = form.guidanceScale();
    if (guidance != null && !Double.isFinite(guidance)) {
      faults.add(
          Fault.against("guidanceScale", guidance.toString(), "a finite number", "be finite"));
    } else if (guidance != null && guidance < 0) {
      faults.add(Fault.belowLeast("guidanceScale", guidance, 0, null));
    }
  }

  private void checkAgainstCard() {
    oneOf("sampler", form.sampler(), card.samplers(), model());
    checkSize("width", form.width());
    checkSize("height", form.height());
    Double guidance = form.guidanceScale();
    if (guidance != null && Double.isFinite(guidance) && guidance > card.maxGuidanceScale()) {
      faults.add(Fault.aboveLimit("guidanceScale", guidance, card.maxGuidanceScale(), model()));
    }
  }

  private void checkSize(String field, Long pixels) {
    if (pixels == null) {
      return;
    }
    if (pixels > card.maxSize()) {
      faults.add(Fault.aboveLimit(field, pixels, card.maxSize(), model()));
    } else if (pixels < card.minSize()) {
      faults.add(Fault.belowLeast(field, pixels, card.minSize(), model()));
    } else if (pixels % card.sizeMultiple() != 0) {
      String rule = "be a multiple of " + card.sizeMultiple() + " (" + model() + ")";
      faults.add(Fault.against(field, pixels, card.sizeMultiple(), rule));
    }
  }

  /** From 1 to a limit. */
  private void range(String field, Long value, int limit, String source) {
    if (value != null && value < 1) {
      faults.add(Fault.belowLeast(field, value, 1, null));
    } else if (value != null && value > limit) {
      faults.add(Fault.aboveLimit(field, value, limit, source));
    }
  }

  /** The last picture's seed must be a number of 63 bits as well. */
  private void checkSeed() {
    Long seed = form.seed();
    long others = form.count() == null ? 0 : Math.max(0, form.count() - 1);
    if (seed != null && seed < 0) {
      faults.add(Fault.belowLeast("seed", seed, 0, null));
    } else if (seed != null && seed > Long.MAX_VALUE - others) {
      faults.add(Fault.aboveLimit("seed", seed, Long.MAX_VALUE - others, "picture n has seed + n"));
    }
  }

  private void checkDeadline(Instant now) {
    if (form.deadline() != null && !form.deadline().isAfter(now)) {
      faults.add(
          Fault.against("deadline", form.deadline().toString(), now.toString(), "be after " + now));
    }
  }

  private void checkLabels() {
    Map<String, String> labels = form.labels() == null ? Map.of() : form.labels();
    if (labels.size() > limits.maxLabels()) {
      faults.add(
          new Fault(
              new FieldProblem(
                  "labels",
                  labels.size(),
                  limits.maxLabels(),
                  "must be at most " + limits.maxLabels()),
              "labels are "
                  + labels.size()
                  + "; the limit is "
                  + limits.maxLabels()
                  + " (fresco.limits.max-labels)"));
    } else {
      labels.forEach(this::checkLabel);
    }
  }

  private void checkLabel(String key, String value) {
    if (!LABEL_KEY.matcher(key).matches()) {
      faults.add(Fault.against("labels", key, LABEL_KEY.pattern(), "have keys like " + LABEL_KEY));
    }
    if (Fault.length(value) > limits.maxLabelCharacters()) {
      faults.add(
          Fault.tooLong(
              "labels." + Fault.shorten(key),
              value,
              limits.maxLabelCharacters(),
              "fresco.limits.max-label-characters"));
    }
  }

  private JobRequest request(long drawnSeed) {
    return new JobRequest(
        JobKind.TEXT_TO_IMAGE,
        card.id(),
        form.prompt(),
        form.negativePrompt(),
        form.width() == null ? card.defaultWidth() : form.width().intValue(),
        form.height() == null ? card.defaultHeight() : form.height().intValue(),
        form.steps() == null
            ? Math.min(card.defaultSteps(), limits.maxSteps())
            : form.steps().intValue(),
        form.guidanceScale() == null ? card.defaultGuidanceScale() : form.guidanceScale(),
        form.sampler() == null ? card.defaultSampler() : form.sampler(),
        form.seed() == null ? drawnSeed : form.seed(),
        form.count() == null ? 1 : form.count().intValue(),
        form.priority() == null ? Priority.NORMAL : priority(form.priority()),
        form.deadline(),
        form.labels());
  }

  private String model() {
    return "model " + card.id();
  }

  static List<String> kinds() {
    return Arrays.stream(JobKind.values()).map(JobKind::wireName).toList();
  }

  private static List<String> priorities() {
    return Arrays.stream(Priority.values()).map(Priority::wireName).toList();
  }

  private static Priority priority(String name) {
    return Arrays.stream(Priority.values())
        .filter(priority -> priority.wireName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
