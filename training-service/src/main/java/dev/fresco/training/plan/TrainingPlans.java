package dev.fresco.training.plan;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.planning.training.HealthySchedule;
import dev.fresco.platform.catalogue.Catalogue;
import org.springframework.stereotype.Component;

/** Which plan of a job is in force. */
@Component
public final class TrainingPlans {
  private final Catalogue<TrainingPlan> catalogue;

  TrainingPlans(Catalogue<TrainingPlan> catalogue) {
    this.catalogue = catalogue;
  }

  /** The newest plan; the first one follows from the job itself and is kept nowhere. */
  public TrainingPlan of(TrainingJob job) {
    return catalogue.find(job.id()).orElseGet(() -> HealthySchedule.firstPlan(job));
  }

  /** The number of the newest plan. */
  public int numberOf(TrainingJob job) {
    return catalogue.find(job.id()).map(TrainingPlan::number).orElse(HealthySchedule.FIRST_NUMBER);
  }
}
