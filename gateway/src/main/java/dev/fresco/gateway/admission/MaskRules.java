package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.platform.web.FieldProblem;
import java.util.List;

/** Holds a form's mask against its kind, the limits and the size of the job. */
final class MaskRules {
  private static final String EDIT = JobKind.EDIT.wireName();
  private static final String MARGIN_KNOB = "fresco.limits.max-mask-margin";

  private final JobForm form;
  private final Terms terms;
  private final List<Fault> faults;

  private MaskRules(JobForm form, Terms terms, List<Fault> faults) {
    this.form = form;
    this.terms = terms;
    this.faults = faults;
  }

  /**
   * @param faults to which what is wrong is added
   */
  static void check(JobForm form, Terms terms, List<Fault> faults) {
    MaskRules rules = new MaskRules(form, terms, faults);
    if (form.mask() == null && isEdit(form)) {
      faults.add(Fault.missing("mask", MaskForm.FIELDS, "say what the edit may change"));
    } else if (form.mask() != null && !isEdit(form)) {
      faults.add(Fault.against("mask", "given", EDIT, "be left out, or kind must be " + EDIT));
    } else if (form.mask() != null) {
      rules.checkPolarity();
      rules.checkMargin();
      rules.checkSize();
    }
  }

  static boolean isEdit(JobForm form) {
    return EDIT.equals(form.kind());
  }

  private void checkPolarity() {
    String edits = form.mask().edits();
    if (edits == null) {
      String rule = "say which pixels are painted: " + String.join(", ", Polarity.names());
      faults.add(Fault.missing("mask.edits", Polarity.names(), rule));
    } else if (Polarity.named(edits).isEmpty()) {
      faults.add(Fault.notOneOf("mask.edits", edits, Polarity.names(), null));
    }
  }

  private void checkMargin() {
    Long margin = form.mask().margin();
    int limit = terms.limits().maxMaskMargin();
    if (margin != null && margin < 0) {
      faults.add(Fault.belowLeast("mask.margin", margin, 0, null));
    } else if (margin != null && margin > limit) {
      faults.add(Fault.aboveLimit("mask.margin", margin, limit, MARGIN_KNOB));
    }
  }

  /** A size that comes from a picture which was not found says nothing about the mask. */
  private void checkSize() {
    SourceImage mask = terms.sources().mask();
    boolean rescale = Boolean.TRUE.equals(form.mask().rescale());
    if (mask == null || rescale || terms.card() == null || terms.sources().start() == null) {
      return;
    }
    ImageRules.Size size = ImageRules.size(form, terms);
    if (!size.isOf(mask)) {
      String shown = mask.width() + "x" + mask.height();
      String rule = "be " + size + ", the job's width and height, or mask.rescale must be true";
      faults.add(
          new Fault(
              new FieldProblem("mask", shown, size.toString(), "must " + rule),
              "mask is " + shown + "; it must " + rule));
    }
  }

  /** What is said of a mask that leaves every pixel as it is. */
  static Fault paintsNothing(SourceImage mask, Polarity polarity) {
    String rule = "have a pixel that is painted; mask.edits is " + polarity.wireName();
    String size = mask.width() + "x" + mask.height();
    return new Fault(
        new FieldProblem("mask", 0, Polarity.names(), "must " + rule),
        "mask leaves all of its " + size + " pixels as they are; it must " + rule);
  }

  static int margin(MaskForm mask) {
    return mask.margin() == null ? 0 : mask.margin().intValue();
  }
}
