package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ScheduleCheck;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import dev.fresco.planning.pipeline.StageCost;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthyScheduleTest {

  @Property(tries = 100)
  void everyJobHasOneThatCanBeCarriedOutInItsMemory(
      @ForAll @IntRange(min = 1, max = 8) int stages,
      @ForAll @IntRange(min = 1, max = 24) int microbatches,
      @ForAll @IntRange(min = 1, max = 24) int activations) {
    TrainingJob job = Jobs.of(stages, microbatches, 1, TrainingSchedule.ADAPTIVE, activations);
    PipelineShape shape =
        PipelineShape.uniform(stages, microbatches, StageCost.of(1, 1, 1))
            .withMemoryLimit(activations);
    assertThat(ScheduleCheck.problems(HealthySchedule.of(job), shape)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // 4 stages, 12 microbatches, all operations 10; adaptive without and with little memory
    "ADAPTIVE, , 390",
    "ADAPTIVE, 4, 390",
    "ADAPTIVE, 1, 970",
    "ONE_F_ONE_B, , 450",
    "ZERO_BUBBLE_1P, , 390",
    "ZERO_BUBBLE_2P, , 390"
  })
  void anIterationLastsAsLongAsItsScheduleSays(
      TrainingSchedule schedule, Integer activations, double makespan) {
    TrainingJob job = Jobs.of(4, 12, 1, schedule, activations);
    PipelineShape shape = PipelineShape.uniform(4, 12, StageCost.of(10, 10, 10));
    Schedule found = HealthySchedule.of(job);
    assertThat(ScheduleSimulation.run(found, shape).makespan()).isEqualTo(makespan);
  }

  @Test
  void theFirstPlanFollowsFromTheJob() {
    TrainingJob job = Jobs.adaptive(3, 6);
    TrainingPlan plan = HealthySchedule.firstPlan(job);
    assertThat(plan).isEqualTo(HealthySchedule.firstPlan(job));
    assertThat(plan.number()).isEqualTo(HealthySchedule.FIRST_NUMBER);
    assertThat(plan.fromIteration()).isZero();
    assertThat(plan.delegates()).isEqualTo(List.of(0, 0));
    assertThat(plan.at()).isEqualTo(job.createdAt());
    assertThat(ScheduleText.read(6, plan.stages())).isEqualTo(HealthySchedule.of(job));
  }
}
