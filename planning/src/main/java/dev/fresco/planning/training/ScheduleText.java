package dev.fresco.planning.training;

import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Schedules of one piece of the model a stage as texts: for each stage its operations in order, for
 * example {@code F0 F1 B0 W0 B1 W1}.
 */
public final class ScheduleText {
  private static final Pattern OPERATION = Pattern.compile("(F|BW|B|W)([0-9]{1,6})");

  private ScheduleText() {}

  /** A text for each stage. */
  public static List<String> of(Schedule schedule) {
    return schedule.stages().stream()
        .map(stage -> stage.stream().map(Operation::toString).collect(Collectors.joining(" ")))
        .toList();
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws IllegalArgumentException naming what is no operation, or none of the microbatches
   */
  public static Schedule read(int microbatches, List<String> stages) {
    List<List<Operation>> orders = new ArrayList<>();
    for (String stage : stages) {
      orders.add(Arrays.stream(stage.trim().split(" +")).map(ScheduleText::operation).toList());
    }
    return new Schedule(microbatches, ModelChunks.onePerStage(stages.size()), orders);
  }

  private static Operation operation(String text) {
    Matcher matcher = OPERATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no operation such as F0 or BW3");
    }
    int microbatch = Integer.parseInt(matcher.group(2));
    for (Operation.Kind kind : Operation.Kind.values()) {
      if (kind.letters().equals(matcher.group(1))) {
        return new Operation(kind, microbatch, 0);
      }
    }
    throw new IllegalStateException("the pattern knows letters that no kind has: " + text);
  }
}
