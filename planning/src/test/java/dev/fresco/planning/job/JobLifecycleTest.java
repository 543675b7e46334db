package dev.fresco.planning.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobState;
import dev.fresco.planning.job.JobLifecycle.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobLifecycleTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private static final List<JobEvent> EVENTS =
      List.of(
          new JobEvent.Queued("job_1", NOW),
          new JobEvent.Assigned("job_1", NOW, "worker-1"),
          new JobEvent.Started("job_1", NOW, "worker-1"),
          new JobEvent.Step("job_1", NOW, 1, 20, null),
          new JobEvent.Succeeded("job_1", NOW, List.of(), null, null, null),
          new JobEvent.Failed("job_1", NOW, ErrorCode.ENGINE_FAILURE, "it threw"),
          new JobEvent.Cancelled("job_1", NOW, 3),
          new JobEvent.Expired("job_1", NOW));

  private static final String WALKED =
      """
      QUEUED    Queued REFRESH, Assigned ADVANCE, Started ADVANCE, Step ADVANCE, Succeeded ADVANCE, Failed ADVANCE, Cancelled ADVANCE, Expired ADVANCE
      ASSIGNED  Queued LATE, Assigned REFRESH, Started ADVANCE, Step ADVANCE, Succeeded ADVANCE, Failed ADVANCE, Cancelled ADVANCE, Expired ADVANCE
      RUNNING   Queued LATE, Assigned LATE, Started REFRESH, Step REFRESH, Succeeded ADVANCE, Failed ADVANCE, Cancelled ADVANCE, Expired ADVANCE
      SUCCEEDED Queued ENDED, Assigned ENDED, Started ENDED, Step ENDED, Succeeded ENDED, Failed ENDED, Cancelled ENDED, Expired ENDED
      FAILED    Queued ENDED, Assigned ENDED, Started ENDED, Step ENDED, Succeeded ENDED, Failed ENDED, Cancelled ENDED, Expired ENDED
      CANCELLED Queued ENDED, Assigned ENDED, Started ENDED, Step ENDED, Succeeded ENDED, Failed ENDED, Cancelled ENDED, Expired ENDED
      EXPIRED   Queued ENDED, Assigned ENDED, Started ENDED, Step ENDED, Succeeded ENDED, Failed ENDED, Cancelled ENDED, Expired ENDED
      """;

  @Test
  void everyTransitionIsWalked() {
    Map<JobState, List<String>> expected = new TreeMap<>();
    WALKED
        .lines()
        .map(line -> line.split("\\s+", 2))
        .forEach(row -> expected.put(JobState.valueOf(row[0]), List.of(row[1].split(", "))));
    Map<JobState, List<String>> found = new TreeMap<>();
    for (JobState state : JobState.values()) {
      found.put(state, EVENTS.stream().map(event -> verdict(state, event)).toList());
    }
    assertThat(found).isEqualTo(expected);
  }

  private static String verdict(JobState state, JobEvent event) {
    return event.getClass().getSimpleName() + " " + JobLifecycle.judge(state, event);
  }

  @Test
  void everyKindOfEventIsInTheTable() {
    assertThat(EVENTS.stream().map(Object::getClass))
        .containsExactlyInAnyOrder(JobEvent.class.getPermittedSubclasses());
  }

  /** Whatever the order of the events, the state only grows and ends with the first ending. */
  @ParameterizedTest
  @EnumSource(JobState.class)
  void aStateNeverGoesBack(JobState start) {
    for (JobEvent event : EVENTS) {
      JobState after = JobLifecycle.judge(start, event) == Verdict.ADVANCE ? event.state() : start;
      assertThat(after).isGreaterThanOrEqualTo(start);
      if (start.isTerminal()) {
        assertThat(after).isEqualTo(start);
      }
    }
  }

  @Test
  void everyOrderOfEventsEndsInItsFirstEnding() {
    List<JobEvent> endings = EVENTS.stream().filter(event -> event.state().isTerminal()).toList();
    for (JobEvent first : endings) {
      List<JobEvent> order = new ArrayList<>(List.of(EVENTS.get(3), first));
      order.addAll(EVENTS);
      assertThat(endOf(order.stream())).isEqualTo(first.state());
    }
    assertThat(Arrays.stream(JobState.values()).filter(JobState::isTerminal)).hasSize(4);
  }

  private static JobState endOf(Stream<JobEvent> events) {
    return events.reduce(
        JobState.QUEUED,
        (state, event) ->
            JobLifecycle.judge(state, event) == Verdict.ADVANCE ? event.state() : state,
        (left, right) -> right);
  }
}
