package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.gateway.config.LimitSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Holds a form against a model and the limits. Decides only; knows no clock, no network. */
final class JobRules {
  private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final JobForm form;
  private final Terms terms;
  private final ModelCard card;
  private final LimitSettings limits;
  private final List<Fault> faults = new ArrayList<>();

  private JobRules(JobForm form, Terms terms) {
    this.form = form;
    this.terms = terms;
    this.card = terms.card();
    this.limits = terms.limits();
  }

  /**
   * What is wrong with a form. If its model is not known, what holds for every model is checked.
   */
  static List<Fault> check(JobForm form, Terms terms) {
    JobRules rules = new JobRules(form, terms);
    PromptRules.check(form, terms, rules.faults);
    rules.checkKindAndNames();
    rules.checkNumbers();
    if (rules.card != null) {
      rules.checkAgainstCard();
    }
    ImageRules.check(form, terms, rules.faults);
    MaskRules.check(form, terms, rules.faults);
    RecordingRules.check(form, rules.faults);
    AdapterRules.check(form, terms, rules.faults);
    rules.checkSeed();
    rules.checkDeadline(terms.now());
    rules.checkLabels();
    return List.copyOf(rules.faults);
  }

  private void checkKindAndNames() {
    List<String> able =
        card == null
            ? List.of()
            : card.abilities().kinds().stream().map(JobKind::wireName).toList();
    String kind = form.kind() == null ? JobKind.TEXT_TO_IMAGE.wireName() : form.kind();
    if (!kinds().contains(kind)) {
      faults.add(Fault.notOneOf("kind", kind, kinds(), null));
    } else if (card != null && !able.contains(kind)) {
      faults.add(Fault.notOneOf("kind", kind, able, model()));
    }
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
    Double guidance = form.guidanceScale();
    if (guidance != null && Double.isFinite(guidance) && guidance > card.maxGuidanceScale()) {
      faults.add(Fault.aboveLimit("guidanceScale", guidance, card.maxGuidanceScale(), model()));
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
          Fault.tooMany("labels", labels.size(), limits.maxLabels(), "fresco.limits.max-labels"));
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

  private String model() {
    return terms.model();
  }

  static List<String> kinds() {
    return Arrays.stream(JobKind.values()).map(JobKind::wireName).toList();
  }

  private static List<String> priorities() {
    return Arrays.stream(Priority.values()).map(Priority::wireName).toList();
  }
}
