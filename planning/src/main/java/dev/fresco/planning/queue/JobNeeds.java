package dev.fresco.planning.queue;

import dev.fresco.contracts.job.JobRequest;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a job computes of each picture, and what it would like to find at its worker.
 *
 * @param ratio share of a picture that is computed if the recording is at hand, 0 to 1
 * @param recording of an edit; null for any other job
 * @param adapters sha256 of the LoRA files
 */
public record JobNeeds(double ratio, RecordingNeed recording, Set<String> adapters) {
  /** A job that computes whole pictures and needs nothing but its model. */
  public static final JobNeeds NOTHING = new JobNeeds(1, null, Set.of());

  public JobNeeds {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio is " + ratio + "; it must be in 0 to 1");
    }
    adapters = Set.copyOf(adapters);
  }

  public static JobNeeds of(JobRequest request) {
    return new JobNeeds(
        request.mask() == null ? 1 : request.mask().ratio(),
        request.mask() == null ? null : RecordingNeed.of(request),
        request.loras().stream()
            .map(lora -> lora.file().sha256())
            .collect(Collectors.toUnmodifiableSet()));
  }
}
