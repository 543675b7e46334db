package dev.fresco.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.Preview;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobState;
import dev.fresco.platform.event.EventCodec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JobViewTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private static final JobRequested REQUEST =
      new JobRequested(
          "job_1",
          "default",
          NOW,
          new JobRequest(
              JobKind.TEXT_TO_IMAGE,
              "emoji",
              "a fox",
              "",
              128,
              128,
              20,
              5,
              "ddim",
              1,
              2,
              null,
              null,
              null),
          null);

  private static final JobEvent STARTED =
      new JobEvent.Started("job_1", NOW, "worker-1", List.of("cut", "late"));
  private static final JobEvent STEP =
      new JobEvent.Step("job_1", NOW, 7, 40, new Preview(1, 7, "previews/1"));
  private static final JobEvent SUCCEEDED =
      new JobEvent.Succeeded("job_1", NOW, List.of(), null, null, List.of("cut"));

  static List<List<JobEvent>> lives() {
    return List.of(
        List.of(new JobEvent.Queued("job_1", NOW), STARTED, STEP, SUCCEEDED),
        List.of(STARTED, new JobEvent.Assigned("job_1", NOW, "worker-2"), STEP),
        List.of(STEP, new JobEvent.Failed("job_1", NOW, ErrorCode.NOT_FINITE, "NaN"), SUCCEEDED),
        List.of(new JobEvent.Cancelled("job_1", NOW, 3), STEP),
        List.of(new JobEvent.Expired("job_1", NOW)));
  }

  /** Wherever the request comes among the events, the same view comes out. */
  @ParameterizedTest
  @MethodSource("lives")
  void theRequestMayComeAtAnyPlace(List<JobEvent> events) {
    JobView expected = merged(events, 0);
    for (int place = 1; place <= events.size(); place++) {
      assertThat(merged(events, place)).as("request at " + place).isEqualTo(expected);
    }
    assertThat(expected.progress().stepsTotal()).isEqualTo(40);
  }

  private static JobView merged(List<JobEvent> events, int place) {
    JobView view = JobView.unknown("job_1");
    for (int n = 0; n <= events.size(); n++) {
      if (n == place) {
        view = view.with(REQUEST);
      }
      if (n < events.size()) {
        view = view.with(events.get(n));
      }
    }
    return view;
  }

  /** Any event may be delivered again, at once or later, and nothing changes. */
  @ParameterizedTest
  @MethodSource("lives")
  void aRepeatChangesNothing(List<JobEvent> events) {
    JobView once = merged(events, 0);
    JobView twice = once.with(REQUEST);
    for (JobEvent event : events) {
      twice = twice.with(event);
    }
    assertThat(twice.state()).isEqualTo(once.state());
    assertThat(twice.ending()).isEqualTo(once.ending());
    assertThat(twice.progress()).isEqualTo(once.progress());
  }

  /** A view that an earlier version stored has none. */
  @Test
  void warningsOfTheStartAndTheEndAreSaidOnce() {
    JobView running = JobView.unknown("job_1").with(STARTED).with(STEP);
    assertThat(running.allWarnings()).containsExactly("cut", "late");
    assertThat(running.with(SUCCEEDED).allWarnings()).containsExactly("cut", "late");
    assertThat(JobView.unknown("job_1").with(SUCCEEDED).allWarnings()).containsExactly("cut");
    String stored = "{\"id\":\"job_1\",\"state\":\"QUEUED\",\"progress\":null}";
    assertThat(new EventCodec().read(stored, JobView.class).allWarnings()).isEmpty();
  }

  /** The worker takes the steps, so it knows best how many there are. */
  @Test
  void theWorkersCountOfStepsCounts() {
    JobEvent fewer = new JobEvent.Step("job_1", NOW, 3, 14, null);
    for (JobView view :
        List.of(
            JobView.unknown("job_1").with(REQUEST).with(fewer),
            JobView.unknown("job_1").with(fewer).with(REQUEST))) {
      assertThat(view.progress().stepsTotal()).isEqualTo(14);
      assertThat(view.with(SUCCEEDED).progress().stepsDone()).isEqualTo(14);
    }
  }

  @Test
  void previewsOfAllPicturesAreKept() {
    JobEvent other = new JobEvent.Step("job_1", NOW, 9, 40, new Preview(0, 8, "previews/0"));
    JobView view = JobView.unknown("job_1").with(STEP).with(other);
    assertThat(view.progress().previews()).containsEntry(0, "previews/0").hasSize(2);
    assertThat(view.state()).isEqualTo(JobState.RUNNING);
  }
}
