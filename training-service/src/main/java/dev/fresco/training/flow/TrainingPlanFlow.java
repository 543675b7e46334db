package dev.fresco.training.flow;

import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.platform.catalogue.CatalogueFeed;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.EventCodec;
import org.springframework.stereotype.Component;

/** What a record of {@code fresco.training.plans} changes: which plan of its job is in force. */
@Component
public final class TrainingPlanFlow implements CatalogueFeed<TrainingPlan> {
  private final EventCodec codec;

  public TrainingPlanFlow(EventCodec codec) {
    this.codec = codec;
  }

  @Override
  public Change<TrainingPlan> change(long offset, String json) {
    TrainingPlan plan = codec.read(json, TrainingPlan.class);
    return Change.put(plan.trainingJobId(), plan);
  }
}
