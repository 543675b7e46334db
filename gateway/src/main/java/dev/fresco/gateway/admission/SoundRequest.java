package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.worker.ModelCard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A request without a fault, every default filled in.
 *
 * @param inputs the pictures that came with it and that it names
 */
record SoundRequest(JobRequest request, List<JobInput> inputs) {
  SoundRequest {
    inputs = List.copyOf(inputs);
  }

  /**
   * @param mask of an edit, else null
   * @param jobId under which the inputs are to lie
   */
  static SoundRequest of(JobForm form, Terms terms, MaskFile mask, String jobId) {
    Sources sources = terms.sources();
    ImageRules.Size size = ImageRules.size(form, terms);
    ModelCard card = terms.card();
    JobRequest request =
        new JobRequest(
            kind(form),
            card.id(),
            form.prompt() == null ? "" : form.prompt(),
            form.negativePrompt(),
            (int) size.width(),
            (int) size.height(),
            (int) terms.steps(form),
            form.guidanceScale() == null ? card.defaultGuidanceScale() : form.guidanceScale(),
            form.sampler() == null ? card.defaultSampler() : form.sampler(),
            seed(form, terms),
            form.count() == null ? 1 : form.count().intValue(),
            priority(form),
            form.deadline(),
            form.labels(),
            PromptRules.options(form),
            start(form, sources, jobId),
            mask == null ? null : mask.asStored(jobId),
            AdapterRules.loras(form, sources),
            AdapterRules.controlNets(form, sources, n -> stored(sources.shown().get(n), jobId)));
    return new SoundRequest(request, inputs(sources, mask, jobId));
  }

  private static JobKind kind(JobForm form) {
    return Arrays.stream(JobKind.values())
        .filter(kind -> kind.wireName().equals(form.kind()))
        .findFirst()
        .orElse(JobKind.TEXT_TO_IMAGE);
  }

  private static Priority priority(JobForm form) {
    return Arrays.stream(Priority.values())
        .filter(priority -> priority.wireName().equals(form.priority()))
        .findFirst()
        .orElse(Priority.NORMAL);
  }

  private static StartImage start(JobForm form, Sources sources, String jobId) {
    return kind(form) != JobKind.TEXT_TO_IMAGE
        ? new StartImage(stored(sources.start(), jobId), ImageRules.strength(form))
        : null;
  }

  /** A recording draws nothing. */
  private static long seed(JobForm form, Terms terms) {
    if (kind(form) == JobKind.RECORDING) {
      return 0;
    }
    return form.seed() == null ? terms.drawnSeed() : form.seed();
  }

  private static JobImage stored(SourceImage image, String jobId) {
    return image.asStored(key(image, jobId));
  }

  /** For example {@code inputs/job_01J.../controlnets-0-image}. */
  private static String key(SourceImage image, String jobId) {
    String name = image.field().replaceAll("[\\[\\].]+", "-");
    return JobInput.PREFIX + "/" + jobId + "/" + name;
  }

  private static List<JobInput> inputs(Sources sources, MaskFile mask, String jobId) {
    List<JobInput> inputs = new ArrayList<>();
    for (SourceImage image : sources.images()) {
      if (image.wasSent()) {
        inputs.add(new JobInput(key(image, jobId), image.bytes()));
      }
    }
    if (mask != null) {
      inputs.add(mask.input(jobId));
    }
    return inputs;
  }
}
