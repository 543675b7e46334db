package dev.fresco.training.job;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of the catalogue's lists: a tenant's jobs, those of them in one state, and those of all
 * tenants that Fresco has to run.
 */
public final class TrainingShelves {
  /** Jobs that are not external and have not ended. No tenant has a state of this name. */
  public static final String UNFINISHED = "all/unfinished";

  private TrainingShelves() {}

  /** The lists that show a job. */
  public static List<String> of(TrainingJob job) {
    List<String> shelves = new ArrayList<>();
    shelves.add(of(job.tenant(), null));
    shelves.add(of(job.tenant(), job.state()));
    if (job.kind() != TrainingKind.EXTERNAL && !job.state().hasEnded()) {
      shelves.add(UNFINISHED);
    }
    return shelves;
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
