package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.List;

/**
 * How a job's pipeline works from an iteration on.
 *
 * @param number of the job's plans, from 0; a later plan takes the place of an earlier one
 * @param fromIteration the first iteration that it is meant for
 * @param name in a word: {@code healthy}, {@code adapted}, or the schedule that the job names
 * @param stages for each stage its operations in order, for example {@code F0 F1 B0 W0 B1 W1}
 * @param delegates for each link, from the stage of its index to the next, how many queues of its
 *     own each kind of message has in each direction; 0 where sends block
 * @param delays that it takes account of
 * @param hosts for each replica and stage, replica by replica, which of the job's hosts it runs on;
 *     null where nothing moves
 * @param reason why it was made, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingPlan(
    String trainingJobId,
    Instant at,
    int number,
    long fromIteration,
    String name,
    List<String> stages,
    List<Integer> delegates,
    List<TrainingDelay> delays,
    List<Integer> hosts,
    String reason) {
  public TrainingPlan {
    Require.text("trainingJobId", trainingJobId);
    Require.present("at", at);
    Require.atLeast("number", number, 0);
    Require.text("name", name);
    stages = List.copyOf(stages);
    delegates = List.copyOf(delegates);
    delays = delays == null ? List.of() : List.copyOf(delays);
    hosts = hosts == null ? null : List.copyOf(hosts);
    if (delegates.size() != stages.size() - 1) {
      throw new IllegalArgumentException(
          "there are delegates for " + delegates.size() + " links of " + stages.size() + " stages");
    }
  }
}
