package dev.fresco.gateway.admission;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the form from JSON. */
final class JobFormReader {
  private JobFormReader() {}

  /** A form, and what could not be read of it. */
  record Reading(JobForm form, List<Fault> faults) {}

  static Reading read(JsonNode json) {
    List<Fault> faults = new ArrayList<>();
    ObjectReader body = ObjectReader.ofBody(json, JobForm.FIELDS, faults);
    JobForm form =
        new JobForm(
            body.text("kind"),
            body.text("model"),
            body.text("prompt"),
            body.text("negativePrompt"),
            body.text("prompt2"),
            body.text("negativePrompt2"),
            body.integer("clipSkip"),
            body.text("longPrompts"),
            body.integer("width"),
            body.integer("height"),
            body.integer("steps"),
            body.number("guidanceScale"),
            body.text("sampler"),
            body.integer("seed"),
            body.integer("count"),
            image(body),
            body.object("template", TemplateForm.FIELDS, JobFormReader::template),
            body.object("mask", MaskForm.FIELDS, JobFormReader::mask),
            body.number("strength"),
            body.objects("loras", LoraForm.FIELDS, JobFormReader::lora),
            body.objects("controlnets", ControlNetForm.FIELDS, JobFormReader::controlNet),
            body.text("priority"),
            body.time("deadline"),
            body.labels("labels"));
    return new Reading(form, List.copyOf(faults));
  }

  private static ImageForm image(ObjectReader parent) {
    return parent.object(
        "image",
        ImageForm.FIELDS,
        image -> new ImageForm(image.base64("base64"), image.text("url"), image.text("template")));
  }

  private static TemplateForm template(ObjectReader template) {
    return new TemplateForm(template.text("id"), template.base64("base64"), template.text("url"));
  }

  private static MaskForm mask(ObjectReader mask) {
    return new MaskForm(
        mask.base64("base64"),
        mask.text("url"),
        mask.text("edits"),
        mask.yesOrNo("rescale"),
        mask.integer("margin"));
  }

  private static LoraForm lora(ObjectReader lora) {
    return new LoraForm(lora.text("id"), lora.number("scale"));
  }

  private static ControlNetForm controlNet(ObjectReader net) {
    return new ControlNetForm(
        net.text("id"), image(net), net.number("scale"), net.number("from"), net.number("to"));
  }
}
