package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.planning.pipeline.ScheduleCheck.Category;
import dev.fresco.planning.pipeline.ScheduleCheck.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleCheckTest {
  /** Such as {@code F0 B0 W0}. */
  private static List<Operation> order(String text) {
    List<Operation> order = new ArrayList<>();
    for (String word : text.split(" ")) {
      String letters = word.replaceAll("[0-9]", "");
      for (Kind kind : Kind.values()) {
        if (kind.letters().equals(letters)) {
          order.add(new Operation(kind, Integer.parseInt(word.substring(letters.length())), 0));
        }
      }
    }
    return order;
  }

  private static List<Problem> problems(int microbatches, double limit, String... orders) {
    List<List<Operation>> stages = new ArrayList<>();
    for (String order : orders) {
      stages.add(order(order));
    }
    Schedule schedule = new Schedule(microbatches, ModelChunks.onePerStage(orders.length), stages);
    return ScheduleCheck.problems(
        schedule, Pipelines.tens(orders.length, microbatches).withMemoryLimit(limit));
  }

  @Test
  void acceptsWhatCanBeCarriedOut() {
    assertThat(problems(2, 2, "F0 F1 B0 W0 B1 W1", "F0 B0 F1 BW1 W0")).isEmpty();
  }

  /** Each stage waits for what the other would do after its own wait. */
  @Test
  void namesWhereEachStageOfACycleWaits() {
    assertThat(problems(2, 2, "F0 B0 W0 F1 B1 W1", "F0 F1 B0 W0 B1 W1"))
        .containsExactly(
            new Problem(Category.DEADLOCK, "stage 0 waits at B0, stage 1 waits at F1"));
    Schedule schedule =
        new Schedule(
            2,
            ModelChunks.onePerStage(2),
            List.of(order("F0 B0 W0 F1 B1 W1"), order("F0 F1 B0 W0 B1 W1")));
    assertThatThrownBy(() -> ScheduleSimulation.run(schedule, Pipelines.tens(2, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("deadlock: stage 0 waits at B0, stage 1 waits at F1");
  }

  @Test
  void aStageMayWaitForItself() {
    assertThat(problems(1, 1, "F0 W0 B0"))
        .containsExactly(new Problem(Category.DEADLOCK, "stage 0 waits at W0"));
    assertThat(problems(1, 1, "B0 F0 W0"))
        .containsExactly(new Problem(Category.DEADLOCK, "stage 0 waits at B0"));
  }

  @Test
  void namesWhatIsMissingAndWhoWaitsForIt() {
    assertThat(problems(1, 1, "B0 W0", "F0 B0"))
        .containsExactlyInAnyOrder(
            new Problem(Category.MISSING, "stage 0 never runs F0"),
            new Problem(Category.MISSING, "stage 1 never runs W0"),
            new Problem(Category.DEADLOCK, "stage 0 waits at B0, stage 1 waits at F0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"F0 B0 W0 W0", "F0 B0 BW0", "F0 BW0 W0"})
  void namesWhatIsThereTwice(String order) {
    assertThat(problems(1, 2, order))
        .isNotEmpty()
        .allMatch(problem -> problem.category() == Category.REPEATED)
        .anyMatch(problem -> problem.message().startsWith("stage 0 runs "))
        .allMatch(problem -> problem.message().endsWith("0 2 times"));
  }

  @Test
  void namesTheStageThatHoldsTooMuch() {
    assertThat(problems(3, 2, "F0 F1 F2 BW0 BW1 BW2"))
        .containsExactly(
            new Problem(Category.MEMORY, "stage 0 holds 3.0 activations; its memoryLimit is 2.0"));
  }

  @Test
  void refusesOperationsThatCannotBe() {
    assertThatThrownBy(() -> problems(1, 1, "F0 F1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("F1 is none of 1 microbatches and 1 chunks a stage");
    assertThatThrownBy(() -> new Schedule(1, ModelChunks.onePerStage(2), List.of(order("F0"))))
        .hasMessage("there are orders for 1 of 2 stages");
  }
}
