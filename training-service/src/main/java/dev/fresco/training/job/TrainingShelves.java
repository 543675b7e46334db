package dev.fresco.training.job;

import dev.fresco.contracts.training.TrainingJob;
import java.util.List;

/** Names of the catalogue's lists: a tenant's jobs, and those of them in one state. */
public final class TrainingShelves {
  private TrainingShelves() {}

  /** The lists that show a job. */
  public static List<String> of(TrainingJob job) {
    return List.of(of(job.tenant(), null), of(job.tenant(), job.state()));
  }

  /**
   * The list of a tenant.
   *
   * @param state or null for all
   */
  public static String of(String tenant, TrainingJob.State state) {
    return state == null ? tenant : tenant + "/" + state;
  }
}
