package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobKind;
import java.util.List;

/**
 * Holds a recording to what it is: a run of the template itself. Nothing of the template is left
 * out, no picture comes of it, and its noise is the template's own.
 */
final class RecordingRules {
  private static final String RECORDING = JobKind.RECORDING.wireName();
  private static final String RULE = "be left out where kind is " + RECORDING;

  private RecordingRules() {}

  static boolean isRecording(JobForm form) {
    return RECORDING.equals(form.kind());
  }

  /**
   * @param faults to which what is wrong is added
   */
  static void check(JobForm form, List<Fault> faults) {
    if (!isRecording(form)) {
      return;
    }
    TemplateForm template = form.template();
    if (template == null) {
      faults.add(Fault.missing("template.id", "a template's id", "be the template to record"));
    } else if (template.base64() != null) {
      String rule = "be uploaded first (POST /v1/templates), and named by its id";
      faults.add(Fault.against("template.base64", "given", "a template's id", rule));
    }
    leftOut("image", form.image() == null ? null : "given", faults);
    leftOut("strength", form.strength() == null ? null : form.strength().toString(), faults);
    leftOut("seed", form.seed(), faults);
    leftOut("count", form.count(), faults);
    boolean hasNets = form.controlnets() != null && !form.controlnets().isEmpty();
    leftOut("controlnets", hasNets ? form.controlnets().size() : null, faults);
  }

  private static void leftOut(String field, Object value, List<Fault> faults) {
    if (value != null) {
      faults.add(Fault.against(field, value, RECORDING, RULE));
    }
  }
}
