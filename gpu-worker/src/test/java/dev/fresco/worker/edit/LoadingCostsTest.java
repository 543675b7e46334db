package dev.fresco.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import dev.fresco.planning.cacheload.LoadPlan;
import dev.fresco.planning.cost.CostModel;
import dev.fresco.planning.cost.StepWork;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which steps of an edit take their recording. */
class LoadingCostsTest {
  private static final long LOAD = 1000;
  private static final EditTask TASK = new EditTask(null, null, null, null, null, LOAD, .1, null);

  /** 100 ms for a whole picture, 20 for a part of a tenth. */
  private static CostModel known() {
    CostModel model = CostModel.empty();
    for (int i = 0; i < 20; i++) {
      model = model.observed(new StepWork(LOAD, 0), 100);
      model = model.observed(new StepWork(.1 * LOAD, LOAD), 20);
    }
    return model;
  }

  @Test
  void aStorageThatKeepsUpIsReadForAllSteps() {
    LoadPlan plan = new LoadingCosts(LoadingCostsTest::known, 1e6).plan(TASK, 10, 1e3);
    assertThat(plan.loads()).hasSize(10).containsOnly(true);
  }

  /** While the first steps are computed in full the others are read. */
  @Test
  void ofASlowStorageTheLaterStepsAreRead() {
    LoadPlan plan = new LoadingCosts(LoadingCostsTest::known, 1e6).plan(TASK, 10, 6e4);
    assertThat(plan.loadedLayers()).isBetween(5, 9);
    assertThat(plan.loads().get(0)).isFalse();
    assertThat(plan.loads().get(9)).isTrue();
    assertThat(plan.makespanMillis()).isLessThan(700);
  }

  @Test
  void withoutALimitOrWithoutKnownCostsAllIsRead() {
    LoadingCosts unlimited = new LoadingCosts(LoadingCostsTest::known, Double.POSITIVE_INFINITY);
    assertThat(unlimited.plan(TASK, 4, 1e12).loads()).hasSize(4).containsOnly(true);
    LoadingCosts unknown = new LoadingCosts(CostModel::empty, 1);
    assertThat(unknown.plan(TASK, 4, 1e12).loads()).hasSize(4).containsOnly(true);
  }

  private static final class Four implements Recording {
    @Override
    public int steps() {
      return 4;
    }

    @Override
    public List<String> names() {
      return List.of("a");
    }

    @Override
    public RecordedTensor tensor(int step, String name) {
      return null;
    }
  }

  /** A run of the last three steps: one is planned in full, and one does not arrive in time. */
  @Test
  void aRunTakesWhatIsPlannedAndHere() {
    int[] planned = {0};
    PlannedRecording recording =
        new PlannedRecording(
            new Four(),
            steps -> {
              planned[0] = steps;
              return new LoadPlan(List.of(false, true, true), 0);
            },
            step -> step < 3);
    assertThat(recording.covers(1)).isFalse();
    assertThat(recording.covers(2)).isTrue();
    assertThat(recording.covers(3)).isFalse();
    assertThat(recording.isPlanned(3)).isTrue();
    assertThat(recording.stepsInFull()).isEqualTo(2);
    assertThat(planned[0]).isEqualTo(3);
  }
}
