package dev.fresco.trainer.run;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.ScheduleCheck;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.trainer.spec.PipelineSpec;
import java.util.List;

/** Whether a run can use a plan. */
final class PlanCheck {
  private PlanCheck() {}

  /** All that is wrong; none if it can. */
  static List<String> problems(PipelinePlan plan, PipelineSpec pipeline) {
    if (!plan.schedule().chunks().equals(pipeline.chunks())) {
      return List.of(
          "the plan is for %s; the run has %s"
              .formatted(plan.schedule().chunks(), pipeline.chunks()));
    }
    if (plan.schedule().microbatches() != pipeline.microbatches()) {
      return List.of(
          "the plan is for %d microbatches; the run has %d"
              .formatted(plan.schedule().microbatches(), pipeline.microbatches()));
    }
    int hosts = pipeline.replicas() * pipeline.chunks().stages();
    if (!plan.hosts().isEmpty()
        && (plan.hosts().size() != hosts
            || plan.hosts().stream().anyMatch(host -> host < 0 || host >= hosts))) {
      return List.of(
          "the plan is for the hosts %s; the run has %d, from 0".formatted(plan.hosts(), hosts));
    }
    PipelineShape shape =
        PipelineShape.uniform(
            pipeline.chunks().stages(), pipeline.microbatches(), StageCost.of(1, 1, 1));
    return ScheduleCheck.problems(plan.schedule(), shape).stream()
        .map(ScheduleCheck.Problem::message)
        .toList();
  }
}
