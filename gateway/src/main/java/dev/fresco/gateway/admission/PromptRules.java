package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.PromptOptions;
import dev.fresco.contracts.worker.ModelAbilities;
import java.util.Arrays;
import java.util.List;

/** Holds a form's prompts against the model and the limits. */
final class PromptRules {
  private static final String KNOB = "fresco.limits.max-prompt-characters";

  private final JobForm form;
  private final Terms terms;
  private final List<Fault> faults;

  private PromptRules(JobForm form, Terms terms, List<Fault> faults) {
    this.form = form;
    this.terms = terms;
    this.faults = faults;
  }

  /**
   * @param faults to which what is wrong is added
   */
  static void check(JobForm form, Terms terms, List<Fault> faults) {
    PromptRules rules = new PromptRules(form, terms, faults);
    rules.checkWords();
    rules.checkOptions();
    if (terms.card() != null) {
      rules.checkAgainstCard();
    }
  }

  private void checkWords() {
    boolean none = form.prompt() == null || form.prompt().isBlank();
    if (none && !RecordingRules.isRecording(form)) {
      faults.add(
          Fault.missing("prompt", terms.limits().maxPromptCharacters(), "say what to paint"));
    }
    checkLength("prompt", form.prompt());
    checkLength("negativePrompt", form.negativePrompt());
    checkLength("prompt2", form.prompt2());
    checkLength("negativePrompt2", form.negativePrompt2());
  }

  private void checkLength(String field, String words) {
    int limit = terms.limits().maxPromptCharacters();
    if (words != null && Fault.length(words) > limit) {
      faults.add(Fault.tooLong(field, words, limit, KNOB));
    }
  }

  private void checkOptions() {
    if (form.clipSkip() != null && form.clipSkip() < 0) {
      faults.add(Fault.belowLeast("clipSkip", form.clipSkip(), 0, null));
    }
    if (form.longPrompts() != null && !names().contains(form.longPrompts())) {
      faults.add(Fault.notOneOf("longPrompts", form.longPrompts(), names(), null));
    }
  }

  private void checkAgainstCard() {
    ModelAbilities abilities = terms.card().abilities();
    boolean negative = abilities.guidance().takesNegativePrompt();
    leftOutUnless(negative, "negativePrompt", form.negativePrompt(), "knows no negative prompts");
    leftOutUnless(abilities.secondPrompt(), "prompt2", form.prompt2(), "reads one prompt only");
    leftOutUnless(
        abilities.secondPrompt() && negative,
        "negativePrompt2",
        form.negativePrompt2(),
        "reads no second negative prompt");
    if (form.clipSkip() != null && form.clipSkip() > abilities.maxClipSkip()) {
      faults.add(
          Fault.aboveLimit("clipSkip", form.clipSkip(), abilities.maxClipSkip(), terms.model()));
    }
    if (LongPrompts.CHUNKS.wireName().equals(form.longPrompts()) && !abilities.chunkedPrompts()) {
      List<String> known = List.of(LongPrompts.CUT.wireName());
      faults.add(Fault.notOneOf("longPrompts", form.longPrompts(), known, terms.model()));
    }
  }

  private void leftOutUnless(boolean able, String field, String words, String why) {
    if (!able && words != null && !words.isEmpty()) {
      faults.add(Fault.against(field, words, "", "be left out: " + terms.model() + " " + why));
    }
  }

  /** How a sound form's prompts are read. */
  static PromptOptions options(JobForm form) {
    return new PromptOptions(
        form.prompt2(),
        form.negativePrompt2(),
        form.clipSkip() == null ? 0 : form.clipSkip().intValue(),
        Arrays.stream(LongPrompts.values())
            .filter(way -> way.wireName().equals(form.longPrompts()))
            .findFirst()
            .orElse(LongPrompts.CUT));
  }

  private static List<String> names() {
    return Arrays.stream(LongPrompts.values()).map(LongPrompts::wireName).toList();
  }
}
