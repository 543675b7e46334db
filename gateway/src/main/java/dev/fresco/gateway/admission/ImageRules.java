package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.platform.web.FieldProblem;
import java.util.List;

/**
 * Holds the size of a job and of the pictures that it works from against the model and each other.
 * A size that is left out is that of the first of these pictures.
 */
final class ImageRules {
  private static final double DEFAULT_STRENGTH = 0.8;
  private static final String IMAGE_TO_IMAGE = JobKind.IMAGE_TO_IMAGE.wireName();
  private static final List<String> FROM_A_PICTURE =
      List.of(IMAGE_TO_IMAGE, JobKind.EDIT.wireName());

  private final JobForm form;
  private final Terms terms;
  private final List<Fault> faults;

  private ImageRules(JobForm form, Terms terms, List<Fault> faults) {
    this.form = form;
    this.terms = terms;
    this.faults = faults;
  }

  /** In pixels. */
  record Size(long width, long height) {
    boolean isOf(SourceImage image) {
      return image.width() == width && image.height() == height;
    }

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /**
   * @param faults to which what is wrong is added
   */
  static void check(JobForm form, Terms terms, List<Fault> faults) {
    ImageRules rules = new ImageRules(form, terms, faults);
    if (form.kind() != null && FROM_A_PICTURE.contains(form.kind())) {
      rules.checkStart();
    } else if (!RecordingRules.isRecording(form)) {
      rules.checkNoStart();
    }
    if (terms.card() != null) {
      rules.checkSizes();
    }
  }

  private void checkStart() {
    if (form.image() == null && form.template() == null) {
      faults.add(
          Fault.missing("image", ImageForm.TAKEN, "be the picture to start from, or template"));
    }
    if (form.image() != null && form.template() != null) {
      faults.add(
          Fault.against("template", "also given", "image", "be left out where image is given"));
    }
    double strength = strength(form);
    if (!(strength > 0 && strength <= 1)) {
      faults.add(Fault.against("strength", String.valueOf(strength), 1, "be over 0 and at most 1"));
    } else if (terms.card() != null) {
      checkThatSomeStepIsTaken(terms.steps(form), strength);
    }
  }

  private void checkThatSomeStepIsTaken(long steps, double strength) {
    if (steps > 0 && steps <= Integer.MAX_VALUE && StartImage.steps((int) steps, strength) < 1) {
      String rule = "be at least 1 / steps, or none of the " + steps + " steps is taken";
      faults.add(Fault.against("strength", strength, 1.0 / steps, rule));
    }
  }

  private void checkNoStart() {
    String rule = "be left out, or kind must be " + String.join(" or ", FROM_A_PICTURE);
    if (form.image() != null) {
      faults.add(Fault.against("image", "given", FROM_A_PICTURE, rule));
    }
    if (form.template() != null) {
      faults.add(Fault.against("template", "given", FROM_A_PICTURE, rule));
    }
    if (form.strength() != null) {
      faults.add(Fault.against("strength", form.strength().toString(), FROM_A_PICTURE, rule));
    }
  }

  private void checkSizes() {
    List<SourceImage> images = terms.sources().images();
    Size size = size(form, terms);
    String from = images.isEmpty() ? "" : images.get(0).field() + ".";
    boolean sound = checkSide(form.width() == null ? from + "width" : "width", size.width());
    sound &= checkSide(form.height() == null ? from + "height" : "height", size.height());
    if (sound) {
      images.stream()
          .filter(image -> !size.isOf(image))
          .forEach(image -> faults.add(otherSize(image, size)));
    }
  }

  private static Fault otherSize(SourceImage image, Size size) {
    String shown = image.width() + "x" + image.height();
    String rule = "be " + size + ", the job's width and height: scale it, or change those";
    return new Fault(
        new FieldProblem(image.field(), shown, size.toString(), "must " + rule),
        image.field() + " is " + shown + "; it must " + rule);
  }

  /** Whether a side is one that the model paints. */
  private boolean checkSide(String field, long pixels) {
    ModelCard card = terms.card();
    if (pixels > card.maxSize()) {
      faults.add(Fault.aboveLimit(field, pixels, card.maxSize(), terms.model()));
    } else if (pixels < card.minSize()) {
      faults.add(Fault.belowLeast(field, pixels, card.minSize(), terms.model()));
    } else if (pixels % card.sizeMultiple() != 0) {
      String rule = "be a multiple of " + card.sizeMultiple() + " (" + terms.model() + ")";
      faults.add(Fault.against(field, pixels, card.sizeMultiple(), rule));
    } else {
      return true;
    }
    return false;
  }

  /** The share of the steps that a form asks for: of what an edit paints nothing stays. */
  static double strength(JobForm form) {
    double left = IMAGE_TO_IMAGE.equals(form.kind()) ? DEFAULT_STRENGTH : 1;
    return form.strength() == null ? left : form.strength();
  }

  /** The size that a job will have. */
  static Size size(JobForm form, Terms terms) {
    List<SourceImage> images = terms.sources().images();
    ModelCard card = terms.card();
    long width = images.isEmpty() ? card.defaultWidth() : images.get(0).width();
    long height = images.isEmpty() ? card.defaultHeight() : images.get(0).height();
    return new Size(
        form.width() == null ? width : form.width(),
        form.height() == null ? height : form.height());
  }
}
